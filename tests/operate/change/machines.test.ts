/** Who goes first when machines are replaced, and when none may go. */
import { replacementOrder, replacementFaults } from "../../../operate/change/machines";
import type { Observed } from "../../../operate/status/status";
import { planOf } from "../../support/plans";

const plan = planOf({
  target: "aws",
  store: "replicatedLevelDB",
  aws: {
    region: "eu-west-1",
    zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    image: { id: "ami-0123456789abcdef0" },
    instanceTypes: { broker: "m7g.large", zookeeper: "t4g.small" },
    login: { bastion: { cidrs: ["192.0.2.0/24"] } },
  },
  groups: [{ name: "a" }, { name: "b" }],
});

/** A whole cluster, masters a-2 and b-1, leader zookeeper-3, but for what is said. */
function seen(roles: Record<string, string> = {}, silent: readonly string[] = []): Pick<Observed, "facts" | "silent"> {
  const primary: Record<string, string> = { "a-2": "master", "b-1": "master", "zookeeper-3": "leader" };
  const role = (name: string, otherwise: string) =>
    silent.includes(name) ? "unknown" : (roles[name] ?? primary[name] ?? otherwise);
  const facts = {
    groups: plan.groups.map(({ name, brokers }) => ({
      name,
      master: null,
      brokers: brokers.map((broker) => ({ name: broker.name, role: role(broker.name, "slave") })),
    })),
    ensemble: (plan.ensemble?.members ?? []).map(({ name }) => ({ name, role: role(name, "follower") })),
    database: [],
    bridges: [],
    queues: [],
  };
  const said = new Map(silent.map((name) => [name, "ssh: connect to host 10.0.0.20 port 22: Connection timed out"]));
  return { facts, silent: said } as unknown as Pick<Observed, "facts" | "silent">;
}

test("masters and leaders go last, what lacks something first", () => {
  const order = replacementOrder(plan, seen());
  expect(order.slice(0, -3).sort()).toEqual(["a-1", "a-3", "b-2", "b-3", "zookeeper-1", "zookeeper-2"]);
  expect(order.slice(-3).sort()).toEqual(["a-2", "b-1", "zookeeper-3"]);
  expect(
    replacementOrder(plan, seen({ "a-3": "down", "zookeeper-2": "starting" }))
      .slice(0, 2)
      .sort(),
  ).toEqual(["a-3", "zookeeper-2"]);
});

describe("machines may be replaced", () => {
  const all = plan.hosts.map(({ name }) => name);
  const brokers = all.filter((name) => !name.startsWith("zookeeper"));
  const faults = (roles: Record<string, string>, changed = all, order = replacementOrder(plan, seen(roles))) =>
    replacementFaults(plan, changed, seen(roles), { order, running: new Set(all) }).map(({ problem }) => problem);

  test("in a whole cluster", () => {
    expect(faults({})).toEqual([]);
    expect(faults({}, all, [])).toEqual([]);
  });

  test("to mend the one that lacks something, when it goes first", () => {
    expect(faults({ "a-3": "down" })).toEqual([]);
    expect(faults({ "a-3": "down" }, all, [])).toEqual([
      "The machines a-1, a-2, a-3 would be replaced one after the other, and a-3 is missing already: with another one away nobody might serve.",
    ]);
    expect(faults({ "zookeeper-2": "down" })).toEqual([]);
  });

  test("not where two are away, in that group alone", () => {
    const found = faults({ "a-3": "down", "a-1": "starting" });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("a-1, a-3 are missing already");
    expect(faults({ "a-3": "down", "a-1": "starting" }, ["b-1", "b-2", "b-3"])).toEqual([]);
  });

  test("not where nobody of a group can be asked, unless its machines do not run", () => {
    const group = ["a-1", "a-2", "a-3"];
    const roles = Object.fromEntries(group.map((name) => [name, "down"]));
    const of = (silent: readonly string[], running: readonly string[]) =>
      replacementFaults(plan, group, seen(roles, silent), { order: [], running: new Set(running) });
    const [fault, ...more] = of(group, all);
    expect(more).toEqual([]);
    expect(fault?.problem).toBe(
      "The machines a-1, a-2, a-3 would be replaced one after the other, and nobody can say whether they serve: a-1, a-2, a-3 cannot be asked (ssh: connect to host 10.0.0.20 port 22: Connection timed out), and run, by the engine's state.",
    );
    expect(fault?.fix).toMatch(/amq status.*aws.login.*pulumi refresh --stack/);
    // Two answer that they are down, and the third may be the one that serves.
    expect(of(["a-2"], all)[0]?.problem).toContain("a-2 cannot be asked");
    // Stopped or gone; or they say so themselves, as those of a stack that was never up.
    expect(of(group, ["b-1"])).toEqual([]);
    expect(of([], all)).toEqual([]);
  });

  test("not brokers beside a member that is away and stays so", () => {
    expect(faults({ "zookeeper-2": "down" }, brokers)).toHaveLength(2);
    expect(faults({ "zookeeper-2": "down" }, all)).toEqual([]);
  });
});
