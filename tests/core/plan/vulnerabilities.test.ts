import { availableReleases, distributionOf } from "../../../core/products/releases";
import { openVulnerabilities, verdictOn } from "../../../core/plan/vulnerabilities";
import {
  ALL_TRANSPORTS,
  OPTIONAL_TRANSPORTS,
  TRANSPORTS,
  forOptionalTransports,
} from "../../../core/products/transports";
import { VULNERABILITIES, isFixedIn } from "../../../core/products/vulnerabilities";

const OFF = { maximumConnections: 1000, ...forOptionalTransports(() => false) };
const idsOpen = (release: string, on: object = {}) =>
  openVulnerabilities({ release, transports: { ...OFF, ...on } }).map(({ id }) => id);
const verdict = (id: string, release: string) => {
  const found = VULNERABILITIES.find((vulnerability) => vulnerability.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return verdictOn(found, { release, transports: OFF });
};

test.each([
  ["one that came with the web console", "CVE-2026-34197", "closed"],
  ["one that our own class mends", "CVE-2026-46605", "closed"],
  ["one that needs an open port and no log-in", "CVE-2026-50734", "open"],
])("5.16 has no fix for %s", (_what, id, expected) => {
  expect(verdict(id, "5.16")).toBe(expected);
  expect(verdict(id, "6.3")).toBe("fixed");
});

test("5.16: what is open, and what a transport opens", () => {
  const openwire = ["CVE-2026-50734", "CVE-2026-53917", "CVE-2026-54475", "CVE-2026-61487"];
  expect(idsOpen("5.16")).toEqual(openwire);
  const more = (on: object) => idsOpen("5.16", on).filter((id) => !openwire.includes(id));
  expect(more({ mqtt: true })).toEqual(["CVE-2025-66168"]);
  expect(more({ stomp: true })).toEqual(["CVE-2026-33227", "CVE-2026-49432"]);
  expect(more({ amqp: true })).toEqual([]);
  // All three are spoken in WebSockets.
  expect(more({ ws: true })).toEqual(["CVE-2025-66168", "CVE-2026-33227", "CVE-2026-49432"]);
});

test.each(OPTIONAL_TRANSPORTS)(
  "5.16: %s opens what is open in a protocol that it carries, and nothing else",
  (transport) => {
    const spoken = [...TRANSPORTS.openwire.protocols, ...TRANSPORTS[transport].protocols];
    const concerned = VULNERABILITIES.filter(
      (one) =>
        one.mended === undefined &&
        !isFixedIn(one, distributionOf("5.16").version) &&
        spoken.some((protocol) => one.ways.includes(protocol)),
    );
    expect(idsOpen("5.16", { [transport]: true })).toEqual(concerned.map(({ id }) => id));
  },
);

test("each protocol that a vulnerability is in has a transport", () => {
  const carried = ALL_TRANSPORTS.flatMap((transport) => [...TRANSPORTS[transport].protocols]) as string[];
  const ways = VULNERABILITIES.flatMap(({ ways }) => ways).filter((way) => way !== "web" && way !== "setting");
  expect(ways.filter((way) => !carried.includes(way))).toEqual([]);
});

test("6.3 has fixed all that is known", () => {
  expect(
    idsOpen(
      "6.3",
      forOptionalTransports(() => true),
    ),
  ).toEqual([]);
});

test("each is known once, with its fixes in order, and releases are judged without an error", () => {
  const ids = VULNERABILITIES.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
  for (const { fixed } of VULNERABILITIES) expect(fixed.map((version) => version.split(".")[0])).toEqual(["5", "6"]);
  for (const release of availableReleases()) expect(() => idsOpen(release)).not.toThrow();
});
