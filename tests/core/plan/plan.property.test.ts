import * as fc from "fast-check";
import { STORES, STORE_NAMES, isReplicated } from "../../../core/products/stores";
import { plan } from "../../../core/plan/plan";
import { configOf, type Values } from "../../support/raw";
import { inAnyOrder, validValues } from "../../support/arbitraries";
import { everyPlan } from "../../support/everyPlan";
import { storeOf } from "../../../core/products/storesOf";
import { brokersOf, type ClusterPlan } from "../../../core/plan/model";
import { OPTIONAL_TRANSPORTS, TRANSPORTS } from "../../../core/products/transports";

/** What holds of the plan of every valid stack file. */
const holds = everyPlan(400);

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const found = new Map<string, T[]>();
  for (const item of items) found.set(keyOf(item), [...(found.get(keyOf(item)) ?? []), item]);
  return [...found.values()];
}

const isUnique = (items: readonly unknown[]) => new Set(items).size === items.length;

/** `address:port` of every broker in a client URL, in its order. */
function dialled(url: string): string[] {
  const [, list] = /^failover:\(([^)]*)\)\?[^()]+$/.exec(url) ?? [];
  expect(list).toBeDefined();
  return (list ?? "").split(",").map((uri) => {
    const [, address] = /^tcp:\/\/([^:/?,]+:\d+)$/.exec(uri) ?? [];
    expect(address).toBeDefined();
    return address ?? "";
  });
}

const addressesOf = (brokers: readonly { address: string; ports: { openwire: number } }[]) =>
  brokers.map((broker) => `${broker.address}:${broker.ports.openwire}`);

describe("placement", () => {
  it("is complete: every broker and member has one host, and every host carries something", () => {
    holds(({ hosts, groups, ensemble, database, config }) => {
      const server = database?.server;
      const services = [
        ...brokersOf({ groups }),
        ...(ensemble?.members ?? []),
        ...(server === undefined ? [] : [server]),
      ];
      expect(isUnique(services.map((service) => service.name))).toBe(true);
      expect(isUnique(hosts.map((host) => host.name))).toBe(true);
      for (const { name, host, address } of services) {
        const carriers = hosts.filter((candidate) => candidate.services.includes(name));
        expect(carriers.map((carrier) => [carrier.name, carrier.address])).toEqual([[host, address]]);
      }
      expect(hosts.flatMap((host) => host.services)).toHaveLength(services.length);
      expect(hosts.every((host) => host.services.length > 0)).toBe(true);
      expect(groups.map((group) => group.brokers.length)).toEqual(config.groups.map((group) => group.brokers));
      expect(ensemble?.members.length).toBe(isReplicated(config.store) ? config.zookeeper.members : undefined);
      expect(database !== undefined).toBe(config.store === "jdbc");
      const ours = config.store === "jdbc" && config.jdbc.url === undefined;
      expect(server !== undefined).toBe(ours && config.target === "local");
      expect(database?.rds !== undefined).toBe(ours && config.target === "aws");
      if (server !== undefined) expect(config.target).toBe("local");
    });
  });

  it("keeps to the rule that was chosen", () => {
    holds(({ groups, config }) => {
      const brokers = brokersOf({ groups });
      for (const sharing of groupBy(brokers, (broker) => broker.host)) {
        const names = sharing.map((broker) => broker.group);
        if (config.placement === "hostPerBroker") expect(names).toHaveLength(1);
        if (config.placement === "hostPerGroup") expect(new Set(names).size).toBe(1);
        if (config.placement === "interleaved") expect(isUnique(names)).toBe(true);
      }
      if (config.placement === "hostPerGroup") {
        expect(new Set(brokers.map((broker) => broker.host)).size).toBe(groups.length);
      }
    });
  });

  it("keeps ZooKeeper off the brokers' machines, except on local, and uses only hosts that may carry it", () => {
    holds(({ groups, ensemble, config }) => {
      const brokers = brokersOf({ groups });
      const mayCarry = (host: string, role: "broker" | "zookeeper") =>
        config.hosts?.find((candidate) => candidate.name === host)?.roles.includes(role) ?? config.hosts === undefined;
      expect(brokers.every((broker) => mayCarry(broker.host, "broker"))).toBe(true);
      for (const member of ensemble?.members ?? []) {
        expect(mayCarry(member.host, "zookeeper")).toBe(true);
        if (config.target === "local") continue;
        expect(brokers.map((broker) => broker.host)).not.toContain(member.host);
        expect(brokers.map((broker) => broker.address)).not.toContain(member.address);
      }
    });
  });

  it("gives members a machine each when there are enough", () => {
    holds(({ groups, ensemble, config }) => {
      if (ensemble === undefined || config.hosts === undefined) return;
      const taken = new Set(brokersOf({ groups }).map((broker) => broker.host));
      const free = config.hosts.filter((host) => host.roles.includes("zookeeper") && !taken.has(host.name));
      const used = new Set(ensemble.members.map((member) => member.host));
      expect(used.size).toBeGreaterThanOrEqual(Math.min(free.length, ensemble.members.length));
    });
  });
});

