/** Threads of a broker that wait for each other for ever: seen in a slave whose ZooKeeper came back at the wrong moment. */
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { resolveCommand, runtimeDirectory } from "../../core/host/runtimes";

const RELEASE = "classic-5.16";

beforeAll(() => {
  const [command = "", ...args] = resolveCommand(RELEASE);
  execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
});

function run(locks: string, lifeMillis: number) {
  const classPath = join(runtimeDirectory(RELEASE), "lib", "*");
  const check = join(__dirname, "DeadlockCheck.java");
  const { status, stdout } = spawnSync("java", ["-cp", classPath, check, locks, String(lifeMillis)], {
    encoding: "utf8",
  });
  return { status, stdout };
}

it("end the process, which says who they are", () => {
  const { status, stdout } = run("crossed", 60_000);
  // BrokerMain.EXIT_CODE.
  expect(status).toBe(75);
  expect(stdout).toMatch(/taker 0 waits for java.lang.Object@\w+ of taker 1\n {4}at DeadlockCheck.take/);
  expect(stdout).toContain("taker 1 waits for");
});

it("are not those that wait for long", () => {
  expect(run("in order", 5_000)).toEqual({ status: 0, stdout: "took both\ntook both\n" });
});
