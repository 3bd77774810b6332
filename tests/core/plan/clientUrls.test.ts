import { groupTransportUrls, namedTransportUrls } from "../../../core/plan/clientUrls";
import { plan } from "../../../core/plan/plan";
import { configOf, type Values } from "../../support/raw";

const GROUPS = ["a", "b", "c"].map((name, i) => ({ name, brokers: 1, role: i === 0 ? "producers" : "consumers" }));
const SPOKES: Values = { target: "local", store: "kahaDB", topology: "spokes", groups: GROUPS };

const urlsOf = (values: Values) => plan("test", configOf(values)).urls;

describe("client URLs", () => {
  const OPTIONS =
    "randomize=true&maxReconnectDelay=1000&nested.wireFormat.maxInactivityDuration=4000&nested.connectionTimeout=5000&jms.watchTopicAdvisories=false";
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

  it("are in the form that each transport's clients take, of those that are on", () => {
    const [amqp, amqps] = ["amqp://127.0.0.1:5672", "amqp://127.0.0.1:5673,amqp://127.0.0.1:5674"];
    const options =
      "failover.randomize=true&failover.maxReconnectDelay=1000&failover.amqpOpenServerListAction=IGNORE&failover.nested.amqp.idleTimeout=4000";
    expect(urlsOf({ ...SPOKES, transports: { amqp: true, mqtt: true } }).transports).toEqual({
      amqp: {
        everybody: `failover:(${amqp},${amqps})?${options}`,
        groups: {
          a: `failover:(${amqp})?${options}`,
          b: `failover:(amqp://127.0.0.1:5673)?${options}`,
          c: `failover:(amqp://127.0.0.1:5674)?${options}`,
        },
        producers: `failover:(${amqp})?${options}`,
        consumers: `failover:(${amqps})?${options}`,
      },
      mqtt: {
        everybody: "mqtt://127.0.0.1:1883,mqtt://127.0.0.1:1884,mqtt://127.0.0.1:1885",
        groups: { a: "mqtt://127.0.0.1:1883", b: "mqtt://127.0.0.1:1884", c: "mqtt://127.0.0.1:1885" },
        producers: "mqtt://127.0.0.1:1883",
        consumers: "mqtt://127.0.0.1:1884,mqtt://127.0.0.1:1885",
      },
    });
  });

  it("have a name for each transport and role", () => {
    const urls = urlsOf({ ...SPOKES, transports: { stomp: true } });
    expect(namedTransportUrls(urls)).toEqual({
      stompUrl: urls.transports?.stomp?.everybody,
      stompProducerUrl: "stomp://127.0.0.1:61613",
      stompConsumerUrl: "stomp://127.0.0.1:61614,stomp://127.0.0.1:61615",
    });
    expect(groupTransportUrls(urls)).toEqual({
      "stompUrl-a": "stomp://127.0.0.1:61613",
      "stompUrl-b": "stomp://127.0.0.1:61614",
      "stompUrl-c": "stomp://127.0.0.1:61615",
    });
    expect(namedTransportUrls(urlsOf(SPOKES))).toEqual({});
    expect(groupTransportUrls(urlsOf(SPOKES))).toEqual({});
  });

  it("of a group are there for groups that speak it alone", () => {
    const groups = GROUPS.map((group) => ({ ...group, transports: { stomp: group.name === "b" } }));
    expect(groupTransportUrls(urlsOf({ ...SPOKES, groups }))).toEqual({ "stompUrl-b": "stomp://127.0.0.1:61613" });
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
