/** Faults of the LevelDB store that need no cluster to be shown: on the product's classes, and on ours, which mend them. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { resolveCommand, runtimeDirectory } from "../../core/host/runtimes";

const RELEASE = "classic-5.16";

beforeAll(() => {
  const [command = "", ...args] = resolveCommand(RELEASE);
  execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
});

/** Runs one of the Java files beside this one. @returns what it prints */
function check(file: string): string {
  const classPath = join(runtimeDirectory(RELEASE), "lib", "*");
  return execFileSync("java", ["-cp", classPath, join(__dirname, file)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

it("numbers of a queue's messages go on from the highest one, where the product takes the one that was written last", () => {
  // What lost two messages of 35,000 under eight producers, after a failover.
  expect(check("HighestKeyCheck.java")).toBe("product 3305\nmaster 3306\nslave 3306\n");
});

it("a store whose version file a full disk has left empty is opened, and one of another version is not", () => {
  const refused = "Cannot open the store.  It's schema version is not supported.";
  expect(check("StoreVersionCheck.java").trimEnd().split("\n")).toEqual([
    `product ${refused}`,
    "master activemq_leveldb_store:1",
    "slave activemq_leveldb_store:1",
    `product ${refused}`,
    `master ${refused}`,
    `slave ${refused}`,
  ]);
});
