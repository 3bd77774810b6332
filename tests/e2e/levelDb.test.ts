/** Faults of the LevelDB store that need no cluster to be shown: on the product's classes, and on ours, which mend them. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { resolveCommand, runtimeDirectory } from "../../core/host/runtimes";
import { limit } from "../../testbed/harness/patience";

const RELEASE = "classic-5.16";

beforeAll(() => {
  const [command = "", ...args] = resolveCommand(RELEASE);
  execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
});

/** What the index reaches into: a broker's JVM options open it too. */
const OPENINGS = ["--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"];

/** Runs one of the Java files beside this one. @returns what it prints */
function check(file: string, ...words: string[]): string {
  const classPath = join(runtimeDirectory(RELEASE), "lib", "*");
  return execFileSync("java", [...OPENINGS, "-cp", classPath, join(__dirname, file), ...words], {
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

it("a slave goes over from one master to the next, and never attaches to itself, where the product waits for its own lock", () => {
  // What kept a member out for 75 s after three of fourteen kills of a master.
  const lines = (whose: string) =>
    check("MasterChangeCheck.java", whose, String(limit(10)))
      .trimEnd()
      .split("\n");
  expect(lines("product")).toEqual([
    "product itself: done, attached to itself",
    "product nobody: done, attached to nobody",
    "product one: done, attached to one",
    "product other: not done, attached to other",
    "product nobody: done, attached to nobody",
  ]);
  expect(lines("ours")).toEqual([
    "ours itself: done, attached to nobody",
    "ours nobody: done, attached to nobody",
    "ours one: done, attached to one",
    "ours other: done, attached to other",
    "ours nobody: done, attached to nobody",
  ]);
});

it("replay goes on behind the removal of a queue, transaction or subscription, where the product stops, and forgets what was removed", () => {
  // What lost 20 messages of 20 after a failover: a client had removed another queue.
  const written = "removed 0/0, purged 2/2, kept 20/20, collections [8, 23, 25]";
  const stopped = "removed 3/3, purged 0/0, kept 0/0, collections [0], references others";
  // The one remainder of eight at which the product reads something: a record without a number.
  const notRemoved = "removed 3/3, purged 5/2, kept 20/20, collections [0, 8, 16, 23, 24, 25], references others";
  const lines = [8, 9, 10, 11, 12, 13, 14, 15, 300, 20_001, 3_000_002, 300_000_003].flatMap((number) => [
    `${number} written: ${written}`,
    `${number} product: ${number % 8 === 4 ? notRemoved : stopped}`,
    `${number} master: ${written}, references as written`,
    `${number} slave: ${written}, references as written`,
  ]);
  expect(check("RemovedCollectionCheck.java").trimEnd().split("\n")).toEqual(lines);
});
