import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { comesTrue } from "../../core/util/until";
import { outcome, Sandbox, sha256 } from "./sandbox";

const JARS = { "lib/a-1.0.jar": "a", "lib/b-2.0.jar": "b" };

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.jar("a-1.0.jar", "a");
  sandbox.jar("b-2.0.jar", "b");
  sandbox.pin(JARS);
});

afterEach(() => {
  sandbox.dispose();
});

function mavenRuns(): number {
  return readFileSync(path.join(sandbox.root, "maven-runs"), "utf8").split("\n").length - 1;
}

describe("resolve.sh", () => {
  test("resolves the pinned jars and prints nothing but the folder on stdout", async () => {
    const result = await sandbox.resolve();
    expect(result).toMatchObject({ code: 0, stdout: `${sandbox.destination}\n` });
    expect(result.stderr).toContain("resolving sample");
    expect(readdirSync(path.join(sandbox.destination, "lib"))).toEqual(["a-1.0.jar", "b-2.0.jar"]);
    expect(sandbox.cached()).toEqual(["sample-1"]);
  });

  test("does nothing the second time, and then needs neither Maven nor a JDK", async () => {
    await sandbox.resolve();
    for (const tool of ["mvn", "java", "javac"]) {
      sandbox.remove(tool);
    }
    expect(await sandbox.resolve()).toEqual({ code: 0, stdout: `${sandbox.destination}\n`, stderr: "" });
    expect(mavenRuns()).toBe(1);
  });

  test("compiles our own sources to a jar beside the others", async () => {
    sandbox.source();
    expect(await sandbox.resolve()).toMatchObject({ code: 0 });
    expect(readdirSync(path.join(sandbox.destination, "lib"))).toContain("activemq-cluster-sample.jar");
    expect(existsSync(path.join(sandbox.destination, "classes"))).toBe(false);
  });

  test("keeps a javaagent off the class path", async () => {
    sandbox.jar("x_javaagent-1.0.jar", "x");
    sandbox.pin({ "agent/x_javaagent.jar": "x", ...JARS });
    expect(await sandbox.resolve()).toMatchObject({ code: 0 });
    expect(readdirSync(path.join(sandbox.destination, "agent"))).toEqual(["x_javaagent.jar"]);
    expect(readdirSync(path.join(sandbox.destination, "lib"))).toEqual(["a-1.0.jar", "b-2.0.jar"]);
  });

  test("refuses a jar with another checksum, names both sums, leaves nothing", async () => {
    sandbox.jar("b-2.0.jar", "other");
    const result = await sandbox.resolve();
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toContain("lib/b-2.0.jar");
    expect(result.stderr).toContain(sha256("b"));
    expect(result.stderr).toContain(sha256("other"));
    expect(result.stderr).not.toContain("a-1.0.jar");
    expect(sandbox.cached()).toEqual([]);
  });

  test("refuses a jar that is missing and one that is not pinned", async () => {
    sandbox.pin({ "lib/a-1.0.jar": "a", "lib/c-3.0.jar": "c" });
    const result = await sandbox.resolve();
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toMatch(/lib\/c-3\.0\.jar \(.*\) is listed in jars\.sha256 and did not come/);
    expect(result.stderr).toMatch(/lib\/b-2\.0\.jar \(.*\) is not listed in jars\.sha256/);
    expect(sandbox.cached()).toEqual([]);
  });

  test("shows what Maven complained about, leaves nothing", async () => {
    sandbox.maven('echo "[ERROR] no such artifact"\nexit 1');
    const result = await sandbox.resolve();
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toContain("[ERROR] no such artifact");
    expect(sandbox.cached()).toEqual([]);
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "%s in the middle ends Maven and leaves nothing",
    async (signal) => {
      const marker = path.join(sandbox.root, "maven-pid");
      sandbox.maven(`echo $$ >${marker}\nsleep 60`);
      const child = sandbox.start("resolve.sh", "sample", sandbox.destination);
      const result = outcome(child);
      const started = () => existsSync(marker) && readFileSync(marker, "utf8").endsWith("\n");
      expect(await comesTrue(started, 60_000)).toBe(true);
      child.kill(signal);
      expect((await result).code).toBe({ SIGTERM: 143, SIGINT: 130, SIGHUP: 129 }[signal]);
      expect(sandbox.cached()).toEqual([]);
      const maven = Number(readFileSync(marker, "utf8"));
      expect(() => process.kill(maven, 0)).toThrow("ESRCH");
    },
  );

  test("lets one of two at the same time do the work", async () => {
    sandbox.maven(`sleep 1\ncp ${sandbox.root}/repository/*.jar "$lib"`);
    const results = await Promise.all([sandbox.resolve(), sandbox.resolve()]);
    expect(results.map(({ code, stdout }) => ({ code, stdout }))).toEqual(
      Array(2).fill({ code: 0, stdout: `${sandbox.destination}\n` }),
    );
    expect(mavenRuns()).toBe(1);
    expect(sandbox.cached()).toEqual(["sample-1"]);
  });

  test("uses the folder of somebody who was faster, where there is no lock to hold", async () => {
    sandbox.remove("flock");
    sandbox.maven(
      `cp ${sandbox.root}/repository/*.jar "$lib"\nmkdir -p ${sandbox.destination}/lib\n: >${sandbox.destination}/.complete`,
    );
    expect(await sandbox.resolve()).toMatchObject({ code: 0, stdout: `${sandbox.destination}\n` });
    expect(sandbox.cached()).toEqual(["sample-1"]);
    expect(readdirSync(sandbox.destination)).not.toContain("jars.sha256");
  });

  test("refuses a destination that is something else", async () => {
    mkdirSync(sandbox.destination, { recursive: true });
    const result = await sandbox.resolve();
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toContain("not a complete runtime");
    expect(existsSync(sandbox.destination)).toBe(true);
  });

  test.each(["mvn", "java", "javac"])("says how to install %s", async (tool) => {
    sandbox.remove(tool);
    const result = await sandbox.resolve();
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toContain(`not found on the PATH: ${tool}`);
    expect(result.stderr).toContain("apt-get install openjdk-17-jdk-headless maven");
  });

  test("refuses an old JDK", async () => {
    sandbox.tool("javac", 'echo "javac 11.0.2"');
    const result = await sandbox.resolve();
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("javac is version 11, 17 or later is needed");
  });

  test("names the runtimes there are", async () => {
    const result = await sandbox.run("resolve.sh", "nonsense", sandbox.destination);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("no runtime named 'nonsense'; there are: sample");
  });
});

describe("lock.sh", () => {
  test("pins what Maven brings, sorted by path", async () => {
    sandbox.pin({});
    sandbox.jar("x_javaagent-1.0.jar", "x");
    expect(await sandbox.run("lock.sh", "sample")).toMatchObject({ code: 0 });
    expect(readFileSync(path.join(sandbox.runtimes, "sample/jars.sha256"), "utf8")).toBe(
      `${sha256("x")}  agent/x_javaagent.jar\n${sha256("a")}  lib/a-1.0.jar\n${sha256("b")}  lib/b-2.0.jar\n`,
    );
    expect(await sandbox.resolve()).toMatchObject({ code: 0 });
  });

  test("keeps the old pins when Maven fails", async () => {
    sandbox.maven("exit 1");
    const file = path.join(sandbox.runtimes, "sample/jars.sha256");
    const before = readFileSync(file, "utf8");
    expect(await sandbox.run("lock.sh", "sample")).toMatchObject({ code: 1 });
    expect(readFileSync(file, "utf8")).toBe(before);
  });
});
