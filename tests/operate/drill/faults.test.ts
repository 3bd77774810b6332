/** What the faults of a drill hit, and which experiments fit which stack. */
import { choose } from "../../../operate/drill/drill";
import { EXPERIMENTS } from "../../../operate/drill/experiments";
import { FAULTS, type FaultStep, targetGroup, isOutage } from "../../../operate/drill/faults";
import { first, planOf } from "../../support/plans";

const single = (name: string, role?: string) => ({ name, brokers: 1, ...(role !== undefined && { role }) });
const PLANS = {
  local: planOf({}),
  jdbc: planOf({ store: "jdbc" }),
  sharedKahaDB: planOf({ store: "sharedKahaDB" }),
  ownDirectory: planOf({ store: "sharedKahaDB", sharedKahaDB: { directory: "/srv/activemq" } }),
  ownDatabase: planOf({ store: "jdbc", jdbc: { url: "jdbc:postgresql://db/activemq" } }),
  single: planOf({ store: "kahaDB", groups: [single("a"), single("b")] }),
  spokes: planOf({
    topology: "spokes",
    groups: [
      { name: "a", role: "producers" },
      { name: "c", role: "consumers" },
      { name: "d", role: "consumers" },
    ],
  }),
  spokesWithoutSlaves: planOf({
    store: "kahaDB",
    topology: "spokes",
    groups: [single("a", "producers"), single("c", "consumers")],
  }),
};

const idsFor = (stack: keyof typeof PLANS) =>
  EXPERIMENTS.filter(({ unfit }) => unfit(PLANS[stack]) === undefined).map(({ id }) => id);

it.each([
  ["local", ["1", "2", "5", "7", "frozen", "slaves", "everything", "rolling"]],
  ["jdbc", ["1", "2", "5", "8", "frozen", "database-45", "slaves", "everything"]],
  ["sharedKahaDB", ["1", "2", "5", "shared", "frozen", "shared-45", "slaves", "everything"]],
  ["ownDirectory", ["1", "2", "5", "frozen", "slaves", "everything"]],
  ["ownDatabase", ["1", "2", "5", "frozen", "slaves", "everything"]],
  ["single", ["4", "5", "frozen", "everything"]],
  ["spokes", ["1", "2", "6", "5", "7", "frozen", "slaves", "everything", "rolling"]],
  ["spokesWithoutSlaves", ["4", "6", "5", "frozen", "everything"]],
] as const)("%s: these experiments fit", (stack, ids) => {
  expect(idsFor(stack)).toEqual(ids);
});

it("runs what takes long only when it is named", () => {
  expect(choose(PLANS.jdbc, undefined).map(({ id }) => id)).toEqual(["1", "2", "5", "8"]);
  expect(choose(PLANS.jdbc, "frozen").map(({ id }) => id)).toEqual(["frozen"]);
});

it.each([
  ["6", "local", "experiment 6 does not fit stack test: it takes topology spokes"],
  ["slaves", "single", "experiment slaves does not fit stack test: no group has slaves"],
  ["9", "local", `no experiment 9; there are ${EXPERIMENTS.map(({ id }) => id).join(", ")}`],
] as const)("refuses experiment %s of %s", (id, stack, message) => {
  expect(() => choose(PLANS[stack], id)).toThrow(new Error(message));
});

it("strikes one group after the other, of those with slaves", () => {
  const indexes = [0, 1, 2];
  expect(indexes.map((index) => targetGroup(PLANS.local, index).name)).toEqual(["a", "b", "a"]);
  expect(indexes.map((index) => targetGroup(PLANS.single, index).name)).toEqual(["a", "b", "a"]);
  const mixed = planOf({ store: "jdbc", groups: [single("a"), { name: "b", brokers: 2 }] });
  expect(indexes.map((index) => targetGroup(mixed, index).name)).toEqual(["b", "b", "b"]);
});

it.each<[string, FaultStep["aim"], FaultStep["kind"], keyof typeof PLANS, boolean]>([
  ["the others elect a master", "master", "freeze", "local", false],
  ["there are no others", "master", "freeze", "single", true],
  ["its supervisor starts it again", "master", "kill", "single", false],
  ["a copy needs a majority", "slaves", "halt", "local", true],
  ["a lease needs nobody", "slaves", "halt", "jdbc", false],
  ["the rest elects nobody", "majority", "halt", "local", true],
  ["the rest elects somebody", "leader", "halt", "local", false],
  ["nobody holds a lease", "database", "halt", "jdbc", true],
  ["nobody has a lock", "directory", "halt", "sharedKahaDB", true],
  ["supervisors start everything again", "everything", "kill", "local", false],
])("an outage or not: %s", (_why, aim, kind, stack, expected) => {
  expect(isOutage({ aim, kind, seconds: 1 }, first(PLANS[stack].groups))).toBe(expected);
});

it("kills as often as it is told", () => {
  const stepsOf = (id: string, kills: number) => FAULTS.find((fault) => fault.id === id)?.steps(kills).length;
  expect([stepsOf("5", 1), stepsOf("5", 5), stepsOf("frozen", 5)]).toEqual([1, 5, 1]);
});
