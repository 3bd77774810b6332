/** Runs that are killed, and what `npm test` says. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { identify, killProcess } from "../../testbed/lab/hosts/processes";
import { MARK, NOTES_FOLDER } from "../../testbed/lab/hosts/temporary";
import { PROJECT } from "./raw";
import { until } from "../../testbed/harness/patience";
import { openRun } from "./run";

// Any other run of this machine that begins meanwhile would take away what is killed here.
process.env[NOTES_FOLDER] = mkdtempSync(join(tmpdir(), "amq-notes-"));

/** Begins a run, starts a process in it that leaves its parent, folder and session, as brokers do, and waits to be killed. */
const RUN = `
require("tsx/cjs");
const { spawn } = require("node:child_process");
const { openRun } = require(process.argv[1]);
openRun(() => undefined).then(({ environment }) => {
  const broker = spawn("bash", ["-c", "cd /; exec -a broker sleep 300"], { env: environment, detached: true, stdio: "ignore" });
  broker.unref();
  const client = spawn("sleep", ["300"], { env: environment, stdio: "ignore" });
  console.log(JSON.stringify({ directory: environment.TMPDIR, pids: [broker.pid, client.pid] }));
});
setInterval(() => undefined, 1000);
`;

interface Begun {
  readonly run: ChildProcess;
  readonly directory: string;
  readonly pids: readonly number[];
}

async function begin(): Promise<Begun> {
  const run = spawn(process.execPath, ["-e", RUN, join(__dirname, "run.ts")], {
    cwd: PROJECT,
    // Of this file: without it Node takes that of the worker.
    env: { ...process.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(run.stdout), "line")) as [string];
  return { run, ...(JSON.parse(line) as Omit<Begun, "run">) };
}

async function end(run: ChildProcess): Promise<void> {
  run.kill("SIGKILL");
  await once(run, "exit");
}

it("a run that is killed leaves nothing that the next one does not take away, which says so; nobody else's is touched", async () => {
  const [killed, alive] = await Promise.all([begin(), begin()]);
  const bystander = spawn("sleep", ["300"], {
    env: { ...process.env, [MARK]: `${killed.directory}/x` },
    stdio: "ignore",
  });
  const others = [...alive.pids, bystander.pid ?? 0];
  try {
    await end(killed.run);
    expect(killed.pids.map((pid) => identify(pid) !== undefined)).toEqual([true, true]);
    const said: string[] = [];
    const next = await openRun((line) => said.push(line));
    await next.close();
    expect(killed.pids.filter((pid) => identify(pid) !== undefined)).toEqual([]);
    expect(existsSync(killed.directory)).toBe(false);
    expect(said).toContain(
      `removed what a killed run left (process ${killed.run.pid ?? 0}): run ${killed.directory}, 2 processes`,
    );
    expect(others.filter((pid) => identify(pid) === undefined)).toEqual([]);
    expect(existsSync(alive.directory)).toBe(true);
    // Said once: the note is gone, too.
    await (await openRun((line) => said.push(line))).close();
    expect(said.filter((line) => line.includes(killed.directory))).toHaveLength(1);
  } finally {
    await end(alive.run);
    for (const pid of others) {
      const id = identify(pid);
      if (id) killProcess(id);
    }
    await (await openRun(() => undefined)).close();
  }
});

it("a run that ends takes away what still runs of it, and its folder", async () => {
  const run = await openRun(() => undefined);
  const child = spawn("sleep", ["300"], { env: run.environment, stdio: "ignore" });
  try {
    await run.close();
    expect(await until(20, () => child.signalCode === "SIGKILL")).toBe(true);
  } finally {
    child.kill("SIGKILL");
  }
  expect(existsSync(run.environment["TMPDIR"] ?? "")).toBe(false);
});

/** Makes a project of its own with a process in it, as a worker of Jest does, and is gone without having removed either. */
const WORKER = `
require("tsx/cjs");
const { spawn } = require("node:child_process");
const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { basename, join } = require("node:path");
const { MARK, noteTemporary } = require(process.argv[1]);
const directory = mkdtempSync(join(tmpdir(), "amq-e2e-"));
noteTemporary({ id: basename(directory), kind: "project", directory });
const env = { ...process.env, [MARK]: directory };
const broker = spawn("sleep", ["300"], { env, detached: true, stdio: "ignore" });
broker.unref();
console.log(broker.pid);
`;

it("a run that ends takes away the clusters of those of its workers that were killed", async () => {
  const run = await openRun(() => undefined);
  const temporary = join(PROJECT, "testbed", "lab", "hosts", "temporary.ts");
  const { stdout } = spawnSync(process.execPath, ["-e", WORKER, temporary], {
    cwd: PROJECT,
    env: run.environment,
    encoding: "utf8",
  });
  const broker = identify(Number(stdout));
  expect(broker).toBeDefined();
  try {
    await run.close();
    expect(identify(Number(stdout))).toBeUndefined();
    expect(existsSync(run.environment["TMPDIR"] ?? "")).toBe(false);
  } finally {
    if (broker) killProcess(broker);
  }
});

describe("npm test", () => {
  const run = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync("bash", [join(PROJECT, "tests", "run.sh"), ...words], {
      encoding: "utf8",
    });
    return { status, lines: stdout.trimEnd().split("\n"), stderr };
  };

  it("runs a part, says what it left out and what took longest, and ends with the counts alone on their line", () => {
    const { status, lines } = run("--only", "support/report");
    expect(status).toBe(0);
    expect(lines[0]).toMatch(/^left out: format, lint, types, \d+ of \d+ unit test files, (\d+) of \1 e2e test files$/);
    expect(lines.at(-2)).toMatch(/^ +\d+\.\d s {2}support\/report\.test\.ts$/);
    expect(lines.at(-1)).toMatch(/^\d+ passed, 0 failed$/);
  });

  it("does nothing for words that it does not know", () => {
    expect(run("unti")).toEqual({
      status: 2,
      lines: [""],
      stderr: expect.stringContaining('does not know "unti"') as string,
    });
    expect(run("--help")).toMatchObject({ status: 0, stderr: "" });
  });
});
