/** Rows of transports against each other, against what brokers are rendered with, and against what runtimes have. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { availableReleases, distributionOf } from "../../../core/products/releases";
import { ALL_TRANSPORTS, TRANSPORTS, addressText, forOptionalTransports } from "../../../core/products/transports";
import { brokersOf } from "../../../core/plan/model";
import { plan } from "../../../core/plan/plan";
import { render } from "../../../core/render/render";
import { fileOf, RUNTIMES } from "../../support/plans";
import { PROJECT, configOf } from "../../support/raw";

const CLIENT = { randomize: true, maxReconnectDelayMillis: 1000, maxInactivityMillis: 4000 };

const cluster = plan(
  "test",
  configOf({ target: "local", groups: [{ name: "a" }], transports: forOptionalTransports(() => true) }),
);

it("has OpenWire first, and each scheme and port once", () => {
  expect(ALL_TRANSPORTS[0]).toBe("openwire");
  const rows = ALL_TRANSPORTS.map((transport) => TRANSPORTS[transport]);
  expect(new Set(rows.map(({ scheme }) => scheme)).size).toBe(rows.length);
  expect(new Set(rows.map(({ port }) => port)).size).toBe(rows.length);
});

describe.each(ALL_TRANSPORTS)("%s", (transport) => {
  it("gives clients every address as it is, in order", () => {
    const addresses = ["10.0.0.1", "b.lan"].map((host, i) => addressText(transport, host, 5000 + i));
    expect(TRANSPORTS[transport].clientUrl(addresses, CLIENT)).toContain(addresses.join(","));
  });

  it("tells clients the address that the broker's connector has", () => {
    const { urls } = cluster;
    const url = transport === "openwire" ? urls.failover : urls.transports?.[transport]?.everybody;
    for (const { name, address, ports } of brokersOf(cluster)) {
      const service = render(cluster, RUNTIMES).find((candidate) => candidate.name === name);
      if (service === undefined) throw new Error(`no service ${name}`);
      const { text } = fileOf(service, "activemq.xml");
      const [, uri] = new RegExp(`name="${transport}"\\s+uri="([^?"]+)\\?`).exec(text) ?? [];
      expect(uri).toBe(addressText(transport, address, ports[transport] ?? 0));
      expect(url).toContain(uri);
      expect(service.listens).toContain(`${address}:${ports[transport]}`);
    }
  });

  it("has a row in the document for users, with its port", () => {
    const name = transport === "openwire" ? "OpenWire" : `\`${transport}\``;
    const output = transport === "openwire" ? "failoverUrl" : `${transport}Url`;
    const cells = readFileSync(join(PROJECT, "docs", "connecting.md"), "utf8")
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim()))
      .find(([, first]) => first === name);
    expect(cells?.slice(2, 4)).toEqual([String(TRANSPORTS[transport].port), `\`${output}\``]);
  });

  it.each(availableReleases())("has what it needs in the runtime of %s", (release) => {
    const list = readFileSync(join(PROJECT, "runtime", distributionOf(release).runtime, "jars.sha256"), "utf8");
    const missing = TRANSPORTS[transport].jars.filter((jar) => !new RegExp(`/${jar}-\\d`).test(list));
    expect(missing).toEqual([]);
  });
});
