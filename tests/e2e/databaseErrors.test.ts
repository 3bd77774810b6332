/** Errors of a database: those that leave the outcome of a write unknown end a broker, the others do not. */
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { limit } from "../../testbed/harness/patience";
import { resolveCommand, runtimeDirectory } from "../../core/host/runtimes";

const RELEASE = "classic-6.3";

beforeAll(() => {
  const [command = "", ...args] = resolveCommand(RELEASE);
  execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
});

function run(...states: readonly string[]) {
  const classPath = join(runtimeDirectory(RELEASE), "lib", "*");
  const check = join(__dirname, "DatabaseErrorsCheck.java");
  const { status, stdout } = spawnSync(
    "java",
    ["-Dorg.apache.logging.log4j.level=OFF", "-cp", classPath, check, ...states],
    { encoding: "utf8", timeout: limit(60) },
  );
  return { status, said: stdout.split("\n").filter(Boolean) };
}

it("end no broker when the database refused the write, or there was no connection", () => {
  // A duplicate, a full disk, a server that is read-only, a deadlock, the fence.
  const states = ["23505", "53100", "25006", "40P01", "P0001", "connecting"];
  expect(run(...states)).toEqual({ status: 0, said: states.map((state) => `${state}: goes on`) });
});

// A broken connection, a server that is shut down, an internal error of it, what the driver says without a state, and 40003 itself.
it.each(["08006", "57P01", "XX000", "none", "40003"])("end a broker when the outcome is unknown: %s", (state) => {
  // BrokerMain.EXIT_CODE.
  expect(run(state)).toEqual({ status: 75, said: [] });
});
