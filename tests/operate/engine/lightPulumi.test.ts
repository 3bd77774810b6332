/** What Pulumi does not load, and does not look up, for a program of the stand-in engine; and that it can still be used. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { PROJECT } from "../../support/raw";

/** In a process of its own, as the engine does it: what is loaded late here is loaded late for all that follows. */
const PROGRAM = `
const { loadSeldomUsedLate, traceNoPromises } = require("./operate/engine/standIn/lightPulumi.ts");
const { dirname } = require("node:path");
loadSeldomUsedLate();
const pulumi = require("@pulumi/pulumi");
traceNoPromises(require);
const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
const folders = { compiler: "typescript/lib/", arborist: "@npmcli/arborist/", automation: "@pulumi/pulumi/automation/" };
const loaded = () =>
  Object.keys(folders).filter((name) => Object.keys(require.cache).some((file) => file.includes("/" + folders[name])));
const traceOf = (promise) => (debuggablePromise(promise, "of a test"), promise._debugStackTrace);
(async () => {
  const atFirst = loaded();
  const { text } = await pulumi.runtime.serializeFunction(() => 42);
  const workspace = typeof pulumi.automation.LocalWorkspace.create;
  console.log(JSON.stringify({ atFirst, text, workspace, then: loaded(), trace: traceOf(Promise.resolve(1)) }));
})();
`;

it("loads the compilers and the automation of pulumi when they are used, and notes no traces of promises", () => {
  const said = execFileSync(process.execPath, ["--require", join(PROJECT, "operate/typescript.js"), "-e", PROGRAM], {
    cwd: PROJECT,
    encoding: "utf8",
    env: { ...process.env, PULUMI_DEBUG_PROMISE_LEAKS: "" },
  });
  expect(JSON.parse(said)).toEqual({
    atFirst: [],
    text: expect.stringMatching(/exports\.handler = [^]*42/) as string,
    workspace: "function",
    then: expect.arrayContaining(["compiler", "automation"]) as string[],
    trace: "Error",
  });
});