describe("ports", () => {
  it("are used once on an address", () => {
    holds(({ groups, ensemble, database, config }) => {
      const anywhere = config.target === "local" && config.replicatedLevelDB.bindAddress === "0.0.0.0";
      const opened = [
        ...brokersOf({ groups }).flatMap(({ address, ports: { metrics, replication, ...others } }) => [
          ...Object.values(others).map((port) => ({ address, port })),
          { address: config.target === "local" ? "127.0.0.1" : address, port: metrics },
          ...(replication === undefined ? [] : [{ address: anywhere ? "*" : address, port: replication }]),
        ]),
        ...(ensemble?.members ?? []).flatMap(({ address, ports }) =>
          Object.values(ports).map((port) => ({ address, port })),
        ),
        ...(database?.server === undefined ? [] : [database.server]),
      ];
      for (const { port } of opened) expect(port >= 1 && port <= 65535).toBe(true);
      for (const sharing of groupBy(opened, ({ port }) => String(port))) {
        const addresses = sharing.map(({ address }) => address);
        expect(isUnique(addresses)).toBe(true);
        if (addresses.includes("*")) expect(addresses).toHaveLength(1);
      }
    });
  });

  it("are there for what is on, and only for that", () => {
    holds(({ groups, config }) => {
      for (const group of config.groups) {
        const purposes = ["openwire", "metrics", ...(isReplicated(storeOf(config, group)) ? ["replication"] : [])];
        const on = OPTIONAL_TRANSPORTS.filter(
          (transport) => group.transports?.[transport] ?? config.transports[transport],
        );
        for (const broker of brokersOf({ groups }).filter((candidate) => candidate.group === group.name)) {
          expect(Object.keys(broker.ports).sort()).toEqual([...purposes, ...on].sort());
        }
      }
    });
  });

  it("begin where the stack file says", () => {
    holds(({ groups, config }) => {
      config.groups.forEach(({ ports }, i) => {
        for (const [purpose, port] of Object.entries(ports as Record<string, number>)) {
          const given = groups[i]?.brokers.map((broker) => (broker.ports as Record<string, number>)[purpose]) ?? [];
          expect(given[0]).toBe(port);
          expect(given.every((assigned) => Number(assigned) >= port && Number(assigned) < port + given.length)).toBe(
            true,
          );
        }
      });
    });
  });
});

