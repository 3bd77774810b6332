/** A cluster whose test was killed: the next run ends it, and what it was about to start. Lab hosts: see labHosts.test.ts. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { removeAbandoned } from "../../testbed/lab/abandoned";
import { NOTES_FOLDER, noteTemporary, removeNote } from "../../testbed/lab/hosts/temporary";
import { PROJECT } from "../support/raw";
import { until } from "../../testbed/harness/patience";
import { group, port } from "../../testbed/harness/testProject";

/** Any other run of this machine that begins meanwhile would take away what is killed here. */
const notes = mkdtempSync(join(tmpdir(), "amq-notes-"));

/** A test that brings a stack up, says where it is and how far it has come, and waits to be killed. */
const TEST = `
require("tsx/cjs");
const { ProjectCopy } = require(process.argv[1]);
const project = new ProjectCopy("amq-e2e-");
project.writeStack("killed", JSON.parse(process.argv[2]));
console.log(project.directory);
project.amq("up", "killed").then(({ code, stderr }) => console.log(code === 0 ? "up" : stderr));
setInterval(() => undefined, 1000);
`;

async function begin(): Promise<{ test: ChildProcess; directory: string; up: Promise<unknown[]> }> {
  const keys = { target: "local", store: "kahaDB", groups: [group("a", 0, 1)] };
  const words = ["-e", TEST, join(PROJECT, "testbed", "harness", "projectCopy.ts"), JSON.stringify(keys)];
  const test = spawn(process.execPath, words, {
    cwd: PROJECT,
    env: { ...process.env, [NOTES_FOLDER]: notes },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface(test.stdout);
  // One that ends before it has said a line would be waited for until Jest gives up.
  const [directory] = await Promise.race([
    once(lines, "line") as Promise<[string]>,
    once(test, "exit").then(() => Promise.reject(new Error("the test ended before it had begun"))),
  ]);
  return { test, directory, up: once(lines, "line") };
}

/** Whether somebody listens on the broker's port. */
function listens(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port(26616), "127.0.0.1")
      .on("connect", () => {
        socket.destroy();
        resolve(true);
      })
      .on("error", () => {
        resolve(false);
      });
  });
}

it.each([
  ["while its broker starts, and amq up goes on", false],
  ["when it is up", true],
])("killed %s: nothing of it is left after the next run has begun", async (_, whole) => {
  const { test, directory, up } = await begin();
  // Should this run be killed as well.
  const note = { id: basename(directory), kind: "project", directory } as const;
  noteTemporary(note);
  try {
    if (whole) expect(await up).toEqual(["up"]);
    expect(await until(120, listens)).toBe(true);
  } finally {
    test.kill("SIGKILL");
    await once(test, "exit");
  }
  expect(await listens()).toBe(true);
  const said: string[] = [];
  process.env[NOTES_FOLDER] = notes;
  try {
    await removeAbandoned((line) => said.push(line));
  } finally {
    Reflect.deleteProperty(process.env, NOTES_FOLDER);
  }
  removeNote(note.id);
  expect(await listens()).toBe(false);
  expect(existsSync(directory)).toBe(false);
  const [line = ""] = said.filter((one) => one.includes(directory));
  expect(line).toMatch(
    new RegExp(`^removed what a killed run left \\(process ${test.pid ?? 0}\\): project .*, \\d+ processes$`),
  );
});
