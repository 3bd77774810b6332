import { faultsOf, type Values } from "../../support/raw";
import { CUSTOM, groups, hosts, hostsWith, LOCAL, SINGLE, SPOKES, SSH } from "./rules/bases";

describe("allowed although it looks wrong", () => {
  it.each<[string, Values]>([
    ["the bases of the tables above", SINGLE],
    ["groups of three", LOCAL],
    ["machines", SSH],
    ["spokes", SPOKES],
    ["custom bridges", CUSTOM],
    [
      "plain bridges both ways",
      {
        ...CUSTOM,
        bridges: [
          { from: "a", to: "b" },
          { from: "b", to: "a" },
        ],
      },
    ],
    ["one group", { target: "local", groups: [{ name: "a" }] }],
    ["a group named like a broker that is not there", { ...LOCAL, groups: groups({}, { name: "a-4" }) }],
    ["zkPaths that begin alike", { ...LOCAL, groups: groups({}, { zkPath: "/x2" }, { zkPath: "/x" }) }],
    [
      "equal addresses on local",
      { ...LOCAL, hosts: hosts(7, "127.0.0.").map((host) => ({ ...host, address: "127.0.0.1" })) },
    ],
    ["ZooKeeper beside brokers on local", { ...LOCAL, hosts: hosts(6, "127.0.1.") }],
    ["one machine for the whole ensemble", { ...SSH, hosts: hosts(7, "10.0.0.") }],
    ["an unsafe sync, with a warning", { ...LOCAL, replicatedLevelDB: { sync: "local_mem" } }],
    ["a random replication port, with a warning", { ...LOCAL, groups: groups({ ports: { replication: 0 } }) }],
    ["no admin", { ...LOCAL, users: [{ name: "u" }] }],
    ["no application", { ...LOCAL, users: [{ name: "u", role: "admin" }] }],
    ["the largest store that replicates", { ...LOCAL, limits: { storeMiB: 40960 } }],
    ["small log files", { ...LOCAL, limits: { storeMiB: 409 }, replicatedLevelDB: { logSizeMiB: 1 } }],
    ["a larger store that does not", { ...SINGLE, limits: { storeMiB: 40961 } }],
    ["memory just below 70 % of the heap", { ...LOCAL, limits: { heapMiB: 1000, memoryMiB: 699 } }],
    [
      "sessions of 2 ticks",
      { ...LOCAL, zookeeper: { sessionTimeoutMillis: 4000 }, client: { maxInactivityMillis: 1999 } },
    ],
    ["sessions of 20 ticks", { ...LOCAL, zookeeper: { sessionTimeoutMillis: 40000 } }],
    ["patient clients where nothing is elected", { ...SINGLE, client: { maxInactivityMillis: 30000 } }],
    ["the last port", { ...LOCAL, groups: groups({}, { ports: { openwire: 65533 } }) }],
    ["a directory on local", { ...LOCAL, directory: "/tmp/x" }],
  ])("%s", (_what, values) => {
    expect(faultsOf(values)).toEqual([]);
  });
});

describe("rules about a configuration that is broken elsewhere", () => {
  it.each<[string, Values, string[]]>([
    [
      "a broken size hides no equal names",
      { ...LOCAL, groups: groups({}, { name: "a", brokers: "3" }) },
      ["groups[1].brokers", "groups[1].name"],
    ],
    [
      "a group that is no group hides no others",
      { ...LOCAL, groups: [...groups({}, { brokers: 2 }), "c", { name: "a" }] },
      ["groups[2]", "groups[1].brokers", "groups[3].name"],
    ],
    [
      "a missing target hides what rests on it",
      { ...SSH, target: undefined, directory: "x", hosts: hostsWith(1, { name: "h1" }) },
      ["target", "hosts[1].name"],
    ],
    [
      "a misspelt store is not judged by its default",
      { target: "local", storee: "kahaDB", groups: groups({ brokers: 1 }) },
      ["storee"],
    ],
    [
      "a misspelt key beside the right one is",
      { ...LOCAL, storee: "kahaDB", groups: groups({}, { brokers: 1 }), store: "replicatedLevelDB" },
      ["storee", "groups[1].brokers"],
    ],
    ["JSON that cannot be read", { ...LOCAL, limits: "{", zookeeper: { members: 4 } }, ["limits", "zookeeper.members"]],
    [
      "a list with a broken port is not judged by the default",
      { ...LOCAL, groups: groups({}, { ports: { openwire: 2181 } }), zookeeper: { ports: { client: [1, "a", 3] } } },
      ["zookeeper.ports.client[1]"],
    ],
    ["no groups at all", { target: "local", zookeeper: { version: "1" } }, ["groups", "zookeeper.version"]],
    [
      "an unknown bridge end and a broken one",
      {
        ...CUSTOM,
        bridges: [
          { from: "a", to: "x" },
          { from: 1, to: "b" },
          { from: "b", to: "b" },
        ],
      },
      ["bridges[0].to", "bridges[1].from", "bridges[2].to"],
    ],
  ])("%s", (_what, values, paths) => {
    const present = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
    expect(
      faultsOf(present)
        .map((fault) => fault.path)
        .sort(),
    ).toEqual([...paths].sort());
  });
});
