import { plan } from "../../../core/plan/plan";
import { configOf, type Values } from "../../support/raw";
import { brokersOf } from "../../../core/plan/model";

type Purpose = "openwire" | "amqp" | "stomp" | "mqtt" | "replication" | "metrics";

/** The ports that each broker gets for a purpose. */
function portsOf(values: Values, purpose: Purpose): (number | undefined)[] {
  const config = configOf({ target: "local", groups: [{ name: "a" }, { name: "b" }], ...values });
  return brokersOf(plan("test", config)).map((broker) => broker.ports[purpose]);
}

const loopback = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `h${i + 1}`, address: `127.0.1.${i + 1}` }));
const machines = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `h${i + 1}`, address: `10.0.0.${i + 1}` }));
const ON = { amqp: true, stomp: true, mqtt: true };

describe("ports", () => {
  it.each<[string, Values, Purpose, (number | undefined)[]]>([
    ["count up on a shared address", {}, "openwire", [61616, 61617, 61618, 61619, 61620, 61621]],
    ["start again on each address", { hosts: loopback(7) }, "openwire", [61616, 61616, 61616, 61616, 61616, 61616]],
    [
      "count up where two groups meet",
      { hosts: loopback(4), placement: "interleaved" },
      "openwire",
      [61616, 61616, 61616, 61617, 61617, 61617],
    ],
    [
      "go around what is given",
      { groups: [{ name: "a" }, { name: "b", ports: { openwire: 61617 } }] },
      "openwire",
      [61616, 61620, 61621, 61617, 61618, 61619],
    ],
    [
      "go around ZooKeeper",
      { zookeeper: { ports: { client: 61616 } } },
      "openwire",
      [61619, 61620, 61621, 61622, 61623, 61624],
    ],
    [
      "go around each other",
      { transports: ON, groups: [{ name: "a", ports: { amqp: 61616 } }] },
      "openwire",
      [61619, 61620, 61621],
    ],
    ["are none for a transport that is off", {}, "amqp", Array.from({ length: 6 }, () => undefined)],
    ["are there for a transport that is on", { transports: ON }, "stomp", [61613, 61614, 61615, 61622, 61623, 61624]],
    [
      "are none for replication without it",
      { store: "kahaDB", groups: [{ name: "a", brokers: 1 }] },
      "replication",
      [undefined],
    ],
    ["stay random when given as 0", { groups: [{ name: "a", ports: { replication: 0 } }] }, "replication", [0, 0, 0]],
    [
      "of replication are each address's own",
      { hosts: loopback(7) },
      "replication",
      [62616, 62616, 62616, 62616, 62616, 62616],
    ],
    [
      "of replication count up over all addresses of this machine when bound to all",
      { hosts: loopback(7), replicatedLevelDB: { bindAddress: "0.0.0.0" } },
      "replication",
      [62616, 62617, 62618, 62619, 62620, 62621],
    ],
    [
      "of replication bound to all go around what any of them has",
      {
        hosts: loopback(4),
        groups: [{ name: "a", ports: { openwire: 62616 } }],
        replicatedLevelDB: { bindAddress: "0.0.0.0" },
      },
      "replication",
      [62617, 62618, 62619],
    ],
    [
      "of replication start again on machines of their own, bound to all addresses or not",
      { target: "ssh", hosts: machines(9), replicatedLevelDB: { bindAddress: "0.0.0.0" } },
      "replication",
      [62616, 62616, 62616, 62616, 62616, 62616],
    ],
    [
      "of metrics share the loopback of this machine",
      { hosts: loopback(7) },
      "metrics",
      [9404, 9405, 9406, 9407, 9408, 9409],
    ],
    [
      "of metrics start again on machines of their own",
      { target: "ssh", hosts: machines(9) },
      "metrics",
      [9404, 9404, 9404, 9404, 9404, 9404],
    ],
  ])("%s", (_how, values, purpose, ports) => {
    expect(portsOf(values, purpose)).toEqual(ports);
  });

  it.each<[string, Values, number[][]]>([
    [
      "a number counts up on a shared address",
      { ports: { client: 2281 } },
      [
        [2281, 2888, 3888],
        [2282, 2889, 3889],
        [2283, 2890, 3890],
      ],
    ],
    [
      "a list names each",
      { ports: { client: [1, 2, 3], peer: [4, 5, 6], election: [9, 8, 7] } },
      [
        [1, 4, 9],
        [2, 5, 8],
        [3, 6, 7],
      ],
    ],
  ])("of ZooKeeper: %s", (_how, zookeeper, ports) => {
    const { ensemble } = plan("test", configOf({ target: "local", groups: [{ name: "a" }], zookeeper }));
    expect(ensemble?.members.map((member) => [member.ports.client, member.ports.peer, member.ports.election])).toEqual(
      ports,
    );
  });

  it("of ZooKeeper start again on machines of their own", () => {
    const { ensemble } = plan("test", configOf({ target: "ssh", groups: [{ name: "a" }], hosts: machines(6) }));
    expect(ensemble?.connect).toBe("10.0.0.4:2181,10.0.0.5:2181,10.0.0.6:2181");
  });
});
