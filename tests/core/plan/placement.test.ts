import { place, placementFaults } from "../../../core/plan/placement";
import { type ClusterConfig, configSchema } from "../../../config/schema";

type Role = "broker" | "zookeeper";

/** One letter a host: b for brokers only, z for ZooKeeper only, x for either. */
function configWith(hosts: string, rest: object): ClusterConfig {
  const roles: Record<string, Role[]> = { b: ["broker"], z: ["zookeeper"], x: ["broker", "zookeeper"] };
  return configSchema.parse({
    target: "ssh",
    groups: [{ name: "a" }],
    hosts: Array.from(hosts, (kind, i) => ({
      name: `${kind}${i + 1}`,
      address: `10.0.0.${i + 1}`,
      roles: roles[kind],
    })),
    ...rest,
  });
}

const TWO = [{ name: "a" }, { name: "b" }];

describe("which hosts are taken", () => {
  it.each<[string, string, object, string[], string[]]>([
    ["in the order of the stack file", "bbbzzz", {}, ["b1", "b2", "b3"], ["z4", "z5", "z6"]],
    ["those for either, brokers first", "xxxxxx", {}, ["x1", "x2", "x3"], ["x4", "x5", "x6"]],
    ["those for one only before those for either", "xxbbbx", {}, ["b3", "b4", "b5"], ["x1", "x2", "x6"]],
    ["those for either only as far as they are needed", "xxbb", {}, ["x1", "b3", "b4"], ["x2", "x2", "x2"]],
    ["no more for ZooKeeper than there are members", "bbbxzzz", {}, ["b1", "b2", "b3"], ["z5", "z6", "z7"]],
    ["those for either, so that each member has a machine", "bbbzxx", {}, ["b1", "b2", "b3"], ["z4", "x5", "x6"]],
    ["in turn when machines are few", "bbbzz", {}, ["b1", "b2", "b3"], ["z4", "z5", "z4"]],
    ["one for all members", "bbbz", {}, ["b1", "b2", "b3"], ["z4", "z4", "z4"]],
    [
      "one for each group",
      "bbz",
      { groups: TWO, placement: "hostPerGroup" },
      ["b1", "b1", "b1", "b2", "b2", "b2"],
      ["z3", "z3", "z3"],
    ],
    [
      "one for each turn",
      "bbbz",
      { groups: TWO, placement: "interleaved" },
      ["b1", "b2", "b3", "b1", "b2", "b3"],
      ["z4", "z4", "z4"],
    ],
    [
      "as many as the largest group has brokers",
      "bbbbbz",
      { groups: [{ name: "a" }, { name: "b", brokers: 5 }], placement: "interleaved" },
      ["b1", "b2", "b3", "b1", "b2", "b3", "b4", "b5"],
      ["z6", "z6", "z6"],
    ],
    [
      "all, the emptiest first",
      "bbbbbz",
      { groups: [...TWO, { name: "c" }], placement: "interleaved" },
      ["b1", "b2", "b3", "b1", "b4", "b5", "b2", "b3", "b4"],
      ["z6", "z6", "z6"],
    ],
    [
      "those for either only where ZooKeeper leaves them",
      "xbbbxxxx",
      { groups: TWO, placement: "interleaved" },
      ["b2", "b3", "b4", "b2", "x7", "x8"],
      ["x1", "x5", "x6"],
    ],
    [
      "those that a group names, in its order, and what is left for the next",
      "bbbbbz",
      { groups: [{ name: "a" }, { name: "b", hosts: ["b3", "b1", "b2"] }, { name: "c" }], placement: "interleaved" },
      ["b1", "b2", "b3", "b3", "b1", "b2", "b1", "b4", "b5"],
      ["z6", "z6", "z6"],
    ],
    [
      "none for ZooKeeper without an election",
      "bz",
      { store: "kahaDB", groups: [{ name: "a", brokers: 1 }] },
      ["b1"],
      [],
    ],
    [
      "no third kind on local: members join the brokers",
      "xxx",
      { target: "local" },
      ["x1", "x2", "x3"],
      ["x1", "x2", "x3"],
    ],
    ["free ones on local too, when there are", "xxxx", { target: "local" }, ["x1", "x2", "x3"], ["x4", "x4", "x4"]],
  ])("%s", (_how, hosts, rest, brokers, members) => {
    const config = configWith(hosts, rest);
    expect(placementFaults(config)).toEqual([]);
    const placed = place(config);
    expect(placed.brokers.map((broker) => broker.host)).toEqual(brokers);
    expect(placed.members.map((member) => member.host)).toEqual(members);
    // Only hosts that carry something exist, and each says what.
    const used = new Map<string, string[]>();
    for (const { host, name } of [...placed.brokers, ...placed.members])
      used.set(host, [...(used.get(host) ?? []), name]);
    expect(placed.hosts.map((host) => [host.name, host.services])).toEqual([...used]);
  });

  it("makes a host for each broker and member on local", () => {
    const placed = place(configSchema.parse({ target: "local", groups: [{ name: "a" }] }));
    expect(placed.hosts).toEqual(
      ["a-1", "a-2", "a-3", "zookeeper-1", "zookeeper-2", "zookeeper-3"].map((name) => ({
        name,
        address: "127.0.0.1",
        services: [name],
        role: name.startsWith("a") ? "broker" : "zookeeper",
      })),
    );
  });

  it.each([
    ["hostPerGroup", ["a-host", "b-host"]],
    ["interleaved", ["host-1", "host-2", "host-3"]],
  ])("names local hosts for %s after what they are for", (placement, names) => {
    const placed = place(configSchema.parse({ target: "local", placement, groups: TWO }));
    expect(placed.hosts.filter((host) => host.role === "broker").map((host) => host.name)).toEqual(names);
  });

  it("says what a host is for", () => {
    const roleOf = (hosts: string) => place(configWith(hosts, { target: "local" })).hosts.map((host) => host.role);
    expect(roleOf("xxx")).toEqual(["mixed", "mixed", "mixed"]);
    expect(roleOf("bbbz")).toEqual(["broker", "broker", "broker", "zookeeper"]);
  });
});

describe("what cannot be placed", () => {
  it.each([
    ["too few for brokers", "bbz", 1, "needs 3 broker hosts, there are 2"],
    ["none for ZooKeeper", "bbb", 1, "No host may carry ZooKeeper"],
    ["none left for ZooKeeper", "xxx", 1, "would share a machine"],
    ["neither", "b", 2, "there are 1"],
  ])("%s", (_what, hosts, count, words) => {
    const config = configWith(hosts, {});
    const faults = placementFaults(config);
    expect(faults).toHaveLength(count);
    expect(faults.map((fault) => fault.problem).join(" ")).toContain(words);
    expect(() => place(config)).toThrow(words);
  });
});
