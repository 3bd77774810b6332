import { planJson } from "../../../operate/plan/plan";
import { planText } from "../../../operate/plan/planText";
import { loadPlan } from "../../../operate/project";
import { painterFor } from "../../../operate/terminal/table";
import { planOf } from "../../support/plans";
import { expectGolden } from "../../support/golden";

const SHIPPED = [
  "local",
  "duplex",
  "interleaved",
  "spokes",
  "single",
  "oneway",
  "prod",
  "prod-jdbc",
  "prod-efs",
  "dev",
];

describe.each(["local", "duplex", "prod", "prod-jdbc", "prod-efs"])("stack %s", (stack) => {
  test("as people read it", () => {
    expectGolden(`tests/operate/plan/golden/plan.${stack}.txt`, `${planText(loadPlan(stack))}\n`);
  });

  test("as machines read it", () => {
    expectGolden(
      `tests/operate/plan/golden/plan.${stack}.json`,
      `${JSON.stringify(planJson(loadPlan(stack)), undefined, 2)}\n`,
    );
  });
});

test.each(SHIPPED)("%s fits 100 columns, but for URLs", (stack) => {
  const long = planText(loadPlan(stack))
    .split("\n")
    .filter((line) => line.length > 100 && !/^ +(failover:\(|[a-z]+:\/\/)/.test(line));
  expect(long).toEqual([]);
});

test.each(SHIPPED)("%s has no space at the end of a line", (stack) => {
  expect(planText(loadPlan(stack))).not.toMatch(/ $/m);
});

test("the JSON has exactly the keys that are promised", () => {
  const json = planJson(loadPlan("spokes"));
  const keys = (value: object | undefined) => Object.keys(value ?? {}).sort();
  expect(keys(json)).toEqual(["bridges", "brokers", "ensemble", "groups", "hosts", "urls"]);
  expect(keys(json.hosts[0])).toEqual(["address", "name", "role"]);
  expect(keys(json.brokers[0])).toEqual(["group", "host", "name", "ports"]);
  expect(keys(json.bridges[0])).toEqual(["duplex", "from", "to", "uri"]);
  expect(keys(json.urls)).toEqual(["consumers", "failover", "groups", "producers"]);
  const { aws } = planJson(loadPlan("prod"));
  expect(keys(aws)).toEqual(["machines", "region", "rules"]);
  expect(keys(aws?.machines[0])).toEqual(["address", "dataGiB", "host", "instanceType", "placementGroup", "zone"]);
  expect(keys(aws?.rules[0])).toEqual(["description", "from", "port", "to"]);
  const local = planJson(loadPlan("local"));
  expect(keys(local.ensemble[0])).toEqual(["clientPort", "host", "name"]);
  expect(keys(local.urls)).toEqual(["failover", "groups"]);
});

test("who dials whom, and which way messages go", () => {
  expect(planText(planOf({ topology: "mesh" }))).toMatch(
    /a --> b +a +to b only +masterslave:\n +b --> a +b +to a only/,
  );
  expect(planText(planOf({ topology: "duplex" }))).toMatch(/a <-> b +a +both ways \(duplex\) +static:/);
  expect(planText(planOf({ topology: "none" }))).toContain("none: groups stand alone");
});

test("what does not cross, once for bridges that agree; as data with each", () => {
  const kept = { excludedDestinations: ["queue://local.>"] };
  expect(planText(planOf(kept))).toMatch(/\n +every bridge: without queue:\/\/local\.>, queue:\/\/DLQ\.local\.>\n/);
  const bridges = [
    { from: "a", to: "b", staticallyIncludedDestinations: ["queue://s"] },
    { from: "b", to: "a", dynamicallyIncludedDestinations: ["topic://>"], ...kept },
  ];
  const custom = planOf({ topology: "custom", bridges });
  expect(planText(custom)).toMatch(
    /\n +a --> b: always queue:\/\/s\n +b --> a: only topic:\/\/>; without queue:\/\/local/,
  );
  expect(planJson(custom).bridges[0]?.filters).toEqual({
    dynamicallyIncludedDestinations: [],
    excludedDestinations: [],
    staticallyIncludedDestinations: ["queue://s"],
  });
});

test("a group's own brokerName and a random port are said", () => {
  const groups = [{ name: "a", brokerName: "orders-service", ports: { replication: 0 } }];
  const text = planText(planOf({ groups }));
  expect(text).toContain("brokerName orders-service");
  expect(text).toMatch(/a-1 +a-1 .*random/);
});

test("colours only on a terminal, and not against NO_COLOR", () => {
  const plan = loadPlan("local");
  const coloured = (isTTY: boolean, env: NodeJS.ProcessEnv) =>
    planText(plan, painterFor({ isTTY }, env)).includes("\u001b[");
  expect(coloured(true, {})).toBe(true);
  expect(coloured(true, { NO_COLOR: "" })).toBe(true);
  expect(coloured(true, { NO_COLOR: "1" })).toBe(false);
  expect(coloured(true, { TERM: "dumb" })).toBe(false);
  expect(coloured(false, {})).toBe(false);
});

test("colours change nothing else", () => {
  const plan = loadPlan("local");
  // eslint-disable-next-line no-control-regex -- that is what a colour is
  const bare = planText(plan, painterFor({ isTTY: true }, {})).replaceAll(/\u001b\[\d+m/g, "");
  expect(bare).toBe(planText(plan));
});
