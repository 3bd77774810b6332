/** Groups that come and go while the others serve. Groups without slaves: the steps are the same, and quicker. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PlanJson } from "../../operate/plan/plan";
import { Project, group, port } from "../../testbed/harness/testProject";
import { javaSays } from "./java";

const stack = "groups";
const project = new Project();
const [a, b, c] = [group("a", 0, 1), group("b", 1, 1), group("c", 2, 1)];
const write = (...groups: object[]) => {
  project.write(stack, { store: "kahaDB", groups });
};
afterAll(() => {
  project.remove();
});

/** Sends or receives through one broker, or makes and ends a durable subscription; see Subscriber.java. */
function client(openwire: number, ...words: string[]): string {
  const active = join(project.directory, ".amq", stack, "hosts", "a-1", "a-1", "active");
  return javaSays("client", "Subscriber", [`tcp://127.0.0.1:${openwire}`, active, ...words]).trim();
}

async function forecast() {
  const { stdout } = await project.amq("plan", stack, "--json");
  return (JSON.parse(stdout) as PlanJson).change;
}

beforeAll(async () => {
  write(a, b);
  await project.up(stack);
});

it("plan says what a change will do, and does nothing", async () => {
  expect(await forecast()).toMatchObject({ refused: [], members: [], starts: [], stops: [] });
  const before = project.pids(stack);
  write(a, b, c);
  const change = await forecast();
  expect(change).toMatchObject({ refused: [], starts: ["c-1"], stops: [] });
  expect(change?.groups.map(({ name, failovers }) => [name, failovers])).toEqual([["a", 1], ["b", 1], ["c", 0]]); // prettier-ignore
  expect(project.pids(stack)).toEqual(before);
});

it("a group joins the running ones", async () => {
  await project.up(stack);
  const { whole, bridges } = await project.status(stack);
  expect([whole, bridges.length]).toEqual([true, 6]);
});

it("a group that clients know is not dropped, whatever runs the program", async () => {
  client(port(26618), "send", "orders", "5");
  client(port(26618), "subscribe", "prices");
  expect(client(port(26618), "prepare", "orders")).toBe("prepared");
  const before = project.pids(stack);
  write(a, b);
  expect((await forecast())?.refused.map(({ problem }) => problem).join()).toContain("clients still have its address");
  const { code, stderr } = await project.amq("up", stack);
  expect(code).toBe(1);
  expect(stderr).toContain(
    "It holds: 5 messages, 0 dead letters, 1 offline durable subscription, 1 prepared XA transaction.",
  );
  expect(project.pids(stack)).toEqual(before);
});

it("retired, it is in no client's URL, and its messages reach consumers elsewhere", async () => {
  write(a, b, { ...c, retire: true });
  const { stdout } = await project.amq("up", stack);
  expect(stdout).toContain(`failover:(tcp://127.0.0.1:${port(26616)},tcp://127.0.0.1:${port(26617)})?`);
  write(a, b);
  expect((await forecast())?.refused.map(({ problem }) => problem)).toEqual([
    "Group c is retired and not empty: 5 messages, 0 dead letters, 1 offline durable subscription, 1 prepared XA transaction.",
  ]);
  expect(client(port(26616), "receive", "orders")).toBe("5");
  client(port(26618), "unsubscribe", "prices");
  expect((await forecast())?.refused.map(({ problem }) => problem)).toEqual([
    "Group c is retired and not empty: 0 messages, 0 dead letters, 0 offline durable subscriptions, 1 prepared XA transaction.",
  ]);
  client(port(26618), "rollback");
});

it("empty, it goes, and the others stay whole", async () => {
  expect(await forecast()).toMatchObject({ refused: [], stops: ["c-1"] });
  await project.up(stack);
  await project.whole(stack);
  expect(existsSync(join(project.directory, ".amq", stack, "hosts", "c-1", "bin"))).toBe(false);
});
