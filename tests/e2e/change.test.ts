/** Changing a running group: only what is concerned, one at a time, and a way back from a bad change. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Project, group } from "./project";

jest.setTimeout(600_000);

const stack = "change";
const project = new Project();
const write = (limits: Record<string, number>, more: Record<string, unknown> = {}) => {
  project.write(stack, { groups: [group("a")], topology: "none", limits, ...more });
};

beforeAll(async () => {
  write({ tempMiB: 500 });
  await project.up(stack);
});
afterAll(() => {
  project.remove();
});

it("restarts only what a changed setting concerns", async () => {
  const before = project.pids(stack);
  write({ tempMiB: 600 });
  await project.up(stack);
  const after = project.pids(stack);
  expect(Object.keys(before).filter((service) => before[service] !== after[service])).toEqual(["a-1", "a-2", "a-3"]);
});

it("refuses a broken setting before anything restarts", async () => {
  const before = project.pids(stack);
  write({ tempMiB: 600 }, { client: { maxInactivityMillis: 3000 } });
  const { code, stderr } = await project.amq("up", stack);
  write({ tempMiB: 600 });
  expect(code).toBe(1);
  expect(stderr).toContain("client.maxInactivityMillis");
  expect(project.pids(stack)).toEqual(before);
});

/** More memory than any machine has: the process ends at once, and only a real start can find that out. */
const IMPOSSIBLE = { tempMiB: 600, heapMiB: 16_000_000 };

it("stops a change at the first broker that does not come back, and ends whole when it is reverted", async () => {
  const [{ master } = { master: null }] = (await project.status(stack)).groups;
  write(IMPOSSIBLE);
  const failed = await project.amq("up", stack);
  write({ tempMiB: 600 });
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain("the last confirmed version runs again");
  const during = await project.status(stack);
  expect(during.whole).toBe(true);
  expect(during.groups[0]?.master).toBe(master);
  const before = project.pids(stack);
  await project.up(stack);
  expect(project.pids(stack)).toEqual(before);
});

it("starts again what was halted", async () => {
  spawnSync(join(project.directory, ".amq", stack, "hosts", "a-1", "bin", "amq-host"), ["halt", "a-1"]);
  const status = await project.status(stack);
  expect(status.whole).toBe(false);
  expect(status.missing.map(({ what }) => what).join()).toContain("a-1");
  await project.up(stack);
  expect((await project.status(stack)).whole).toBe(true);
});
