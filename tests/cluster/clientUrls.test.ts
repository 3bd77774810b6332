import { plan } from "../../components/cluster/plan";
import { configOf, type Values } from "../config/raw";

const GROUPS = ["a", "b", "c"].map((name, i) => ({ name, brokers: 1, role: i === 0 ? "producers" : "consumers" }));
const SPOKES: Values = { target: "local", store: "kahaDB", topology: "spokes", groups: GROUPS };

const urlsOf = (values: Values) => plan("test", configOf(values)).urls;

describe("client URLs", () => {
  const OPTIONS =
    "randomize=true&maxReconnectDelay=1000&nested.wireFormat.maxInactivityDuration=4000&nested.connectionTimeout=5000";
  const [a, b, c] = [61616, 61617, 61618].map((port) => `tcp://127.0.0.1:${port}`);

  it("list all brokers, those of each group, and those of each role", () => {
    expect(urlsOf(SPOKES)).toEqual({
      failover: `failover:(${a},${b},${c})?${OPTIONS}`,
      groups: {
        a: `failover:(${a})?${OPTIONS}`,
        b: `failover:(${b})?${OPTIONS}`,
        c: `failover:(${c})?${OPTIONS}`,
      },
      producers: `failover:(${a})?${OPTIONS}`,
      consumers: `failover:(${b},${c})?${OPTIONS}`,
    });
  });

  it("have none for roles without spokes", () => {
    const groups = GROUPS.map(({ name, brokers }) => ({ name, brokers }));
    expect(Object.keys(urlsOf({ ...SPOKES, topology: "mesh", groups }))).toEqual(["failover", "groups"]);
  });

  it("carry the client's settings", () => {
    const client = { randomize: false, maxReconnectDelayMillis: 50, maxInactivityMillis: 700 };
    expect(urlsOf({ ...SPOKES, client }).failover).toMatch(
      /\?randomize=false&maxReconnectDelay=50&nested\.wireFormat\.maxInactivityDuration=700&/,
    );
  });
});
