import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onHost } from "../../../operate/hosts/askHost";
import { readStatus } from "../../../operate/status/status";
import { statusText } from "../../../operate/status/statusText";
import { type Answers, FakeHosts } from "../../support/fakeHosts";
import { removeScratch } from "../../../core/host/openSsh";
import type { Status } from "../../../operate/status/statusModel";

let hosts: FakeHosts;
afterEach(() => { hosts.remove(); }); // prettier-ignore

async function statusOf(answers: Record<string, Answers> = {}, values: Record<string, unknown> = {}): Promise<Status> {
  hosts = new FakeHosts(values).up(answers);
  return readStatus(hosts.plan);
}

/** An ended process that nobody has collected yet does not count. */
function isRunning(pid: string): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !readFileSync(stat, "utf8").includes(") Z ");
}

const whats = (status: Status) => status.missing.map(({ what }) => what);

test("whole: one master each with attached slaves, a quorum, every bridge up", async () => {
  const status = await statusOf();
  expect(status).toEqual({
    whole: true,
    groups: ["a", "b"].map((group) => ({
      name: group,
      master: `${group}-1`,
      brokers: [
        { name: `${group}-1`, role: "master" },
        { name: `${group}-2`, role: "slave" },
        { name: `${group}-3`, role: "slave" },
      ],
    })),
    database: [],
    ensemble: [
      { name: "zookeeper-1", role: "follower" },
      { name: "zookeeper-2", role: "leader" },
      { name: "zookeeper-3", role: "follower" },
    ],
    bridges: [
      { from: "a", to: "b", up: true },
      { from: "b", to: "a", up: true },
    ],
    queues: [],
    unknownQueues: [],
    missing: [],
    warnings: [],
  });
  expect(statusText(hosts.plan, status).split("\n").at(-1)).toBe(
    "whole: 2 groups have a master and 2 attached slaves each, 3 ZooKeeper members in quorum, 2 of 2 bridges up",
  );
});

test("groups of different sizes are told apart in the verdict", async () => {
  const status = await statusOf({}, { groups: [{ name: "a" }, { name: "b", brokers: 5 }] });
  expect(statusText(hosts.plan, status)).toContain(
    "whole: group a has a master and 2 attached slaves, group b has a master and 4 attached slaves, 3 ZooKeeper",
  );
});

test("groups without slaves need no ensemble and no slaves to be whole", async () => {
  const single = { store: "kahaDB", groups: [{ name: "a", brokers: 1 }], topology: "none" };
  const status = await statusOf({}, single);
  expect(status).toMatchObject({ whole: true, ensemble: [], bridges: [] });
  expect(statusText(hosts.plan, status)).toContain("whole: 1 group has a master");
});

test("a group without a master that shares a directory is told where to look", async () => {
  const shared = { store: "sharedKahaDB", topology: "none", groups: [{ name: "a" }] };
  const starting = { role: "starting" };
  const status = await statusOf({ "a-1": starting, "a-2": starting, "a-3": starting }, shared);
  expect(status.missing[0]?.todo).toContain("the shared directory shared/a");
});

describe("groups whose messages are in a database", () => {
  const jdbc = { store: "jdbc", topology: "none", groups: [{ name: "a" }] };
  const waiting: Answers = { role: "starting", bridges: "", metrics: "" };

  test("need no ensemble, but the server that the program runs", async () => {
    const status = await statusOf({}, jdbc);
    expect(status).toMatchObject({ whole: true, ensemble: [], database: [{ name: "postgresql", role: "serving" }] });
    expect(statusText(hosts.plan, status)).toMatch(/database +postgresql +serving/);
    expect(statusText(hosts.plan, status)).toContain("1 group has a master and 2 attached slaves, the database serves");
  });

  test.each<[string, string]>([
    ["down", "postgresql is down"],
    ["starting", "the database server postgresql is starting, and every group waits for it"],
  ])("wait while it is %s, and that is said first", async (role, what) => {
    const status = await statusOf({ postgresql: { role }, "a-1": waiting, "a-2": waiting, "a-3": waiting }, jdbc);
    expect(whats(status).slice(0, 2)).toEqual([what, "group a has no master: it takes no messages and gives none"]);
    expect(status.missing[1]?.todo).toContain("wait for the database");
  });

  test("serve with one broker left", async () => {
    const down: Answers = { role: "down", bridges: "", metrics: "" };
    const status = await statusOf({ "a-2": down, "a-3": down }, jdbc);
    expect(status.groups[0]?.master).toBe("a-1");
    expect(whats(status)).toEqual(["a-2 is down", "a-3 is down"]);
  });
});

