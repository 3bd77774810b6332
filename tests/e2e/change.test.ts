/** Changing a running group: only what is concerned, one at a time, and a way back from a bad change. */
import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { cacheDirectory, runtimeHash } from "../../core/host/runtimes";
import { underLoad } from "./load";
import { limit } from "../../testbed/harness/patience";
import { FAST, Project, group, port } from "../../testbed/harness/testProject";

const stack = "change";
const project = new Project();
const write = (limits: Record<string, number>, more: Record<string, unknown> = {}) => {
  project.write(stack, { groups: [group("a")], topology: "none", limits, ...more });
};

beforeAll(async () => {
  write({ tempMiB: 500 });
  await project.up(stack);
});
/** What this file has left in the cache. */
const garbage: string[] = [];
afterAll(() => {
  project.remove();
  for (const folder of garbage) rmSync(folder, { recursive: true, force: true });
});

it("restarts only what a changed setting concerns", async () => {
  const before = project.pids(stack);
  write({ tempMiB: 600 });
  await project.up(stack);
  const after = project.pids(stack);
  expect(Object.keys(before).filter((service) => before[service] !== after[service])).toEqual(["a-1", "a-2", "a-3"]);
});

it("takes another version of the Java parts like any change: its brokers alone, the master last", async () => {
  const runtime = join(project.directory, "runtime");
  appendFileSync(join(runtime, "classic", "java", "activemq", "cluster", "BrokerMain.java"), "// another version\n");
  const resolved = join(cacheDirectory(), `classic-5.16-${runtimeHash("classic-5.16", runtime)}`);
  garbage.push(resolved);
  const before = { pids: project.pids(stack), status: await project.whole(stack) };
  await project.up(stack);
  const after = { pids: project.pids(stack), status: await project.whole(stack) };
  const restarted = Object.keys(before.pids).filter((service) => before.pids[service] !== after.pids[service]);
  expect(restarted).toEqual(["a-1", "a-2", "a-3"]);
  expect(after.status.groups[0]?.master).not.toBe(before.status.groups[0]?.master);
  for (const service of restarted) {
    expect(readFileSync(`/proc/${after.pids[service] ?? ""}/cmdline`, "utf8")).toContain(basename(resolved));
  }
});

it("takes another version of ZooKeeper under load: followers first, the leader last, nothing lost", async () => {
  const runtime = join(project.directory, "runtime");
  appendFileSync(join(runtime, "zookeeper-3.9", "pom.xml"), "<!-- another version -->\n");
  garbage.push(join(cacheDirectory(), `zookeeper-3.9-${runtimeHash("zookeeper-3.9", runtime)}`));
  /** Members in the order in which their processes were started. */
  const inOrder = (pids: Record<string, string>) => {
    const members = Object.entries(pids).filter(([service]) => service.startsWith("zookeeper"));
    return members.sort(([, a], [, b]) => startOf(a) - startOf(b)).map(([service]) => service);
  };
  const before = { pids: project.pids(stack), status: await project.status(stack) };
  const { counts } = await underLoad(project.directory, stack, () => project.up(stack));
  const after = project.pids(stack);
  const leader = before.status.ensemble.find(({ role }) => role === "leader")?.name;
  expect([inOrder(after).length, inOrder(after).at(-1)]).toEqual([3, leader]);
  for (const member of inOrder(after)) expect(after[member]).not.toBe(before.pids[member]);
  await project.whole(stack);
  expect(counts.sent).toBeGreaterThan(100);
  expect(counts.lost).toBe(0);
});

/** When a process was started, in ticks since the machine was. */
function startOf(pid: string): number {
  const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  return Number(fields.split(" ")[19]);
}

it("refuses a broken setting before anything restarts", async () => {
  const before = project.pids(stack);
  write({ tempMiB: 600 }, { client: { maxInactivityMillis: FAST.zookeeper.sessionTimeoutMillis / 2 } });
  const { code, stderr } = await project.amq("up", stack);
  write({ tempMiB: 600 });
  expect(code).toBe(1);
  expect(stderr).toContain("client.maxInactivityMillis");
  expect(project.pids(stack)).toEqual(before);
});

/** Takes a port of 127.0.0.1 as soon as whoever has it lets go of it. */
function takePort(number: number) {
  const server = createServer();
  const attempt = () => server.listen(number, "127.0.0.1");
  let released = false;
  server.on("error", () => setTimeout(() => released || attempt(), 5));
  attempt();
  const release = () => {
    released = true;
    server.close();
  };
  return { release };
}

/** More memory than any machine has: the process ends at once, and only a real start can find that out. */
const IMPOSSIBLE = { tempMiB: 600, heapMiB: 16_000_000 };

