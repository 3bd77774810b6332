import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingPrerequisites } from "../../operate/prerequisites";
import { runtimeDirectory } from "../../core/host/runtimes";
import { PROJECT } from "../support/raw";

let folder: string;
let bin: string;
const cache = process.env["AMQ_CACHE"];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "amq-tools-"));
  bin = join(folder, "bin");
  // Nothing is resolved in an empty cache.
  process.env["AMQ_CACHE"] = join(folder, "cache");
});
afterEach(() => {
  if (cache === undefined) delete process.env["AMQ_CACHE"];
  else process.env["AMQ_CACHE"] = cache;
  rmSync(folder, { recursive: true, force: true });
});

const GOOD = {
  java: "echo 'openjdk version \"17.0.15\" 2025-04-15' >&2",
  javac: "echo 'javac 17.0.15'",
  mvn: "echo 'Apache Maven 3.8.7'",
  flock: "",
  setsid: "",
};

/** Writes programs, and returns an environment in which only they are on the PATH. */
function tools(programs: Readonly<Record<string, string | undefined>>, to = bin): NodeJS.ProcessEnv {
  mkdirSync(to, { recursive: true });
  for (const [name, body] of Object.entries(programs)) {
    if (body !== undefined) writeFileSync(join(to, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  return { PATH: bin };
}

const missing = (env: NodeJS.ProcessEnv, node = "20.19.0") => missingPrerequisites(["classic-5.16"], env, node);

test("nothing is missing", () => {
  expect(missing(tools(GOOD))).toEqual([]);
});

test("everything that is missing is told at once, with what to install where", () => {
  const found = missing(tools({}), "18.20.4");
  expect(found).toHaveLength(5);
  expect(found[0]).toMatch(/^Node 18\.20\.4 is too old: install Node 20/);
  expect(found[1]).toMatch(/^Java cannot be found: .*apt-get install openjdk-17.*dnf install.*brew install/);
  expect(found[2]).toMatch(/^the Java compiler \(javac\) cannot be found/);
  expect(found[3]).toMatch(/^Maven \(mvn\) cannot be found: .*apt-get install maven.*dnf install maven.*brew install/);
  expect(found[4]).toMatch(/^flock and setsid cannot be found: .*util-linux/);
});

test.each([
  ["20.18.3", false],
  ["20.19.0", true],
  ["22.0.0", true],
])("Node %s is new enough: %s, as package.json says", (version, enough) => {
  const tooOld = `Node ${version} is too old: install Node 20.19 or newer, see https://nodejs.org`;
  expect(missing(tools(GOOD), version)).toEqual(enough ? [] : [tooOld]);
  const { engines } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { engines: { node: string } };
  expect(engines.node).toBe(">=20.19");
});

test.each([
  ["java", "echo 'java version \"1.8.0_392\"' >&2", "Java is version 8, 17 or newer is needed"],
  ["java", "echo 'openjdk version \"11.0.2\"' >&2", "Java is version 11, 17 or newer is needed"],
  ["javac", "echo 'javac 1.8.0_392' >&2", "the Java compiler (javac) is version 8, 17 or newer is needed"],
  ["mvn", "echo 'Apache Maven 3.5.4 (abc)'", "Maven (mvn) is version 3.5, 3.6 or newer is needed"],
  [
    "java",
    "echo 'Unable to locate a Java Runtime.' >&2; exit 1",
    "Java does not run (Unable to locate a Java Runtime.)",
  ],
])("%s that says %s", (tool, body, sentence) => {
  expect(missing(tools({ ...GOOD, [tool]: body }))).toEqual([expect.stringContaining(`${sentence}: install`)]);
});

test.each([
  ["java", "echo 'openjdk version \"22-ea\"' >&2"],
  ["java", "echo 'Picked up JAVA_TOOL_OPTIONS: -Dx=1' >&2; echo 'openjdk version \"21.0.1\"' >&2"],
  ["java", "echo 'a build that hides its version' >&2"],
  ["mvn", "printf '\\033[1mApache Maven 4.0.0\\033[m\\n'"],
])("%s that says %s is good enough", (tool, body) => {
  expect(missing(tools({ ...GOOD, [tool]: body }))).toEqual([]);
});

test("Maven and the compiler are not asked for once the runtimes are resolved", () => {
  mkdirSync(runtimeDirectory("classic-5.16"), { recursive: true });
  writeFileSync(join(runtimeDirectory("classic-5.16"), ".complete"), "");
  const env = tools({ ...GOOD, mvn: undefined, javac: undefined });
  expect(missing(env)).toEqual([]);
  expect(missingPrerequisites(["classic-5.16", "zookeeper-3.9"], env, "20.19.0")).toHaveLength(2);
});

test("JAVA_HOME decides, and is named when it is wrong", () => {
  const home = join(folder, "jdk");
  tools({ java: "echo 'openjdk version \"11.0.2\"' >&2", javac: GOOD.javac }, join(home, "bin"));
  expect(missing({ ...tools(GOOD), JAVA_HOME: home })).toEqual([
    expect.stringMatching(`^Java is version 11, .*, or mend JAVA_HOME, which is ${home}$`),
  ]);
});
