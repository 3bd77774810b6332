import { expectRow, groups, hosts, hostsWith, LOCAL, SSH, type Row } from "./bases";

describe("rules of hosts", () => {
  it.each<Row>([
    ["ssh without hosts", { target: "ssh", groups: groups({}) }, ["hosts"], ["Target ssh needs machines"]],
    [
      "too few",
      { ...SSH, hosts: hosts(5, "10.0.0.").map((host) => ({ ...host, roles: ["broker"] })) },
      ["hosts", "hosts"],
      ["needs 6 broker hosts, there are 5", "No host may carry ZooKeeper"],
    ],
    [
      "none left for ZooKeeper",
      { ...SSH, hosts: hosts(6, "10.0.0.") },
      ["hosts"],
      ["ZooKeeper would share a machine with a broker"],
    ],
    [
      "none for a group",
      { ...SSH, placement: "hostPerGroup", hosts: hosts(1, "10.0.0.") },
      ["hosts", "hosts"],
      ["hostPerGroup needs 2 broker hosts, there are 1"],
    ],
    [
      "none for the third broker",
      {
        ...SSH,
        placement: "interleaved",
        hosts: [...hosts(2, "10.0.0."), { name: "z", address: "10.0.0.3", roles: ["zookeeper"] }],
      },
      ["hosts"],
      ["interleaved needs 3 broker hosts, there are 2"],
    ],
    ...(
      [
        [["h1", "h2", "nobody"], "No broker may be on nobody"],
        [["h1", "h2", "h2"], "h2 is listed twice"],
        [["h1", "h2"], "has 3 brokers and names 2 hosts"],
      ] as const
    ).map(([named, words]): Row => [
      `hosts of a group: ${words}`,
      { ...SSH, placement: "interleaved", groups: groups({}, { hosts: named }) },
      ["groups[1].hosts"],
      [words],
    ]),
    [
      "hosts of a group that has hosts of its own anyway",
      { ...SSH, groups: groups({}, { hosts: ["h1", "h2", "h3"] }) },
      ["groups[1].hosts"],
      ["with placement interleaved"],
    ],
    ["equal names", { ...SSH, hosts: hostsWith(3, { name: "h1" }) }, ["hosts[3].name"], ["hosts[0] has the same name"]],
    [
      "equal addresses",
      { ...SSH, hosts: hostsWith(3, { address: "10.0.0.2" }) },
      ["hosts[3].address"],
      ["hosts[1]", "lost together"],
    ],
    [
      "equal names in DNS",
      { ...SSH, hosts: hosts(9, "mq").map((host, i) => (i === 8 ? { ...host, address: "MQ1" } : host)) },
      ["hosts[8].address"],
      ["hosts[0]"],
    ],
    [
      "loopback on ssh",
      { ...SSH, hosts: hostsWith(0, { address: "127.0.0.1" }) },
      ["hosts[0].address"],
      ["that machine itself", "target local"],
    ],
    [
      "localhost on ssh",
      { ...SSH, hosts: hostsWith(0, { address: "localhost" }) },
      ["hosts[0].address"],
      ["that machine itself"],
    ],
    [
      "the wildcard on ssh",
      { ...SSH, hosts: hostsWith(0, { address: "0.0.0.0" }) },
      ["hosts[0].address"],
      ["that machine itself"],
    ],
    [
      "four numbers that are no address",
      { ...SSH, hosts: hostsWith(0, { address: "10.0.0.256" }) },
      ["hosts[0].address"],
      ["neither"],
    ],
    [
      "numbers that begin with 0, which some read as octal",
      { ...SSH, hosts: hostsWith(0, { address: "10.0.0.011" }) },
      ["hosts[0].address"],
      ["neither"],
    ],
    ["three numbers", { ...SSH, hosts: hostsWith(0, { address: "10.0.1" }) }, ["hosts[0].address"], ["neither"]],
    [
      "another network on local",
      { ...LOCAL, hosts: hosts(7, "10.0.0.") },
      Array.from({ length: 7 }, (_, i) => `hosts[${i}].address`),
      ["loopback", "127.0.0.1"],
    ],
    [
      "a name on local",
      { ...LOCAL, hosts: [...hosts(6, "127.0.1."), { name: "x", address: "localhost" }] },
      ["hosts[6].address"],
      ["loopback"],
    ],
    [
      "no address of 127.0.0.0/8",
      { ...LOCAL, hosts: [...hosts(6, "127.0.1."), { name: "x", address: "127.0.0.300" }] },
      ["hosts[6].address"],
      ["loopback"],
    ],
    [
      "a role twice",
      { ...SSH, hosts: hostsWith(0, { roles: ["broker", "broker"] }) },
      ["hosts[0].roles"],
      ["broker is listed twice"],
    ],
  ])("%s", (...row) => {
    expectRow(...row);
  });
});