test("duplex: one bridge, reported by the group that dials", async () => {
  const status = await statusOf({}, { topology: "duplex" });
  expect(status).toMatchObject({ whole: true, bridges: [{ from: "a", to: "b", up: true }] });
  expect(statusText(hosts.plan, status)).toMatch(/a <-> b +up/);
});

test("a connector counts for its own group only", async () => {
  const status = await statusOf({ "a-1": { bridges: "b-to-a" }, "b-1": { bridges: "a-to-b" } });
  expect(status.bridges.map(({ up }) => up)).toEqual([false, false]);
});

describe("not whole", () => {
  test("a slave that is starting", async () => {
    const status = await statusOf({ "a-3": { role: "starting" } });
    expect(status.whole).toBe(false);
    expect(status.missing).toEqual([{ what: "a-3 is starting", todo: expect.stringContaining("ask again") as string }]);
  });

  test("a broker that is down, with what to do and where its log is", async () => {
    const status = await statusOf({ "b-2": { role: "down" } });
    const log = join(hosts.directory, "hosts", "b-2", "b-2", "log");
    expect(status.missing).toEqual([
      { what: "b-2 is down", todo: `npx amq up test starts what is down; its log: ${log}` },
    ]);
  });

  test("a drained broker is down because somebody wants it to be, and how it comes back", async () => {
    const status = await statusOf({ "b-2": { role: "down", drained: "drained" } });
    expect(status.groups[1]?.brokers[1]).toEqual({ name: "b-2", role: "down" });
    expect(status.missing).toEqual([
      { what: "b-2 is drained with its host b-2", todo: "npx amq drain test b-2 --back puts it back" },
    ]);
  });

  test("a broker that ended says why, whether it runs again or not; one that serves again does not", async () => {
    const failure = "Elected, but the store cannot start: java.io.EOFException (2026-11-30T05:43:12Z)";
    const status = await statusOf({
      "a-2": { failure },
      "a-3": { role: "starting", failure },
      "b-2": { role: "down", failure },
      "b-3": { role: "down", failure, drained: "drained" },
    });
    expect(status.groups.map(({ brokers }) => brokers.map((broker) => broker.failure))).toEqual([
      [undefined, undefined, failure],
      [undefined, failure, failure],
    ]);
    expect(whats(status)).toEqual([
      `a-3 is starting; its last process ended: ${failure}`,
      `b-2 is down; its last process ended: ${failure}`,
      "b-3 is drained with its host b-3",
    ]);
  });

  test("how far a slave's copy is behind its master; a MiB is said, 64 are a fault, and a broker of before says nothing", async () => {
    const master = (bridge: string) => ({
      report: `activemq_store_received_bytes 1.0E8\nactivemq_bridge_up{connector="${bridge}"} 1`,
    });
    const slave = (indexed: string) => ({ report: `activemq_store_indexed_bytes ${indexed}` });
    const status = await statusOf({
      "a-1": master("a-to-b"),
      "a-2": slave("9.9E7"),
      "a-3": slave("100000123"),
      "b-1": master("b-to-a"),
      "b-2": slave("3.0E7"),
      "b-3": { report: "activemq_store_indexed_bytes -1.0" },
    });
    expect(status.groups.map(({ brokers }) => brokers.map(({ behindBytes }) => behindBytes))).toEqual([
      [undefined, 1_000_000, 0],
      [undefined, 70_000_000, undefined],
    ]);
    expect(whats(status)).toEqual(["b-2 is a slave that is 67 MiB behind its master"]);
    const text = statusText(hosts.plan, status);
    expect(text).toMatch(/b-2 +slave, 67 MiB behind\n/);
    expect(text).toMatch(/a-2 +slave\n/);
  });

  test("too few brokers because some are drained: up would not start those", async () => {
    const drained = { role: "down", drained: "drained" };
    const status = await statusOf({ "a-1": drained, "a-2": { role: "starting" }, "a-3": drained });
    expect(status.missing[0]?.todo).toBe(
      "2 of its 3 brokers must run: npx amq drain test a-1 --back, npx amq drain test a-3 --back",
    );
  });

  test("two masters are an alarm, first in the list, and no master to send anybody to", async () => {
    const status = await statusOf({ "a-2": { role: "master" }, "b-2": { role: "down" } });
    expect(status.groups[0]?.master).toBeNull();
    expect(whats(status)[0]).toMatch(/^ALARM: group a has 2 masters \(a-1, a-2\)/);
    expect(whats(status)[1]).toBe("b-2 is down");
  });

  test("no master: an election under way", async () => {
    const status = await statusOf({ "a-1": { role: "slave" } });
    expect(status.groups[0]?.master).toBeNull();
    expect(whats(status)[0]).toMatch(/^group a has no master/);
    expect(status.missing[0]?.todo).toContain("the ZooKeeper session (10 s)");
    expect(status.missing.slice(1)).toEqual([
      { what: "the bridge from a to b is down", todo: "it comes by itself once a has a master" },
    ]);
  });

  test("no master: too few brokers to elect one", async () => {
    const status = await statusOf({ "a-1": { role: "down" }, "a-2": { role: "down" }, "a-3": { role: "starting" } });
    expect(status.missing[0]?.todo).toBe("2 of its 3 brokers must run: npx amq up test");
  });

  test("a member that is down does not take the quorum", async () => {
    const status = await statusOf({ "zookeeper-1": { role: "down" } });
    expect(whats(status)).toEqual(["zookeeper-1 is down"]);
  });

  test("no quorum: said once and first, the groups point to it", async () => {
    const masters = { "a-1": { role: "starting" }, "b-1": { role: "starting" } };
    const down = { "zookeeper-1": { role: "down" }, "zookeeper-2": { role: "down" } };
    const status = await statusOf({ ...masters, ...down, "zookeeper-3": { role: "starting" } });
    expect(whats(status).slice(0, 4)).toEqual([
      "ZooKeeper has no quorum: 0 of 3 members serve, 2 are needed; no group can have a master",
      expect.stringContaining("group a has no master"),
      expect.stringContaining("group b has no master"),
      "a-1, b-1 are starting",
    ]);
    expect(status.missing.at(-1)?.todo).toBe("it comes by itself once b and a have a master");
    expect(status.missing[1]?.todo).toContain("without ZooKeeper's quorum");
  });

  test("two leaders", async () => {
    const status = await statusOf({ "zookeeper-1": { role: "leader" } });
    expect(whats(status)).toEqual(["ALARM: ZooKeeper has 2 leaders (zookeeper-1, zookeeper-2)"]);
  });

  test("a bridge that is down between two masters", async () => {
    const status = await statusOf({ "b-1": { bridges: "" } });
    expect(status.bridges).toEqual([
      { from: "a", to: "b", up: true },
      { from: "b", to: "a", up: false },
    ]);
    expect(status.missing).toEqual([
      { what: "the bridge from b to a is down", todo: expect.stringContaining(join("b-1", "log")) as string },
    ]);
  });

  test("a stuck broker", async () => {
    const status = await statusOf({ "a-2": { role: "stuck" } });
    expect(whats(status)).toEqual(["a-2 is stuck: it holds up its group's election, or was stopped by a signal"]);
  });

  test("a member of the ensemble that was stopped", async () => {
    const status = await statusOf({ "zookeeper-1": { role: "stuck" } });
    expect(status.ensemble[0]).toEqual({ name: "zookeeper-1", role: "stuck" });
    expect(status.missing).toEqual([
      { what: "zookeeper-1 is stuck: it was stopped by a signal", todo: "send it CONT on zookeeper-1" },
    ]);
  });

  test("the text ends with each thing that is missing and what to do", async () => {
    const status = await statusOf({ "b-2": { role: "down" } });
    expect(statusText(hosts.plan, status)).toMatch(/\nNOT WHOLE:\n {2}b-2 is down\n {4}-> npx amq up test starts/);
  });
});

