/** What goes wrong in an election, forged: each heals without anybody's help. One group, in order. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { type Server, createServer } from "node:net";
import { join } from "node:path";
import type { Status } from "../../operate/status/statusModel";
import { until as waitUntil } from "../../testbed/harness/patience";
import { FAST, Project, group, port, sessionMillis } from "../../testbed/harness/testProject";
import { javaSays } from "./java";

const stack = "election";
const project = new Project();
const replication = (broker: string) => port(27615) + Number(broker.slice(2));

beforeAll(async () => {
  project.write(stack, {
    groups: [group("a")],
    topology: "none",
    // As long as a user's: on a busy machine it can take seconds to reach another member.
    zookeeper: { ...FAST.zookeeper, sessionTimeoutMillis: sessionMillis(10_000) },
  });
  await project.up(stack);
});
afterAll(() => {
  project.remove();
});
beforeEach(async () => {
  // What a test that failed has left down is not the next one's fault.
  if (!(await project.status(stack)).whole) await project.up(stack);
  await until(({ whole }) => whole, 60, "the group is not whole before the test");
});

const until = (condition: (status: Status) => boolean, seconds: number, otherwise: string) =>
  project.until(stack, condition, seconds, otherwise);

async function roles(): Promise<{ master: string; slaves: string[] }> {
  const [group] = (await project.status(stack)).groups;
  const master = group?.master ?? "";
  return { master, slaves: (group?.brokers ?? []).map(({ name }) => name).filter((name) => name !== master) };
}

const host = (broker: string, verb: string) => {
  const script = join(project.directory, ".amq", stack, "hosts", broker, "bin", "amq-host");
  const { status, stderr } = spawnSync(script, [verb, broker], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
};
const log = (broker: string) =>
  readFileSync(join(project.directory, ".amq", stack, "hosts", broker, broker, "log", "activemq.log"), "utf8");

/** The group's registrations after the forgery. */
function znodes(...forgery: string[]): { container: string; position: number }[] {
  const members = [1, 2, 3].map((id) => `127.0.0.1:${port(22180) + id}`).join();
  return javaSays("zookeeper-3.9", "Znodes", [members, "/activemq/leveldb-stores/a", ...forgery])
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      return JSON.parse(line.replace(/^\S+ /, "")) as { container: string; position: number };
    });
}

it("elects although a member knows a stale version of its own registration", async () => {
  const { master, slaves } = await roles();
  const [one = ""] = slaves;
  znodes(one, "x", "x");
  const before = project.pids(stack);
  host(master, "halt");
  const status = await until(
    ({ groups }) => slaves.includes(groups[0]?.master ?? ""),
    120,
    "neither of the two others became master",
  );
  host(master, "start");
  expect(log(one)).toContain("has another version than");
  expect(status.groups[0]?.master).not.toBe(master);
  // By itself: neither the watchdog nor a crash has restarted it.
  expect(project.pids(stack)[one]).toBe(before[one]);
});

it("restarts a member whose position nobody gets to know, and serves again", async () => {
  const { master, slaves } = await roles();
  const [one = "", other = ""] = slaves;
  const position = () => znodes().find(({ container }) => container === one)?.position ?? -1;
  for (const broker of [other, master]) host(broker, "halt");
  // Alone it can elect nobody, but says how far it has come; and says it once.
  if (!(await waitUntil(30, () => position() >= 0, 1000))) {
    throw new Error(`${one} reports no position: ${JSON.stringify(znodes())}`);
  }
  const before = project.pids(stack)[one];
  znodes(one, '"position":[0-9]+', '"position":-1');
  host(other, "start");
  // The watchdog waits 20 s; the rest is two JVMs that start, on a machine that may have other things to do.
  await until(({ groups }) => groups[0]?.master !== null, 180, "no master");
  expect(log(one)).toContain("The election of a is stuck");
  expect(project.pids(stack)[one]).not.toBe(before);
  host(master, "start");
});

it("elects another one when the elected one's replication port is taken", async () => {
  const { master, slaves } = await roles();
  const servers: Server[] = [];
  for (const slave of slaves) {
    const server = createServer((socket) => socket.destroy()).listen(replication(slave), "127.0.0.1");
    await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
    servers.push(server);
  }
  try {
    host(master, "kill");
    await until(({ groups }) => groups[0]?.master === master, 120, `${master} is not master again`);
    expect(slaves.map((slave) => log(slave)).join("\n")).toContain("Elected, but the store cannot start");
  } finally {
    for (const server of servers) server.close();
  }
  await until(({ whole }) => whole, 90, "the group is not whole again");
});

it("does not wait for the session of a killed process once another one has started in its place", async () => {
  const { master } = await roles();
  const removed = () => log(master).split("the registration of a process of").length - 1;
  const before = removed();
  // On a busy machine it may start so late that the session is over.
  for (let tries = 0; removed() === before; tries++) {
    expect(tries).toBeLessThan(3);
    host(master, "kill");
    await until(({ whole }) => !whole, 30, "the kill was not noticed");
    await until(({ whole }) => whole, 120, "the group is not whole again");
  }
  expect(
    znodes()
      .map(({ container }) => container)
      .sort(),
  ).toEqual(["a-1", "a-2", "a-3"]);
});

it("keeps its master while the ensemble's members restart, one after the other, and gives it up with the majority", async () => {
  const members = [1, 2, 3].map((id) => `zookeeper-${id}`);
  const { master, slaves } = await roles();
  const said = (words: string) => [master, ...slaves].map((broker) => log(broker).split(words).length - 1);
  const [before, demoted] = [said("in the same session"), said("Demoted to slave")];
  for (const member of members) {
    host(member, "kill");
    await until(({ ensemble }) => ensemble.every(({ role }) => role !== "down"), 60, `${member} is not back`);
    await until(({ whole }) => whole, 60, `not whole after the restart of ${member}`);
  }
  // Each of the three was connected to one of them.
  expect(said("in the same session").map((now, i) => now > (before[i] ?? 0))).toEqual([true, true, true]);
  expect(said("Demoted to slave")).toEqual(demoted);
  expect((await roles()).master).toBe(master);

  for (const member of members.slice(1)) host(member, "halt");
  await until(({ groups }) => groups[0]?.master === null, 60, "a master without an ensemble goes on");
  expect(log(master)).toContain("The connection to ZooKeeper is lost");
  for (const member of members.slice(1)) host(member, "start");
  await until(({ whole }) => whole, 120, "the group is not whole again");
});
