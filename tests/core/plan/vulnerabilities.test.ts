import { availableReleases } from "../../../core/products/releases";
import { VULNERABILITIES, openVulnerabilities, verdictOn } from "../../../core/plan/vulnerabilities";

const OFF = { maximumConnections: 1000, amqp: false, stomp: false, mqtt: false, ws: false };
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

test("6.3 has fixed all that is known", () => {
  expect(idsOpen("6.3", { amqp: true, stomp: true, mqtt: true, ws: true })).toEqual([]);
});

test("each is known once, with its fixes in order, and releases are judged without an error", () => {
  const ids = VULNERABILITIES.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
  for (const { fixed } of VULNERABILITIES) expect(fixed.map((version) => version.split(".")[0])).toEqual(["5", "6"]);
  for (const release of availableReleases()) expect(() => idsOpen(release)).not.toThrow();
});