describe("a stack that is not up", () => {
  const notUp = [{ what: "the stack is not up: nothing of it runs", todo: "start it: npx amq up test" }];

  test("was never brought up", async () => {
    hosts = new FakeHosts();
    const status = await readStatus(hosts.plan);
    expect(status).toMatchObject({ whole: false, missing: notUp });
  });

  test("or nothing of it runs, as after a reboot", async () => {
    const down: Answers = { role: "down", bridges: "", metrics: "" };
    hosts = new FakeHosts({ store: "kahaDB", groups: [{ name: "a", brokers: 1 }] }).up({ "a-1": down });
    expect(await readStatus(hosts.plan)).toMatchObject({ whole: false, missing: notUp });
  });
});

test("a stack whose every service is drained is not called down", async () => {
  const single = { store: "kahaDB", groups: [{ name: "a", brokers: 1 }] };
  const status = await statusOf({ "a-1": { role: "down", drained: "drained" } }, single);
  expect(whats(status)).toEqual([
    "group a has no master: it takes no messages and gives none",
    "a-1 is drained with its host a-1",
  ]);
});

describe("a host script that does not answer", () => {
  test("is ended with everything it started; what its service does is not known, and that is said", async () => {
    hosts = new FakeHosts().up({ "a-2": { hangs: true } });
    const since = Date.now();
    const status = await readStatus(hosts.plan, 2);
    expect(Date.now() - since).toBeLessThan(10_000);
    expect(status.groups[0]?.brokers[1]).toEqual({ name: "a-2", role: "unknown" });
    expect(whats(status)).toEqual(["a-2 gives no answer within 2 s"]);
    const child = readFileSync(join(hosts.directory, "hosts", "a-2", "answers", "a-2", "child"), "utf8").trim();
    expect(isRunning(child)).toBe(false);
  });

  test("when all hang, the stack is not called down", async () => {
    hosts = new FakeHosts({ store: "kahaDB", groups: [{ name: "a", brokers: 1 }] }).up({ "a-1": { hangs: true } });
    expect(whats(await readStatus(hosts.plan, 1))).toContain("a-1 gives no answer within 1 s");
  });

  test("because it cannot be run", async () => {
    hosts = new FakeHosts().up();
    const script = join(hosts.directory, "hosts", "a-2", "bin", "amq-host");
    chmodSync(script, 0o644);
    expect((await onHost(hosts.plan, "a-2", ["list"])).stderr).toContain("EACCES");
    expect(whats(await readStatus(hosts.plan))).toEqual([
      expect.stringMatching(/^a-2 cannot be asked: its host a-2 fails \(.*EACCES/),
    ]);
  });

  test("because it fails: what it printed before is no answer", async () => {
    hosts = new FakeHosts().up();
    writeFileSync(join(hosts.directory, "hosts", "a-2", "bin", "amq-host"), "#!/bin/sh\necho master\nexit 3\n");
    expect((await readStatus(hosts.plan)).groups[0]?.brokers[1]).toEqual({ name: "a-2", role: "unknown" });
  });
});

describe("no answer says nothing", () => {
  const silent: Answers = { role: "unknown", report: "", metrics: "" };
  const single = { store: "kahaDB", groups: [{ name: "a", brokers: 1 }] };

  test("a word that nobody knows", async () => {
    const status = await statusOf({ "a-2": { role: "confused" } });
    expect(status.groups[0]?.brokers[1]).toEqual({ name: "a-2", role: "unknown" });
    expect(whats(status)).toEqual(["a-2 has a process that gives no sign of life"]);
  });

  test("of the only broker that could be the master: neither its group nor its bridges nor its queues are called down", async () => {
    const status = await statusOf({ "a-1": silent });
    expect(status).toMatchObject({
      bridges: [
        { from: "a", up: null },
        { from: "b", up: true },
      ],
      unknownQueues: ["a"],
    });
    expect(whats(status)).toEqual([
      "whether group a has a master is not known: no other broker of it is one, and a-1 did not say",
      "a-1 has a process that gives no sign of life",
      "whether the bridge from a to b is up is not known: no master of group a said",
    ]);
    const text = statusText(hosts.plan, status);
    expect(text).toMatch(/a --> b +unknown/);
    expect(text).toContain("dead letters: 0; not known: those of group a");
    expect(text).not.toMatch(/down|no master:/);
  });

  test("of a master that says what it is and not what it holds", async () => {
    const status = await statusOf({ "a-1": { metrics: "" } }, single);
    expect(status.groups[0]?.master).toBe("a-1");
    expect(whats(status)).toEqual(["what the queues of group a hold is not known: a-1 did not tell"]);
    expect(statusText(hosts.plan, status)).toContain("queues: not known");
  });

  test("of members of the ensemble: whether there is a quorum is known only when the others suffice", async () => {
    expect(whats(await statusOf({ "zookeeper-1": silent }))).toEqual(["zookeeper-1 has a process that gives no sign of life"]); // prettier-ignore
    hosts.remove();
    expect(whats(await statusOf({ "zookeeper-1": silent, "zookeeper-2": { role: "down" } }))[0]).toBe(
      "whether ZooKeeper has a quorum is not known: 1 of 3 members say that they serve, 2 are needed",
    );
    hosts.remove();
    const all = { "zookeeper-1": silent, "zookeeper-2": { role: "down" }, "zookeeper-3": { role: "down" } };
    expect(whats(await statusOf(all))[0]).toMatch(/^ZooKeeper has no quorum: 0 of 3/);
  });

  test("a broker of before, without a report, is known by its metrics", async () => {
    const metrics = 'activemq_broker_slave 0.0\nactivemq_bridge_up{connector="a-to-b",remote="b"} 1.0\n';
    expect(await statusOf({ "a-1": { report: "", metrics } })).toMatchObject({ whole: true });
  });
});

describe("whether the master takes and gives messages", () => {
  const single = { store: "kahaDB", groups: [{ name: "a", brokers: 1 }], transports: { maximumConnections: 20 } };
  const reports = (values: Readonly<Record<string, number>> = {}, connections = 3) => {
    const said = { trial_seconds_since_success: 4, trial_failures: 0, broker_memory_percent: 70, broker_store_percent: 2, broker_temp_percent: 0, ...values }; // prettier-ignore
    const lines = Object.entries(said).map(([name, value]) => `activemq_${name} ${value}`);
    return [...lines, `activemq_connector_connections{connector="openwire"} ${connections}`].join("\n");
  };
  const found = async (values?: Readonly<Record<string, number>>, connections?: number) => {
    const queue = (name: string, size: number) => `activemq_queue_size{queue="${name}"} ${size}.0`;
    const metrics = [queue("small", 1), queue("large", 9000)].join("\n");
    const { whole, missing, warnings } = await statusOf({ "a-1": { report: reports(values, connections), metrics } }, single); // prettier-ignore
    return { whole, missing: missing.map(({ what }) => what), warnings: warnings.map(({ what }) => what), missingTodo: missing[0]?.todo }; // prettier-ignore
  };

  test("it does, and that is in the JSON", async () => {
    const status = await statusOf({ "a-1": { report: reports() } }, single);
    expect(status).toMatchObject({ whole: true, missing: [], warnings: [] });
    expect(status.groups[0]?.service).toEqual({
      secondsSinceTrial: 4,
      failedTrials: 0,
      memoryPercent: 70,
      storePercent: 2,
      tempPercent: 0,
      connections: [{ connector: "openwire", open: 3, most: 20 }],
    });
  });

  const trial = (seconds: number) =>
    `group a has a master that took and gave no message for ${seconds} s: a-1 tries it with one of its own`;
  test.each<[string, Record<string, number>, number, string[], string[]]>([
    ["one failure", { trial_failures: 1, trial_seconds_since_success: 14 }, 3, [], [trial(14)]],
    ["two failures", { trial_failures: 2, trial_seconds_since_success: 28 }, 3, [trial(28)], []],
    ["a trial that hangs", { trial_seconds_since_success: 41 }, 3, [trial(41)], []],
    [
      "store and memory at 80 %",
      { broker_store_percent: 80, broker_memory_percent: 99 },
      3,
      [],
      [
        "group a uses 80 % of limits.storeMiB (4096 MiB, a-1): at 100 % it takes no persistent messages",
        expect.stringMatching(/^group a uses 99 % of limits.memoryMiB/),
      ],
    ],
    ["a full temporary store", { broker_temp_percent: 100 }, 3, ["group a uses 100 % of limits.tempMiB (512 MiB, a-1): at 100 % it takes no non-persistent messages"], []], // prettier-ignore
    ["nearly all connections", {}, 19, [], ["group a has 19 of 20 connections to connector openwire (a-1): with all of them nobody else can connect"]], // prettier-ignore
    ["all connections", {}, 20, ["group a has 20 of 20 connections to connector openwire (a-1): with all of them nobody else can connect"], []], // prettier-ignore
  ])("%s", async (_, values, connections, missing, warnings) => {
    expect(await found(values, connections)).toMatchObject({ whole: missing.length === 0, missing, warnings });
  });

  test("who holds what is full is named, the most first, and the text has warnings below the verdict", async () => {
    const { missingTodo } = await found({ broker_store_percent: 104 });
    expect(missingTodo).toMatch(/^consume, move or purge what waits \(most in large: 9000 messages, small: 1 message\); or raise limits.storeMiB/); // prettier-ignore
    hosts.remove();
    const status = await statusOf({ "a-1": { report: reports({ broker_store_percent: 90 }) } }, single);
    expect(statusText(hosts.plan, status)).toMatch(
      /\n\nwhole: .*\n\nwarnings:\n {2}group a uses 90 % of limits.storeMiB/,
    );
  });
});

afterAll(removeScratch);

test("a machine that cannot be reached by SSH is named, with the reason", async () => {
  hosts = new FakeHosts({
    target: "ssh",
    store: "kahaDB",
    groups: [{ name: "a", brokers: 1 }],
    hosts: [{ name: "m1", address: "m1.invalid", roles: ["broker"] }],
  });
  const { whole, missing } = await readStatus(hosts.plan);
  expect(whole).toBe(false);
  expect(missing.map(({ what }) => what)).toContainEqual(
    expect.stringMatching(/^a-1 cannot be asked: its host m1 cannot be reached \(ssh: .*m1\.invalid/),
  );
});

describe("queues", () => {
  const metrics = (queues: Record<string, [pending: number, consumers: number]>) =>
    Object.entries(queues)
      .flatMap(([queue, [pending, consumers]]) => [
        `activemq_queue_size{queue="${queue}",} ${pending}.0`,
        `activemq_queue_consumers{queue="${queue}",} ${consumers}.0`,
        `activemq_queue_enqueued_total{queue="${queue}",} 99.0`,
      ])
      .join("\n");

  test("are summed over groups, and slaves are not asked", async () => {
    const status = await statusOf({
      "a-1": { metrics: metrics({ orders: [3, 1], empty: [0, 0] }) },
      "a-2": { metrics: metrics({ orders: [1000, 0] }) },
      "b-1": { metrics: metrics({ orders: [4, 2] }) },
    });
    expect(status.queues).toEqual([
      { name: "empty", pending: 0, consumers: 0 },
      { name: "orders", pending: 7, consumers: 3 },
    ]);
    expect(statusText(hosts.plan, status)).toContain(
      "queues: 2, with 7 messages pending; dead letters: 0\n  orders  7 pending  3 consumers\n",
    );
  });

  test("of dead letters are listed with the others and counted apart", async () => {
    const status = await statusOf({
      "a-1": { metrics: metrics({ orders: [1, 0], "DLQ.orders": [2, 0], "ActiveMQ.DLQ": [3, 0] }) },
      "b-1": { metrics: metrics({ "DLQ.Topic.prices": [4, 0] }) },
    });
    expect(status.queues.map(({ name }) => name)).toEqual(["ActiveMQ.DLQ", "DLQ.Topic.prices", "DLQ.orders", "orders"]);
    const text = statusText(hosts.plan, status);
    expect(text).toContain("queues: 1, with 1 message pending; dead letters: 9");
    expect(text).toMatch(/DLQ\.Topic\.prices +4 pending/);
  });

  test("beyond a dozen are summed up", async () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`q${i}`, [i + 1, 0] as [number, number]]));
    const status = await statusOf({ "a-1": { metrics: metrics(many) } });
    const text = statusText(hosts.plan, status);
    expect(text).toContain("and 8 more; --json has all");
    expect(text).toMatch(/q19 +20 pending/);
    expect(status.queues).toHaveLength(20);
  });
});