describe("a change that fails at its first broker", () => {
  /** What is meant to fail is given up sooner than users' changes. */
  const failingUp = () =>
    project.start(["up", stack], { AMQ_HEALTH_SECONDS: String(Math.ceil(limit(20) / 1000)) }).answer;

  it("stops there, leaves the group whole, and needs nothing when it is reverted", async () => {
    const [{ master } = { master: null }] = (await project.status(stack)).groups;
    write(IMPOSSIBLE);
    const failed = await failingUp();
    write({ tempMiB: 600 });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("the last confirmed version runs again");
    const during = await project.until(stack, ({ whole }) => whole, 90, "the old version does not serve again");
    expect(during.groups[0]?.master).toBe(master);
    const before = project.pids(stack);
    await project.up(stack);
    expect(project.pids(stack)).toEqual(before);
  });

  it("is done when it is retried and the reason is gone", async () => {
    const slaves = (await project.status(stack)).groups[0]?.brokers.filter(({ role }) => role === "slave") ?? [];
    const [{ name } = { name: "" }] = slaves;
    // The slave that is restarted first finds its port taken, and so does its old version.
    write({ tempMiB: 700 });
    const answer = failingUp();
    const taker = takePort(port(29403) + Number(name.slice(2)));
    const failed = await answer;
    taker.release();
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining(`${name} did not become healthy on`)]);
    await project.until(stack, ({ whole }) => whole, 90, "the old version does not serve again");
    const before = project.pids(stack);
    await project.up(stack);
    const after = project.pids(stack);
    expect(Object.keys(before).filter((service) => before[service] !== after[service])).toEqual(["a-1", "a-2", "a-3"]);
  });

  it("is done when it is mended", async () => {
    write(IMPOSSIBLE);
    expect((await failingUp()).code).toBe(1);
    write({ tempMiB: 800 });
    await project.up(stack);
    await project.whole(stack);
    expect(
      readFileSync(join(project.directory, ".amq", stack, "hosts", "a-1", "a-1", "active", "activemq.xml"), "utf8"),
    ).toContain("800");
  });
});

it("drains the master's host, keeps it drained over an up, and puts it back", async () => {
  const [{ master } = { master: null }] = (await project.status(stack)).groups;
  const host = master ?? "";
  const out = await project.amq("drain", stack, host, "--json");
  expect([out.code, out.code === 0 ? "" : out.stderr]).toEqual([0, ""]);
  expect(JSON.parse(out.stdout)).toMatchObject({ drained: true, services: [host], down: [] });
  const without = await project.status(stack);
  expect(without.groups[0]?.master).toMatch(/^a-\d$/);
  expect(without.groups[0]?.master).not.toBe(host);
  expect(without.missing).toEqual([
    { what: `${host} is drained with its host ${host}`, todo: `npx amq drain ${stack} ${host} --back puts it back` },
  ]);
  const others = project.pids(stack);
  const up = await project.amq("up", stack);
  expect([up.code, others]).toEqual([1, project.pids(stack)]);
  expect(up.stderr).toContain(`${host}: drained, and left alone`);
  const second = await project.amq("drain", stack, without.groups[0]?.master ?? "");
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/nothing was changed:\n- the cluster is not whole[^]*would have 1 of 3 brokers left/);
  const back = await project.amq("drain", stack, host, "--back");
  expect([back.code, back.code === 0 ? "" : back.stderr]).toEqual([0, ""]);
  const { groups } = await project.whole(stack);
  expect(groups[0]?.master).toBe(without.groups[0]?.master);
});

it("starts again what was halted", async () => {
  spawnSync(join(project.directory, ".amq", stack, "hosts", "a-1", "bin", "amq-host"), ["halt", "a-1"]);
  const status = await project.status(stack);
  expect(status.whole).toBe(false);
  expect(status.missing.map(({ what }) => what).join()).toContain("a-1");
  await project.up(stack);
  await project.whole(stack);
});

it("forgets a host that is gone, and sets its successor up from nothing", async () => {
  const folder = join(project.directory, ".amq", stack, "hosts", "a-3");
  const refused = await project.amq("forget", stack, "a-3");
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("a-3 would go on there") as string]);
  spawnSync(join(folder, "bin", "amq-host"), ["halt", "a-3"]);
  rmSync(folder, { recursive: true });
  const { code, stdout } = await project.amq("forget", stack, "a-3", "--json");
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as { forgotten: string[] }).forgotten).toContain("activemq-a-3-prepare");
  const before = project.pids(stack);
  await project.up(stack);
  const after = project.pids(stack);
  expect(Object.keys(after).filter((service) => before[service] !== after[service])).toEqual(["a-3"]);
  await project.whole(stack);
});