describe("bridges", () => {
  it("join groups that exist, at most once for each direction of a pair", () => {
    holds(({ bridges, groups }) => {
      const directions = bridges.flatMap(({ from, to, duplex }) => [[from, to], ...(duplex ? [[to, from]] : [])]);
      expect(isUnique(directions.map((direction) => JSON.stringify(direction)))).toBe(true);
      expect(isUnique(bridges.map((bridge) => bridge.name))).toBe(true);
      const names = groups.map((group) => group.name);
      for (const { from, to } of bridges) {
        expect(names).toEqual(expect.arrayContaining([from, to]));
        expect(from).not.toBe(to);
      }
    });
  });

  it("join all groups, both ways, with mesh, duplex and spokes; and nobody with none", () => {
    holds(({ bridges, groups, config }) => {
      if (config.topology === "none") expect(bridges).toEqual([]);
      if (!["mesh", "duplex", "spokes"].includes(config.topology)) return;
      const next = (name: string) =>
        bridges.flatMap(({ from, to, duplex }) => [
          ...(from === name ? [to] : []),
          ...(duplex && to === name ? [from] : []),
        ]);
      for (const { name } of groups) {
        const reached = new Set([name]);
        for (const at of reached) for (const other of next(at)) reached.add(other);
        expect(reached.size).toBe(groups.length);
      }
    });
  });

  it("cross between the kinds of groups, with spokes", () => {
    holds(({ bridges, groups, config }) => {
      if (config.topology !== "spokes") return;
      const role = (name: string) => groups.find((group) => group.name === name)?.role;
      const count = (wanted: string) => groups.filter((group) => group.role === wanted).length;
      expect(bridges).toHaveLength(count("producers") * count("consumers"));
      for (const { from, to } of bridges) expect([role(from), role(to)]).toEqual(["producers", "consumers"]);
    });
  });

  it("dial every broker of the other group", () => {
    holds(({ bridges, groups }) => {
      for (const { uri, to, duplex } of bridges) {
        const remote = groups.find((group) => group.name === to)?.brokers ?? [];
        expect([...uri.matchAll(/tcp:\/\/([^?]+)\?/g)].map(([, address]) => address)).toEqual(addressesOf(remote));
        expect(uri.startsWith("masterslave:(")).toBe(!duplex && remote.length > 1);
      }
    });
  });
});

describe("client URLs", () => {
  it("list every broker where it belongs, once, and nowhere else", () => {
    holds(({ urls, groups, config }) => {
      expect(dialled(urls.failover)).toEqual(addressesOf(brokersOf({ groups })));
      expect(isUnique(dialled(urls.failover))).toBe(true);
      expect(Object.keys(urls.groups).sort()).toEqual(groups.map((group) => group.name).sort());
      for (const group of groups) {
        expect(dialled(urls.groups[group.name] ?? "")).toEqual(addressesOf(group.brokers));
      }
      for (const role of ["producers", "consumers"] as const) {
        const chosen = groups.filter((group) => group.role === role).flatMap((group) => group.brokers);
        const url = urls[role];
        expect(url === undefined).toBe(config.topology !== "spokes");
        if (url !== undefined) expect(dialled(url)).toEqual(addressesOf(chosen));
      }
    });
  });
});

describe("client URLs of the other transports", () => {
  /** `address:port` of every broker in the URL: the list is whole in either form, a failover URI or addresses between commas. */
  const addressesIn = (url: string, scheme: string) =>
    (/^failover:\((.*)\)\?[^()]+$/.exec(url)?.[1] ?? url).split(",").map((uri) => {
      const [, found, address] = /^([a-z]+):\/\/([^/:?,]+:\d+)$/.exec(uri) ?? [];
      expect(found).toBe(scheme);
      return address;
    });

  it("list every broker that speaks it, once, for everybody and for each role, and are absent where none does", () => {
    holds(({ urls, groups, config }) => {
      for (const transport of OPTIONAL_TRANSPORTS) {
        const { scheme } = TRANSPORTS[transport];
        const speaking = (chosen: ClusterPlan["groups"]) =>
          brokersOf({ groups: chosen }).flatMap(({ address, ports: { [transport]: port } }) =>
            port === undefined ? [] : [`${address}:${port}`],
          );
        const found = urls.transports?.[transport];
        expect(found !== undefined).toBe(speaking(groups).length > 0);
        if (found === undefined) continue;
        expect(addressesIn(found.everybody, scheme)).toEqual(speaking(groups));
        const ofGroups = groups.map((group) => [group.name, speaking([group])] as const);
        expect(Object.entries(found.groups).map(([name, url]) => [name, addressesIn(url, scheme)])).toEqual(
          ofGroups.filter(([, addresses]) => addresses.length > 0),
        );
        for (const role of ["producers", "consumers"] as const) {
          const chosen = speaking(groups.filter((group) => group.role === role));
          const url = found[role];
          expect(url !== undefined).toBe(config.topology === "spokes" && chosen.length > 0);
          if (url !== undefined) expect(addressesIn(url, scheme)).toEqual(chosen);
        }
      }
    });
  });
});

