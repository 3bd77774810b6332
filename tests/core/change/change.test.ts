/** What may not change in a cluster that runs, although each of the two stack files is right by itself. */
import { changeFrom } from "../../../core/change/change";
import { planOf } from "../../support/plans";
import type { ClusterPlan } from "../../../core/plan/model";

type Values = Record<string, unknown>;
const machines = (addresses: readonly string[], more: (i: number) => Values = () => ({})) =>
  addresses.map((address, i) => ({ name: `m${i + 1}`, address, ...more(i) }));
const TWELVE = Array.from({ length: 12 }, (_, i) => `10.0.0.${i + 1}`);
const paths = (before: ClusterPlan, next: ClusterPlan) => changeFrom(before, next).faults.map(({ path }) => path);
const elsewhere = (before: ClusterPlan, next: ClusterPlan) =>
  changeFrom(before, next).elsewhere.map(({ path }) => path);

test("nothing changed, nothing wrong", () => {
  expect(changeFrom(planOf({}), planOf({}))).toMatchObject({ faults: [], leaving: [] });
});

test.each<[string, Values, Values]>([
  ["settings of brokers", {}, { limits: { heapMiB: 512 }, transports: { amqp: true }, topology: "duplex" }],
  ["settings of members", {}, { zookeeper: { heapMiB: 256, sessionTimeoutMillis: 12000 } }],
  ["passwords, by one generation", {}, { passwords: { generation: 2 } }],
  ["another group, at the end", {}, { groups: [{ name: "a" }, { name: "b" }, { name: "c" }] }],
  ["a group that is retired", {}, { groups: [{ name: "a" }, { name: "b", retire: true }] }],
  ["a port that was written down", {}, { groups: [{ name: "a", ports: { openwire: 7000 } }, { name: "b" }] }],
])("%s may change", (_name, before, next) => {
  // The second group keeps its place when the first one's ports go elsewhere.
  const pinned = { openwire: 61619, replication: 62619, metrics: 9407 };
  const pin = (values: Values) => ({
    ...values,
    groups: ((values["groups"] ?? [{ name: "a" }, { name: "b" }]) as { name: string; ports?: object }[]).map((group) =>
      group.name === "b" ? { ...group, ports: pinned } : group,
    ),
  });
  expect(changeFrom(planOf(pin(before)), planOf(pin(next)))).toMatchObject({ faults: [], leaving: [] });
});

test.each<[string, Values, Values, string[]]>([
  ["the directory", {}, { directory: "/elsewhere" }, ["directory"]],
  ["more brokers", {}, { groups: [{ name: "a", brokers: 5 }, { name: "b", ports: { openwire: 61619, replication: 62619, metrics: 9407 } }] }, ["groups[0].brokers"]], // prettier-ignore
  ["another election path", {}, { groups: [{ name: "a", zkPath: "/x/a" }, { name: "b" }] }, ["groups[0].zkPath"]],
  ["more members", {}, { zookeeper: { members: 5 } }, ["zookeeper.members"]],
  ["a member's port", {}, { zookeeper: { ports: { election: 4888 } } }, ["zookeeper.ports", "zookeeper.ports", "zookeeper.ports"]], // prettier-ignore
  ["a generation of passwords that skips one", {}, { passwords: { generation: 3 } }, ["passwords.generation"]],
  ["a generation of passwords that goes back", { passwords: { generation: 2 } }, {}, ["passwords.generation"]],
])("%s must not change", (_name, before, next, expected) => {
  expect(paths(planOf(before), planOf(next))).toEqual(expected);
});

test("another store must not be put under a group", () => {
  const one = { groups: [{ name: "a", brokers: 1 }], store: "kahaDB" };
  const three = { groups: [{ name: "a", brokers: 3 }] };
  expect(paths(planOf(three), planOf(one))).toContain("store");
});

test("a group's own store is the same as the cluster's, and must not be put under it either", () => {
  const [a, b, own] = [{ name: "a" }, { name: "b" }, { name: "b", brokers: 1, store: "kahaDB" }];
  expect(paths(planOf({ groups: [a, b] }), planOf({ groups: [a, { ...b, store: "replicatedLevelDB" }] }))).toEqual([]);
  expect(paths(planOf({ groups: [a, b] }), planOf({ groups: [a, own] }))).toContain("groups[1].store");
  // The last group that was elected through the ensemble may leave, and the ensemble with it.
  expect(paths(planOf({ groups: [own, a] }), planOf({ groups: [own] }))).toEqual([]);
});

test.each(["jdbc", "sharedKahaDB"])("a group may grow, not shrink, where its brokers share a store: %s", (store) => {
  const of = (brokers: number) => planOf({ store, groups: [{ name: "a", brokers }] });
  expect(changeFrom(of(2), of(3)).faults).toEqual([]);
  const { faults } = changeFrom(of(3), of(2));
  expect(faults).toMatchObject([{ path: "groups[0].brokers", allowed: "3, as it runs, or more" }]);
  expect(faults[0]?.problem).toContain("may be its master");
  expect(faults[0]?.problem).not.toContain("majority");
});

test("a group of replicated brokers keeps its number, because of the majority", () => {
  const of = (brokers: number) => planOf({ groups: [{ name: "a", brokers }] });
  for (const [before, next] of [
    [3, 5],
    [5, 3],
  ] as const) {
    // prettier-ignore
    const { faults } = changeFrom(of(before), of(next));
    expect(faults).toMatchObject([{ path: "groups[0].brokers", allowed: `${before}, as it runs` }]);
    expect(faults[0]?.problem).toContain("two masters could be elected");
  }
});

