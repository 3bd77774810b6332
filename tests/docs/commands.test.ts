/** Every command line of the documents is run by a test, or marked with why it is not. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EXPERIMENTS } from "../../operate/drill/experiments";
import { program } from "../../operate/program";
import { loadPlan } from "../../operate/project";
import { ProjectCopy } from "../../testbed/harness/projectCopy";
import { type CommandLine, amqWords, commandLines, linesOfBlocks } from "./commandLines";
import { isRunEndToEnd } from "./endToEnd";
import { parseCall } from "./parser";
import { PROJECT } from "../support/raw";

const LINES = commandLines();
const titled = (lines: readonly CommandLine[]) => lines.map((line) => [`${line.at} ${line.text}`, line] as const);
const isAmq = ({ text }: CommandLine) => amqWords(text) !== undefined;

/** Verbs that touch nothing: run for real. The others need a cluster. */
const TOUCHES_NOTHING = ["plan"];

const { scripts } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

it("finds command lines", () => {
  expect(LINES.filter((line) => isAmq(line) && !line.inProse && line.notRun === undefined).length).toBeGreaterThan(20);
  expect(LINES.filter(({ notRun }) => notRun !== undefined).length).toBeGreaterThan(20);
  expect(LINES.filter(({ inProse }) => inProse).length).toBeGreaterThan(10);
});

describe("amq", () => {
  it.each(titled(LINES.filter(isAmq)))("%s", async (_title, { text, inProse, notRun }) => {
    const call = await parseCall(amqWords(text) ?? []);
    if (call === undefined || call.verb.startsWith("lab")) return;
    const stack = String(call.args["stack"]);
    // A stack of the reader's own.
    if (stack === "stack" || stack === "mine") {
      expect({ isMarked: inProse || notRun !== undefined }).toEqual({ isMarked: true });
      return;
    }
    const plan = loadPlan(stack);
    const host = call.args["host"];
    if (host !== undefined && host !== "host") expect(plan.hosts.map(({ name }) => name)).toContain(host);
    const experiment = call.args["experiment"];
    if (experiment !== undefined) expect(EXPERIMENTS.map(({ id }) => id)).toContain(experiment);
  });
});

it("the README's table has every verb", () => {
  const verbs = program.createHelp().visibleCommands(program);
  const named = verbs.map((verb) => verb.name()).filter((name) => name !== "help");
  const rows = readFileSync(join(PROJECT, "README.md"), "utf8").matchAll(/^\| `npx amq (\w+)/gm);
  expect([...new Set([...rows].map(([, name]) => name))].sort()).toEqual(named.sort());
});

describe("what needs a cluster is run by an end-to-end test", () => {
  const lines = LINES.filter((line) => isAmq(line) && !line.inProse && line.notRun === undefined);
  it.each(titled(lines))("%s", async (_title, { text }) => {
    const call = await parseCall(amqWords(text) ?? []);
    if (call === undefined || TOUCHES_NOTHING.includes(call.verb)) return;
    expect({ ...call, isRun: isRunEndToEnd(call.verb, call.options) }).toEqual({ ...call, isRun: true });
  });

  it("knows what no test runs", () => {
    expect([isRunEndToEnd("drain", ["--back"]), isRunEndToEnd("drain", ["--kills"])]).toEqual([true, false]);
  });
});

describe("what touches nothing runs", () => {
  let project: ProjectCopy;
  beforeAll(() => { project = new ProjectCopy("amq-docs-"); }); // prettier-ignore
  afterAll(() => { project.remove(); }); // prettier-ignore

  it("and exits with 0", async () => {
    const commands = new Map<string, string[]>();
    for (const { text, inProse, notRun } of LINES) {
      const words = amqWords(text);
      if (words === undefined || inProse || notRun !== undefined) continue;
      const call = await parseCall(words);
      // Files go below the scratch folder, also those that a document has in /tmp.
      if (call === undefined || TOUCHES_NOTHING.includes(call.verb))
        commands.set(
          text,
          words.map((word) => word.replace(/^\//, "")),
        );
    }
    const scratch = join(project.directory, "scratch");
    mkdirSync(scratch);
    const { stdout, stderr } = spawnSync(process.execPath, ["-r", "tsx/cjs", "-e", RUN_ALL, project.directory], {
      cwd: scratch,
      input: JSON.stringify([...commands]),
      encoding: "utf8",
      env: { ...process.env, NODE_PATH: join(PROJECT, "node_modules") },
    });
    expect(
      stderr.split("\n").filter((line) => !/^(\d+ rendered files are|the topology is drawn) in /.test(line)),
    ).toEqual([""]);
    expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toEqual(
      [...commands.keys()].map((text) => [text, 0]),
    );
    expect([...commands.keys()]).toContain("npx amq plan local");
    expect(existsSync(join(scratch, "tmp/plan/group1-1/group1-1/activemq.xml"))).toBe(true);
  }, 120_000);
});

/** One process for all, because each takes a second to start. Prints exit codes on its last line. */
const RUN_ALL = `
  const { program } = require(process.argv[1] + "/operate/program.ts");
  const commands = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  (async () => {
    const codes = [];
    for (const [text, words] of commands) {
      process.exitCode = undefined;
      await program.parseAsync(words, { from: "user" }).catch(({ exitCode }) => { process.exitCode = exitCode ?? 1; });
      codes.push([text, process.exitCode]);
    }
    process.exitCode = 0;
    console.log(JSON.stringify(codes));
  })();
`;

describe("npm", () => {
  const runs = LINES.flatMap(({ at, text }) =>
    [...text.matchAll(/\bnpm (?:run )?([\w:-]+)/g)].map(([, script = ""]) => [at, script] as const),
  );
  it.each(runs)("%s: npm has %s", (_at, script) => {
    expect(["ci", "install", "pack", ...Object.keys(scripts)]).toContain(script);
  });
});

describe("other commands", () => {
  /** What to do, where a test fails. */
  const unmarked = (lines: readonly CommandLine[]) =>
    lines
      .filter((line) => !line.inProse && line.notRun === undefined && (!isAmq(line) || /[|>;&]/.test(line.text)))
      .map(({ at, text }) => `${at}: no test runs \`${text}\`. Put \`<!-- not run: reason -->\` before its block.`);

  it("are marked with why no test runs them", () => {
    expect(unmarked(LINES)).toEqual([]);
  });

  it.each([
    ["```sh\nnpx amq plan local\n```\n", 0],
    ["```sh\nnpx amq status local --json | jq .\n```\n", 1],
    ["```sh\npulumi up\n```\n", 1],
    ["<!-- not run: needs an account -->\n\n```sh\npulumi up\n```\n", 0],
    ["<!-- not run: needs an account -->\n\nText.\n\n```sh\npulumi up\n```\n", 1],
    ["<!-- not run: needs an account -->\n\n```sh\npulumi up\n```\n\n```sh\npulumi up\n```\n", 1],
    ["```text\npulumi up\n```\n", 0],
  ])("%j has %i of them", (text, count) => {
    expect(unmarked(linesOfBlocks("x.md", text))).toHaveLength(count);
  });
});
