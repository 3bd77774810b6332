/** Who goes first when machines are replaced, and when none may go. */
import { replacementOrder, turnFaults } from "../../../operate/change/machines";
import type { Observed } from "../../../operate/status";
import { planOf } from "../../broker/plans";

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
function seen(roles: Record<string, string> = {}): Pick<Observed, "facts"> {
  const primary: Record<string, string> = { "a-2": "master", "b-1": "master", "zookeeper-3": "leader" };
  const role = (name: string, otherwise: string) => roles[name] ?? primary[name] ?? otherwise;
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
  return { facts } as unknown as Pick<Observed, "facts">;
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
    turnFaults(plan, changed, seen(roles), order).map(({ problem }) => problem);

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

  test("not brokers beside a member that is away and stays so", () => {
    expect(faults({ "zookeeper-2": "down" }, brokers)).toHaveLength(2);
    expect(faults({ "zookeeper-2": "down" }, all)).toEqual([]);
  });
});