test("a database must not be exchanged for another", () => {
  const jdbc = (keys: Values) => planOf({ store: "jdbc", jdbc: keys });
  const given = { url: "jdbc:postgresql://db/mq", passwordFile: "/pw" };
  expect(elsewhere(jdbc({}), jdbc({ maxConnections: 30 }))).toEqual([]);
  expect(elsewhere(jdbc({}), jdbc({ port: 5433 }))).toEqual(["jdbc.port"]);
  expect(elsewhere(jdbc({}), jdbc(given))).toEqual(["jdbc.url"]);
});

test("a shared directory must not be exchanged for another, nor what is mounted at it", () => {
  const shared = (keys: Values) => planOf({ store: "sharedKahaDB", sharedKahaDB: keys });
  expect(elsewhere(shared({}), shared({}))).toEqual([]);
  expect(elsewhere(shared({}), shared({ directory: "/srv/mq" }))).toEqual(["sharedKahaDB.directory"]);
  const ssh = (mount: string) =>
    planOf({
      target: "ssh",
      store: "sharedKahaDB",
      groups: [{ name: "a", brokers: 1 }],
      hosts: [{ name: "m1", address: "10.0.0.1" }],
      sharedKahaDB: { directory: "/srv/mq", mount },
    });
  expect(elsewhere(ssh("nfs:/a"), ssh("nfs:/b"))).toEqual(["sharedKahaDB.mount"]);
});

test("a newer release may take over a store, an older one must not", () => {
  const one = (release?: string) =>
    planOf({ groups: [{ name: "a", brokers: 1 }], store: "kahaDB", ...(release !== undefined && { release }) });
  expect(paths(one("5.16"), one())).toEqual([]);
  expect(paths(one(), one("5.16"))).toEqual(["release"]);
});

test("ports that nobody wrote down must not move with the order of the groups", () => {
  const before = planOf({ groups: [{ name: "a" }, { name: "b" }, { name: "c" }] });
  const { faults, leaving } = changeFrom(before, planOf({ groups: [{ name: "a" }, { name: "c" }] }));
  expect(leaving.map(({ name }) => name)).toEqual(["b"]);
  expect(faults.map(({ path, fix }) => [path, fix])).toEqual([
    ["groups[1].ports.openwire", "write openwire: 61622 to keep it"],
    ["groups[1].ports.replication", "write replication: 62622 to keep it"],
    ["groups[1].ports.metrics", "write metrics: 9410 to keep it"],
  ]);
});

test("a group that leaves must be empty, unless what it holds is given up", () => {
  const groups = (retire: unknown) => [{ name: "a" }, { name: "b", retire }];
  const next = planOf({ groups: [{ name: "a" }] });
  expect(changeFrom(planOf({ groups: groups(true) }), next).leaving.map(({ name }) => name)).toEqual(["b"]);
  expect(changeFrom(planOf({ groups: groups("discard") }), next).leaving).toEqual([]);
});

describe("machines", () => {
  const stack = (hosts: Values[]) =>
    planOf({ target: "ssh", hosts, groups: [{ name: "a" }], zookeeper: { members: 3 }, topology: "none" });
  const six = TWELVE.slice(0, 6);

  test("a broker must not move to another one", () => {
    const before = stack(machines(six));
    const { faults } = changeFrom(before, stack([...machines(six)].reverse()));
    expect(faults.map(({ problem }) => problem)).toContainEqual(
      expect.stringMatching(/^Broker a-1 would move from host m1 to m6: its messages are on m1/),
    );
  });

  test("a machine that is left out is told with what it carried, to be asked whether it is gone", () => {
    const before = stack(machines(six));
    const onFirst = before.hosts.find(({ name }) => name === "m1")?.services;
    const without = stack(machines(TWELVE.slice(0, 7)).slice(1));
    const { abandoned } = changeFrom(before, without);
    expect(abandoned.get("m1")).toEqual(onFirst);
  });

  test("a machine of the same name at another address is another machine, and has to be called so", () => {
    const moved = six.with(0, "10.0.0.99");
    expect(paths(stack(machines(six)), stack(machines(moved)))).toEqual(["hosts[0].address"]);
    const renewed = machines(moved, (i) => (i === 0 ? { generation: 2 } : {}));
    expect(paths(stack(machines(six)), stack(renewed))).toEqual([]);
  });

  test("not all machines of a group may be empty ones at once", () => {
    const brokers = new Set(stack(machines(six)).groups[0]?.brokers.map(({ host }) => host));
    const renew = (n: number) => {
      const names = [...brokers].slice(0, n);
      return machines(six, (i) => (names.includes(`m${i + 1}`) ? { generation: 2 } : {}));
    };
    expect(paths(stack(machines(six)), stack(renew(2)))).toEqual([]);
    expect(paths(stack(machines(six)), stack(renew(3)))).toEqual(["hosts"]);
  });

  test("the only machine of a group may be an empty one when it is said that its messages are gone", () => {
    const plan = (generation: number, retire: boolean | "discard") => {
      const hosts = machines(TWELVE.slice(0, 2), (i) => (i === 1 ? { generation } : {}));
      const groups = [
        { name: "a", brokers: 1 },
        { name: "b", brokers: 1, retire },
      ];
      return planOf({ target: "ssh", store: "kahaDB", groups, hosts });
    };
    const [fault, ...others] = changeFrom(plan(1, false), plan(2, false)).faults;
    expect([fault?.fix, others]).toEqual([expect.stringContaining("`retire: discard` on group b"), []]);
    expect(changeFrom(plan(1, false), plan(2, "discard")).faults).toEqual([]);
  });
});
