import { plan } from "../../../core/plan/plan";
import { configOf, type Values } from "../../support/raw";

function bridgesOf(values: Values) {
  return plan("test", configOf({ target: "local", groups: [{ name: "a" }, { name: "b" }, { name: "c" }], ...values }))
    .bridges;
}

/** `a>b` one way, `a=b` both ways over one connection. */
const drawn = (values: Values) => bridgesOf(values).map(({ from, to, duplex }) => `${from}${duplex ? "=" : ">"}${to}`);

const SINGLE: Values = { store: "kahaDB", groups: ["a", "b"].map((name) => ({ name, brokers: 1 })) };

describe("who dials whom", () => {
  it.each<[string, Values, string[]]>([
    ["mesh", {}, ["a>b", "a>c", "b>a", "b>c", "c>a", "c>b"]],
    ["duplex", { topology: "duplex" }, ["a=b", "a=c", "b=c"]],
    ["none", { topology: "none" }, []],
    [
      "spokes",
      {
        topology: "spokes",
        groups: [
          { name: "a", role: "producers" },
          { name: "b", role: "consumers" },
          { name: "c", role: "producers" },
          { name: "d", role: "consumers" },
        ],
      },
      ["a=b", "a=d", "c=b", "c=d"],
    ],
    [
      "custom",
      {
        topology: "custom",
        bridges: [
          { from: "c", to: "a" },
          { from: "a", to: "b", duplex: true },
        ],
      },
      ["c>a", "a=b"],
    ],
    ["mesh of one group", { groups: [{ name: "a" }] }, []],
  ])("%s", (_topology, values, bridges) => {
    expect(drawn(values)).toEqual(bridges);
  });
});

describe("a connector's URI", () => {
  const NESTED = "connectionTimeout=5000&wireFormat.maxInactivityDuration=4000";
  const RETRY = "initialReconnectDelay=1000&maxReconnectDelay=2000&useExponentialBackOff=false";
  const GROUP2 = [61619, 61620, 61621].map((port) => `tcp://127.0.0.1:${port}?${NESTED}`).join(",");

  it.each<[string, Values, string]>([
    ["follows the master of a group", {}, `masterslave:(${GROUP2})?${RETRY}`],
    ["tries all brokers when duplex", { topology: "duplex" }, `static:(${GROUP2})?${RETRY}`],
    ["has one address for a group without slaves", SINGLE, `static:(tcp://127.0.0.1:61617?${NESTED})?${RETRY}`],
    [
      "waits as long as clients do",
      { ...SINGLE, client: { maxInactivityMillis: 700 } },
      `static:(tcp://127.0.0.1:61617?connectionTimeout=5000&wireFormat.maxInactivityDuration=700)?${RETRY}`,
    ],
  ])("%s", (_how, values, uri) => {
    expect(bridgesOf(values)[0]?.uri).toBe(uri);
  });
});

describe("hops", () => {
  const roles = [
    { name: "a", role: "producers" },
    { name: "b", role: "consumers" },
  ];
  it.each<[string, Values, number]>([
    ["one for demand in a mesh", {}, 1],
    ["one for demand when duplex", { topology: "duplex" }, 1],
    ["two for demand with spokes: consumers are joined through producers", { topology: "spokes", groups: roles }, 2],
  ])("%s", (_how, values, consumerTTL) => {
    for (const bridge of bridgesOf(values)) expect(bridge).toMatchObject({ consumerTTL, messageTTL: 4 });
  });
});
