/** What only the stand-in engine promises. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import {
  preview,
  readOutputs,
  readResources,
  rewriteResources,
  stackExists,
  up,
  type EngineEvent,
} from "../../../operate/engine/standIn/standInEngine";
import { standIn } from "./drivers";
import { Place } from "./place";

let place: Place;
beforeEach(() => {
  place = new Place(standIn);
});
afterEach(() => {
  place.remove();
});

const stateFile = () => path.join(place.options().stateDir, "dev.json");

test("events come in order, as they happen; a command's lines carry its name", async () => {
  place.configure({ program: { steps: [{ name: "a", run: "echo hello" }] } });
  const events: EngineEvent[] = [];
  const listeners = process.listenerCount("SIGINT");
  await up({ ...place.options(), onEvent: (event) => events.push(event) });
  expect(process.listenerCount("SIGINT")).toBe(listeners);
  const command = events.filter((event) => "name" in event && event.name === "a");
  expect(command).toMatchObject([
    { kind: "started", op: "create", type: "command:local:Command" },
    { kind: "finished", op: "create", seconds: expect.any(Number) as number },
  ]);
  expect(events).toContainEqual({ kind: "log", severity: "info", message: "hello", resource: "a" });
});

test("state and outputs: for the owner only, under the passphrase only", async () => {
  expect(stackExists(place.options())).toBe(false);
  expect(await readOutputs(place.options())).toEqual({});
  await place.up({ secret: "s3cret" });
  expect(stackExists(place.options())).toBe(true);
  expect(statSync(stateFile()).mode & 0o777).toBe(0o600);
  expect((await readOutputs(place.options()))["secret"]).toEqual({ value: "s3cret", secret: true });

  const before = readFileSync(stateFile(), "utf8");
  const wrong = { ...place.options(), passphrase: "wrong" };
  await expect(readOutputs(wrong)).rejects.toThrow(/wrong passphrase/);
  await expect(up(wrong)).rejects.toThrow(/dev\.json: wrong passphrase/);
  expect(readFileSync(stateFile(), "utf8")).toBe(before);
});

test("a lock keeps a second run away until its holder is gone", async () => {
  await place.up({});
  const lock = `${stateFile()}.lock`;
  expect(existsSync(lock)).toBe(false);
  writeFileSync(lock, String(process.pid));
  expect((await place.up({})).said).toContain(`process ${process.pid} `);
  const gone = spawn("true");
  await new Promise((resolve) => gone.on("close", resolve));
  writeFileSync(lock, String(gone.pid));
  expect((await place.up({})).ok).toBe(true);
  expect(existsSync(lock)).toBe(false);
});

test("what is recorded can be edited: nothing is run, now or when the stack is destroyed", async () => {
  expect(readResources(place.options())).toEqual([]);
  await place.up({
    steps: [
      { name: "a", secretStdin: "s3cret" },
      { name: "b", dependsOn: ["a"] },
    ],
  });
  place.done();
  const lock = `${stateFile()}.lock`;
  writeFileSync(lock, String(process.pid));
  expect(() => { rewriteResources(place.options(), () => []); }).toThrow(/another run works on this stack/); // prettier-ignore
  rmSync(lock);
  const [a] = readResources(place.options()).filter(({ name }) => name === "a");
  expect(a?.inputs["stdin"]).toMatchObject({ value: "s3cret" });
  rewriteResources(place.options(), (resources) =>
    resources.filter(({ name }) => name !== "a").map((entry) => ({ ...entry, dependencies: [] })),
  );
  expect(existsSync(lock)).toBe(false);
  expect(readFileSync(stateFile(), "utf8")).not.toContain("s3cret");
  expect((await place.destroy()).ok).toBe(true);
  expect(place.done()).toEqual(["delete b"]);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ["an encrypted value", { token: { secure: "AAAB" } }, /steps:token is encrypted/],
  ["another project's state", {}, /belongs to project "other", not "steps"/],
])("begins nothing with %s", async (_name, config, message) => {
  if (Object.keys(config).length === 0) {
    await place.up({});
    writeFileSync(stateFile(), readFileSync(stateFile(), "utf8").replace('"project": "steps"', '"project": "other"'));
  }
  place.configure({ program: {}, ...config });
  await expect(preview(place.options())).rejects.toThrow(message);
});

test.each<[string, object, RegExp]>([
  ["assets", { inputs: { assetPaths: ["*"] } }, /does not know "assetPaths"/],
  ["what cannot be taken over", { options: { import: "an-id" } }, /cannot import a command:local:Command/],
  ["an option", { options: { customTimeouts: { create: "5m" } } }, /does not know the resource option customTimeouts/],
])("says what it does not know: %s", async (_name, more, message) => {
  const outcome = await place.up({ steps: [{ name: "a", ...more }] });
  expect(outcome).toMatchObject({ ok: false, failed: ["a"], said: expect.stringMatching(message) as string });
  expect(place.done()).toEqual([]);
});

test("a failure that comes late among many leaves the queue intact", async () => {
  const many = Array.from({ length: 40 }, (_, n) => ({ name: `s${n}`, runOnDelete: n === 0 ? "exit 1" : "sleep 0.2" }));
  expect((await place.up({ steps: many })).changes.create).toBe(41);
  const outcome = await place.destroy();
  expect(outcome).toMatchObject({ ok: false, failed: ["s0"] });
  expect(outcome.changes.delete).toBeLessThan(40);
});

test("a program that waits for ever is noticed", async () => {
  const outcome = await place.up({ fault: "hang" });
  expect(outcome).toMatchObject({ ok: false, failed: ["steps-dev"] });
  expect(outcome.said).toContain("waits for a value that never comes");
});

test.each<[string, string, boolean]>([
  ["its caller is interrupted", "SIGINT", true],
  ["its caller is killed", "SIGKILL", false],
])("when %s, the command's whole process group ends and the state is consistent", async (_name, signal, answers) => {
  const run = "(trap '' TERM; sleep 40) & echo $! > child; sleep 40";
  place.configure({ program: { steps: [{ name: "a" }, { name: "b", dependsOn: ["a"], run }] } });
  const runner = standIn.spawn("up", place.options());
  const lines: string[] = [];
  createInterface(runner.stdout).on("line", (line) => lines.push(line));
  const closed = new Promise((resolve) => runner.on("close", resolve));
  const child = path.join(place.options().projectDir, "child");
  while (!existsSync(child) || readFileSync(child, "utf8") === "") await sleep(50);
  runner.kill(signal as NodeJS.Signals);
  await closed;
  // A caller that was killed leaves the engine behind, which ends by itself.
  while (existsSync(`${stateFile()}.lock`)) await sleep(50);
  if (answers) expect(lines.at(-1)).toContain('"interrupted":true');
  const pid = Number(readFileSync(child, "utf8"));
  expect(isAlive(pid)).toBe(false);
  expect(readFileSync(stateFile(), "utf8")).toContain("command:local:Command::a");
  expect(readFileSync(stateFile(), "utf8")).not.toContain("command:local:Command::b");
});

function isAlive(pid: number): boolean {
  try {
    // A process that ended but was not collected yet counts as ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
