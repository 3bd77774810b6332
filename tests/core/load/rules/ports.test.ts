import { expectRow, groups, hosts, LOCAL, SINGLE, SSH, type Row } from "./bases";

describe("rules of ports", () => {
  it.each<Row>([
    [
      "two groups on one port",
      { ...LOCAL, groups: groups({ ports: { openwire: 5000 } }) },
      ["groups[1].ports.openwire"],
      ["5000", "a-1 (openwire)", "b-1 (openwire)", "used twice"],
    ],
    [
      "ranges that overlap",
      { ...LOCAL, groups: groups({}, { ports: { openwire: 5002 } }, { ports: { openwire: 5000 } }) },
      ["groups[1].ports.openwire"],
      ["5002", "a-3"],
    ],
    [
      "two purposes on one port",
      { ...LOCAL, groups: groups({}, { ports: { openwire: 5000, metrics: 5002 } }) },
      ["groups[1].ports.metrics"],
      ["b-3 (openwire)", "b-1 (metrics)"],
    ],
    [
      "a broker on ZooKeeper's port",
      { ...LOCAL, groups: groups({}, { ports: { openwire: 2181 } }) },
      ["zookeeper.ports.client"],
      ["b-1 (openwire)", "zookeeper-1 (client)"],
    ],
    [
      "a list with a port twice",
      { ...LOCAL, zookeeper: { ports: { client: [1, 2, 1] } } },
      ["zookeeper.ports.client[2]"],
      ["zookeeper-1", "zookeeper-3"],
    ],
    [
      "past the last port",
      { ...LOCAL, groups: groups({}, { ports: { openwire: 65534 } }) },
      ["groups[1].ports.openwire"],
      ["65536", "start lower"],
    ],
    [
      "one host of three shared by two groups",
      {
        ...SSH,
        placement: "interleaved",
        groups: groups({ ports: { openwire: 5000 } }, { hosts: ["h1", "h7", "h8"] }),
      },
      ["groups[1].ports.openwire"],
      ["10.0.0.1"],
    ],
    [
      "a transport that is off",
      { ...LOCAL, groups: groups({}, { ports: { mqtt: 1883 } }) },
      ["groups[1].ports.mqtt"],
      ["mqtt is off", "transports: {mqtt: true}"],
    ],
    [
      "replication with kahaDB",
      { ...SINGLE, groups: groups({ brokers: 1 }, { ports: { replication: 1 } }) },
      ["groups[1].ports.replication"],
      ["Nothing is replicated"],
    ],
    [
      "one port on all addresses",
      {
        ...LOCAL,
        placement: "interleaved",
        hosts: hosts(4, "127.0.1."),
        groups: groups({}, { ports: { openwire: 7001 } }, { ports: { replication: 7000 } }),
        replicatedLevelDB: { bindAddress: "0.0.0.0" },
      },
      ["groups[1].ports.openwire"],
      ["a-2 (replication)", "b-1 (openwire)"],
    ],
    [
      "one port on all addresses, given last",
      {
        ...LOCAL,
        placement: "interleaved",
        hosts: hosts(4, "127.0.1."),
        groups: groups({}, { ports: { replication: 7000 } }, { ports: { openwire: 7001 } }),
        replicatedLevelDB: { bindAddress: "0.0.0.0" },
      },
      ["groups[1].ports.replication"],
      ["a-1 (openwire)", "b-2 (replication)"],
    ],
  ])("%s", (...row) => {
    expectRow(...row);
  });
});
