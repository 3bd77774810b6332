/** The numbers of a queue's messages after a failover: what lost two of 35,000 under eight producers. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { resolveCommand, runtimeDirectory } from "../../runtime/runtimes";

const RELEASE = "classic-5.16";

beforeAll(() => {
  const [command = "", ...args] = resolveCommand(RELEASE);
  execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
}, 300_000);

it("go on from the highest one, where the product takes the one that was written last", () => {
  const classPath = join(runtimeDirectory(RELEASE), "lib", "*");
  const said = execFileSync("java", ["-cp", classPath, join(__dirname, "HighestKeyCheck.java")], { encoding: "utf8" });
  expect(said).toBe("product 3305\nmaster 3306\nslave 3306\n");
}, 60_000);
