/** The command as it is started: exit codes, what is on stdout and what on stderr. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { program } from "../../operate/program";

const ROOT = join(__dirname, "..", "..");

/** A copy of the project: `status` of a stack of its own never meets a cluster that somebody runs on this machine. */
let project: string;
let scratch: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "amq-cli-"));
  for (const name of [
    "components",
    "config",
    "core",
    "operate",
    "testbed",
    "runtime",
    "package.json",
    "tsconfig.json",
  ]) {
    cpSync(join(ROOT, name), join(project, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"));
  const faulty = {
    "activemq:target": "local",
    "activemq:groups": [{ name: "a", brokers: 2 }],
    "activemq:topolgy": "mesh",
  };
  writeFileSync(join(project, "config", "Pulumi.faulty.yaml"), stringify({ config: faulty }));
  scratch = join(project, "scratch");
  mkdirSync(scratch);
});
afterAll(() => { rmSync(project, { recursive: true, force: true }); }); // prettier-ignore

function amq(words: readonly string[], nodeOptions: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...nodeOptions, join(project, "operate", "amq.js"), ...words],
    // Not in the project: amq works on its own, wherever it is called from.
    { encoding: "utf8", cwd: scratch, env: { ...process.env, ...env } },
  );
  return { code: status, stdout, stderr };
}

/** Writes a file that node requires before anything else. */
function preload(name: string, text: string): string[] {
  const file = join(project, `${name}.js`);
  writeFileSync(file, text);
  return ["--require", file];
}

test("plan prints, and exits with 0", () => {
  const { code, stdout, stderr } = amq(["plan", "local"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("Stack local\n");
  expect(stdout).not.toContain("\u001b[");
});

test("plan --json --out --svg: JSON alone on stdout, files where they were asked for", () => {
  const { code, stdout, stderr } = amq(["plan", "local", "--json", "--out", "rendered", "--svg", "picture.svg"]);
  expect(code).toBe(0);
  const keys = ["hosts", "brokers", "groups", "ensemble", "bridges", "urls"];
  expect(Object.keys(JSON.parse(stdout) as object)).toEqual(keys);
  expect(stderr).toMatch(/rendered files are in rendered\n.*drawn in picture\.svg/);
  expect(existsSync(join(scratch, "rendered", "group1-1", "group1-1", "activemq.xml"))).toBe(true);
  expect(readFileSync(join(scratch, "picture.svg"), "utf8")).toContain("<svg");
});

test("plan --out into somebody's folder", () => {
  mkdirSync(join(scratch, "theirs"));
  writeFileSync(join(scratch, "theirs", "file"), "");
  const { code, stdout, stderr } = amq(["plan", "local", "--out", "theirs"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toBe("--out theirs: the folder is not empty and was not written by amq plan; name another one\n");
});

test("a faulty stack file: every fault on stderr, and with --json as data on stdout", () => {
  const { code, stdout, stderr } = amq(["plan", "faulty", "--json"]);
  expect(code).toBe(1);
  expect(stderr).toContain("config/Pulumi.faulty.yaml: 2 faults, nothing was changed");
  const { error } = JSON.parse(stdout) as { error: { message: string; faults: { path: string }[] } };
  expect(error.message).toContain("2 faults");
  expect(error.faults.map(({ path }) => path).sort()).toEqual(["groups[0].brokers", "topolgy"]);
});

test("a stack that does not exist", () => {
  const { code, stderr } = amq(["status", "locl"]);
  expect(code).toBe(1);
  expect(stderr).toContain("Did you mean `local`?");
});

test("status of a stack that is not up", () => {
  const text = amq(["status", "local"]);
  expect(text.code).toBe(1);
  expect(text.stdout).toContain("start it: npx amq up local");
  const json = amq(["status", "local", "--json"]);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({ whole: false, groups: [{ name: "group1", master: null }, {}] });
});

test("drain of a host that there is not, and of a stack that is not up", () => {
  const unknown = amq(["drain", "local", "group1-9", "--json"]);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(/stack local has no host group1-9\. .*Its hosts: group1-1 \(group1-1\);/);
  const { error } = JSON.parse(unknown.stdout) as { error: { message: string } };
  expect(error.message).toBe(unknown.stderr.trim());
  expect(amq(["drain", "local", "group1-1"])).toEqual({
    code: 1,
    stdout: "",
    stderr: "nothing of local is on group1-1: bring it up first: npx amq up local\n",
  });
});

test("forget where nothing is in the state", () => {
  expect(amq(["forget", "local", "group1-1"])).toEqual({
    code: 1,
    stdout: "",
    stderr: "nothing of local is in the state: there is nothing to forget\n",
  });
});

test.each([
  [
    ["plan"],
    /missing required argument 'stack'[\s\S]*Stacks that exist: dev, duplex, faulty, interleaved, jdbc, local/,
  ],
  [["plna", "local"], /unknown command 'plna'[\s\S]*Did you mean plan\?/],
  [["plan", "local", "--jsn"], /unknown option '--jsn'[\s\S]*Did you mean --json\?/],
  [["plan", "local", "more"], /too many arguments/],
  [["drain", "local"], /missing required argument 'host'/],
  [["drill", "local", "--kills", "some"], /must be a whole number/],
  [[], /Usage: amq/],
])("%j is refused with a hint", (words, hint) => {
  const { code, stdout, stderr } = amq(words);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(hint);
});

/** Those that take a stack: people's, and not the lab's. */
const VERBS = program.commands.filter(({ registeredArguments }) => registeredArguments[0]?.name() === "stack");

test.each(VERBS.map((verb) => verb.name()))("%s --help has an example", (verb) => {
  const { code, stdout } = amq([verb, "--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`Usage: amq ${verb} \\[options\\] <stack>`));
  expect(stdout).toMatch(new RegExp(`Example:\n  \\$ npx amq ${verb} (local|ssh)`));
  expect(stdout).toContain("--json");
});

test("--version and --help", () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  expect(amq(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  expect(amq(["--help"])).toMatchObject({ code: 0, stdout: expect.stringContaining("Stacks that exist:") as string });
});

test.each([
  ["plan", ["plan", "local", "--out", "loaded", "--svg", "loaded.svg"], "operate/plan/plan.ts"],
  ["status", ["status", "local"], "operate/status/status.ts"],
  ["--help", ["--help"], "operate/program.ts"],
])("%s loads nothing of Pulumi", (_name, words, loaded) => {
  const list = join(project, "modules.json");
  const hook = preload(
    "hook",
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache))))`,
  );
  amq(words, hook);
  const modules = JSON.parse(readFileSync(list, "utf8")) as string[];
  expect(modules.filter((file) => file.endsWith(loaded))).toHaveLength(1);
  expect(modules.filter((file) => file.includes("@pulumi"))).toEqual([]);
});

test("a reader that goes away is no error", () => {
  const command = `"${process.execPath}" "${join(project, "operate", "amq.js")}" plan local | true; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
  expect({ stdout, stderr }).toEqual({ stdout: "0\n", stderr: "" });
});

test("a Node that is too old is told so before anything is loaded", () => {
  const old = preload("old", `Object.defineProperty(process, "versions", { value: { node: "18.20.4" } })`);
  const { code, stdout, stderr } = amq(["plan", "local"], old);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toBe("amq needs Node 20 or newer, this is 18.20.4: see https://nodejs.org\n");
});
