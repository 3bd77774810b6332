import { expectRow, groups, LOCAL, SINGLE, type Row } from "./bases";

describe("rules of groups", () => {
  it.each<Row>([
    [
      "even",
      { ...LOCAL, groups: groups({}, { brokers: 4 }) },
      ["groups[1].brokers"],
      ["majority", "3, 5, 7 or 9", "kahaDB"],
    ],
    ["two", { ...LOCAL, groups: groups({}, { brokers: 2 }) }, ["groups[1].brokers"], ["no majority survives"]],
    ["one", { ...LOCAL, groups: groups({}, { brokers: 1 }) }, ["groups[1].brokers"], ["brokers: 3"]],
    [
      "kahaDB with slaves",
      { ...SINGLE, groups: groups({ brokers: 1 }, { brokers: 3 }) },
      ["groups[1].brokers"],
      ["no slaves"],
    ],
    [
      "kahaDB, size left out",
      { ...SINGLE, groups: groups({}) },
      ["groups[0].brokers", "groups[1].brokers"],
      ["default is 3"],
    ],
    ["a group of its own store", { ...LOCAL, groups: groups({}, { store: "kahaDB", brokers: 1 }) }, [], []],
    [
      "a group of its own store, with what only the cluster's has",
      {
        ...LOCAL,
        groups: groups({}, { store: "kahaDB", brokers: 3, zkPath: "/b", ports: { replication: 7000 } }),
      },
      ["groups[1].brokers", "groups[1].ports.replication", "groups[1].zkPath"],
      ["1 with kahaDB", "Nothing is replicated with kahaDB", "With kahaDB no master is elected"],
    ],
    [
      "equal names",
      { ...LOCAL, groups: groups({}, { name: "a" }) },
      ["groups[1].name"],
      ["groups[0] has the same name"],
    ],
    [
      "equal names, whose ports are not judged",
      { ...LOCAL, groups: groups({ ports: { openwire: 5000 } }, { name: "a" }) },
      ["groups[1].name"],
      [],
    ],
    [
      "named like the members",
      { ...LOCAL, groups: groups({}, { name: "zookeeper" }) },
      ["groups[1].name"],
      ["zookeeper-1"],
    ],
    [
      "named like a broker",
      { ...LOCAL, groups: groups({}, { name: "a-3" }) },
      ["groups[1].name"],
      ["A broker of group `a`"],
    ],
    [
      "equal brokerNames",
      { ...LOCAL, groups: groups({ brokerName: "x" }) },
      ["groups[1].brokerName"],
      ["Group `a`", "leave brokerName out"],
    ],
    [
      "a brokerName that is a group",
      { ...LOCAL, groups: groups({}, { brokerName: "a" }) },
      ["groups[1].brokerName"],
      ["Group `a`"],
    ],
    [
      "a group that is a brokerName",
      { ...LOCAL, groups: groups({}, {}, { brokerName: "b" }) },
      ["groups[1].name"],
      ["Group `a`"],
    ],
    [
      "equal zkPaths",
      { ...LOCAL, groups: groups({ zkPath: "/x" }) },
      ["groups[1].zkPath"],
      ["Group `a` has the same path"],
    ],
    [
      "equal to a default zkPath",
      { ...LOCAL, groups: groups({}, { zkPath: "/activemq/leveldb-stores/a" }) },
      ["groups[1].zkPath"],
      ["same path"],
    ],
    [
      "zkPath below another",
      { ...LOCAL, groups: groups({}, { zkPath: "/x/y/z" }, { zkPath: "/x" }) },
      ["groups[1].zkPath"],
      ["below the path of group `a`", "/x"],
    ],
    [
      "zkPath above another",
      { ...LOCAL, groups: groups({}, { zkPath: "/x" }, { zkPath: "/x/y" }) },
      ["groups[0].zkPath"],
      ["below the path of group `b`"],
    ],
    [
      "default zkPath below another",
      { ...LOCAL, groups: groups({}, { zkPath: "/activemq/leveldb-stores" }) },
      ["groups[0].name"],
      ["/activemq/leveldb-stores/a"],
    ],
    [
      "zkPath in ZooKeeper's own",
      { ...LOCAL, groups: groups({}, { zkPath: "/zookeeper/x" }) },
      ["groups[1].zkPath"],
      ["its own data"],
    ],
    [
      "zkPath with kahaDB",
      { ...SINGLE, groups: groups({ brokers: 1 }, { zkPath: "/x" }) },
      ["groups[1].zkPath"],
      ["no master is elected through ZooKeeper"],
    ],
  ])("%s", (...row) => {
    expectRow(...row);
  });
});