describe("groups", () => {
  it("share a directory of their own, or none", () => {
    holds(({ groups, config }) => {
      const folders = groups.flatMap((group) => group.directory ?? []);
      const sharing = config.groups.filter((group) => STORES[storeOf(config, group)].election === "file");
      expect(folders).toHaveLength(sharing.length);
      expect(isUnique(folders)).toBe(true);
      // One that only a local stack's folder makes whole would be another one on every machine.
      if (config.target !== "local") {
        for (const folder of folders) expect(folder).toMatch(/^\/srv\/(mq|activemq-cluster)\/test\//);
      }
    });
  });

  it("have names and election paths of their own", () => {
    holds(({ groups, config }) => {
      expect(isUnique(groups.map((group) => group.brokerName))).toBe(true);
      const paths = groups.flatMap((group) => group.zkPath ?? []);
      expect(paths).toHaveLength(config.groups.filter((group) => isReplicated(storeOf(config, group))).length);
      for (const path of paths) expect(paths.filter((other) => `${other}/`.startsWith(`${path}/`))).toEqual([path]);
    });
  });
});

describe("the plan", () => {
  it("is the same every time, and whatever the order of keys", () => {
    const cases = validValues.chain((values) => inAnyOrder(values).map((other) => [values, other] as const));
    fc.assert(
      fc.property(cases, ([values, other]) => {
        const text = (of: Values) => JSON.stringify(plan("test", configOf(of)));
        const first = text(values);
        expect(text(values)).toBe(first);
        expect(text(other)).toBe(first);
      }),
      { numRuns: 200 },
    );
  });

  it("meets every kind of cluster in these tests", () => {
    const missing = new Set([
      "local",
      "ssh",
      ...STORE_NAMES,
      "a given directory",
      "a directory of ours",
      "a mount",
      "RDS",
      "a given database",
      "a database of ours",
      "hostPerBroker",
      "hostPerGroup",
      "interleaved",
      "mesh",
      "duplex",
      "spokes",
      "none",
      "custom",
      "no hosts",
      "hosts",
      "broker",
      "zookeeper",
      "mixed",
      "either",
      "custom duplex",
      "bind",
      ...OPTIONAL_TRANSPORTS.flatMap((transport) => [`${transport} of the cluster`, `${transport} of a group`]),
    ]);
    // The same sample every time: whether a rare kind is drawn must not be a matter of luck.
    for (const values of fc.sample(validValues, { seed: 1, numRuns: 1000 })) {
      if (missing.size === 0) break;
      const { config, hosts, database } = plan("test", configOf(values));
      if (database !== undefined)
        missing.delete(database.rds ? "RDS" : database.server ? "a database of ours" : "a given database");
      if (STORES[config.store].election === "file") {
        missing.delete(config.sharedKahaDB.directory === undefined ? "a directory of ours" : "a given directory");
        if (config.sharedKahaDB.mount !== undefined) missing.delete("a mount");
      }
      for (const kind of [config.target, config.store, config.placement, config.topology]) missing.delete(kind);
      missing.delete(config.hosts === undefined ? "no hosts" : "hosts");
      for (const host of hosts) missing.delete(host.role);
      if (config.hosts?.some((host) => host.roles.length === 2)) missing.delete("either");
      if (config.bridges?.some((bridge) => bridge.duplex)) missing.delete("custom duplex");
      if (config.replicatedLevelDB.bindAddress !== undefined) missing.delete("bind");
      for (const transport of OPTIONAL_TRANSPORTS) {
        if (config.transports[transport]) missing.delete(`${transport} of the cluster`);
        for (const group of config.groups) if (group.transports?.[transport]) missing.delete(`${transport} of a group`);
      }
    }
    expect([...missing]).toEqual([]);
  });
});
