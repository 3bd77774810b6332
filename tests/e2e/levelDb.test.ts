/** Faults of the LevelDB store that need no cluster to be shown: on the product's classes, and on ours, which mend them. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { limit } from "../../testbed/harness/patience";
import { java, javaSays } from "./java";
import { NOTHING_MISSED } from "./subscriptionCases";

const RELEASE = "classic-5.16";
/** Leaving.leave, so that a supervisor starts a fresh process. */
const LEFT = 75;

/** What the index reaches into: a broker's JVM options open it too. */
const OPENINGS = ["--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"];

/** Runs one of the Java programs. @returns what it prints */
const check = (program: string, ...words: string[]) => javaSays(RELEASE, program, words, { options: OPENINGS });

it("numbers of a queue's messages go on from the highest one, where the product takes the one that was written last", () => {
  // What lost two messages of 35,000 under eight producers, after a failover.
  expect(check("HighestKeyCheck")).toBe("product 3305\nmaster 3306\nslave 3306\n");
});

it("a store whose version file a full disk has left empty is opened, and one of another version is not", () => {
  const refused = "Cannot open the store.  It's schema version is not supported.";
  expect(check("StoreVersionCheck").trimEnd().split("\n")).toEqual([
    `product ${refused}`,
    "master activemq_leveldb_store:1",
    "slave activemq_leveldb_store:1",
    `product ${refused}`,
    `master ${refused}`,
    `slave ${refused}`,
  ]);
});

it("a process whose slave does not stop ends, where the product waits for ever", () => {
  expect(java(RELEASE, "MasterChangeCheck", ["stuck", String(limit(60))])).toMatchObject({ code: LEFT, stdout: "" });
});

it("counting what log files are needed takes a twentieth of the time at most, once it is felt", () => {
  expect(check("PaceCheck")).toBe("at first: 0\n99: 0\n100: 2000\n5000: 100000\n");
});

it("a slave goes over from one master to the next, and never attaches to itself, where the product waits for its own lock", () => {
  // What kept a member out for 75 s after three of fourteen kills of a master.
  const lines = (whose: string) =>
    check("MasterChangeCheck", whose, String(limit(10)))
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
    `${number} master: ${written}, references as needed`,
    `${number} slave: ${written}, references as needed`,
  ]);
  expect(check("RemovedCollectionCheck").trimEnd().split("\n")).toEqual(lines);
});

it("log files that the index points into stay, however they were counted, and a message whose file is gone ends nobody", () => {
  // By number of the log file: what the store counted of what the index has, and how many of the waiting messages are left.
  expect(check("LogReferencesCheck").trimEnd().split("\n")).toEqual([
    "subscriptions removed, product: {0=-9} of {0=3}, kept 0/3, then {0=9, 1=11, 2=5} of {-1=3, 0=9, 1=11, 2=5}",
    "subscriptions removed, master: {0=3} of {0=3}, kept 3/3, then {0=3, 1=9, 2=11, 3=5} of {0=3, 1=9, 2=11, 3=5}",
    "subscriptions removed, slave: {0=3} of {0=3}",
    "moved to another queue, product: {0=10, 1=11, 2=4} of {0=10, 1=11, 2=4}, kept 25/25, then {0=10, 1=11, 2=4, 3=6, 4=11, 5=8} of {0=10, 1=11, 2=4, 3=6, 4=11, 5=8}",
    "moved to another queue, master: {0=10, 1=11, 2=4} of {0=10, 1=11, 2=4}, kept 25/25, then {0=10, 1=11, 2=4, 3=6, 4=11, 5=8} of {0=10, 1=11, 2=4, 3=6, 4=11, 5=8}",
    "moved to another queue, slave: {0=10, 1=11, 2=4} of {0=10, 1=11, 2=4}",
    "queue removed, product: {0=-4, 1=-5} of {0=3}, kept 0/3, then {0=11, 1=11} of {-1=6, 0=11, 1=11}",
    "queue removed, master: {0=3} of {0=3}, kept 3/3, then {0=3, 1=5, 2=11, 3=9} of {0=3, 1=5, 2=11, 3=9}",
    "queue purged, product: {0=-4, 1=-5} of {0=3}, kept 0/3, then {0=11, 1=11} of {-1=6, 0=11, 1=11}",
    "queue purged, master: {0=3} of {0=3}, kept 3/3, then {0=3, 1=5, 2=11, 3=9} of {0=3, 1=5, 2=11, 3=9}",
    "rotated after the snapshot, product: {0=25} of {0=11, 1=11, 2=3}, kept 11/25 and then EOFException, then {0=25, 1=8, 2=11, 3=6} of {-1=11, 0=11, 1=11, 2=11, 3=6}",
    "rotated after the snapshot, master: {0=11, 1=11, 2=3} of {0=11, 1=11, 2=3}, kept 25/25, then {0=11, 1=11, 2=11, 3=11, 4=6} of {0=11, 1=11, 2=11, 3=11, 4=6}",
    "rotated after the snapshot, slave: {0=11, 1=11, 2=3} of {0=11, 1=11, 2=3}",
    "topic collected, product: {-1=7, 0=10} of {-1=18, 0=10}, kept 0/3, then {-1=7, 0=10, 1=11, 2=4} of {-1=3, 0=10, 1=11, 2=4}",
    "topic collected, master: {0=3} of {0=3}, kept 3/3, then {0=3, 1=6, 2=11, 3=8} of {0=3, 1=6, 2=11, 3=8}",
    "counts lost, product: {} of {0=11, 1=11, 2=3}, kept 3/25, then {0=8, 1=11, 2=6} of {-1=22, 0=11, 1=11, 2=6}",
    "counts lost, master: {} of {0=11, 1=11, 2=3}, kept 25/25, then {0=11, 1=11, 2=11, 3=11, 4=6} of {0=11, 1=11, 2=11, 3=11, 4=6}",
    "file gone before the start, product: {-1=11, 0=11, 1=3} of {-1=11, 0=11, 1=3}, kept 11/25 and then EOFException, then {-1=11, 0=11, 1=11, 2=11, 3=6} of {-1=11, 0=11, 1=11, 2=11, 3=6}",
    "file gone before the start, master: {0=11, 1=3} of {0=11, 1=3}, kept 14/14, then {0=11, 1=11, 2=11, 3=6} of {0=11, 1=11, 2=11, 3=6}",
    "file gone while open, product: {-1=11, 0=11, 1=3} of {-1=11, 0=11, 1=3}, kept 11/25 and then EOFException, then {-1=11, 0=11, 1=11, 2=11, 3=6} of {-1=11, 0=11, 1=11, 2=11, 3=6}",
    "file gone while open, master: {-1=11, 0=11, 1=3} of {-1=11, 0=11, 1=3}, kept 14/14, then {-1=11, 0=11, 1=11, 2=11, 3=6} of {0=11, 1=11, 2=11, 3=6}",
    "elected without a file: 11 messages are missing in the folder; another member may have them, and goes first",
    "elected again: serves, {0=11, 1=3}",
    "elected with it: serves, {0=11, 1=11, 2=3}",
    "elected without it later: 11 messages are missing in the folder; another member may have them, and goes first",
  ]);
});

it("a send in doubt that comes again after a failover is answered, where the product keeps it twice; one over a bridge is kept", () => {
  // What left a queue with 4 phantom messages, and delivered ones among the dead letters: one of each producer.
  expect(check("SentAgainCheck").trimEnd().split("\n")).toEqual([
    "product, sent again: 21 received, 21 different, 4 waiting, 4 dead letters, cache off",
    "product, came back over a bridge: 21 received, 21 different, 4 waiting, 0 dead letters, cache off",
    "product, moved again: 0 waiting, 2 dead letters",
    "master, sent again: 21 received, 21 different, 0 waiting, 0 dead letters, cache on",
    "master, came back over a bridge: 21 received, 21 different, 4 waiting, 0 dead letters, cache off",
    // With our first version the removal failed, and with it master after master.
    "master, moved again: 0 waiting, 1 dead letters",
  ]);
});

it("a durable subscriber gets what it has not acknowledged, whatever else was, where the product takes all before for acknowledged", () => {
  // What lost 20 messages of a subscription. By case: what was left, what the successor gives, and what is left behind that.
  const cases = [
    ["in order", "3 4", "3, 4", "3, 4"],
    ["sent again", "1 2 3 4", "", "1, 2, 3, 4"],
    ["sent again, wildcard", "1 2 3 4", "", "1, 2, 3, 4"],
    ["sent again, subscriber away", "", "4", ""],
    ["handed over twice", "2", "", "2"],
    ["selector, subscriber there", "1 3", "", "1, 3"],
    ["selector, subscriber away", "1 3", "", "1, 3"],
    ["selector, all acknowledged", "", "", ""],
    ["expired", "1 2", "", "1, 2"],
    // What is acknowledged ahead of something else comes again after a failover.
    ["acknowledged singly", "1 2", "", "1, 2, 3"],
    ["the gap is closed", "4", "3, 4", "4"],
    ["priorities", "1 2", "", "1, 2, 3"],
    ["several subscriptions", "1 2 3 4", "", "1, 2, 3, 4"],
  ] as const;
  const line = (who: string, name: string, left: string, got: string, still: number) =>
    `${who}, ${name}: expected [${left}], got [${got}], ${String(still)} left`;
  expect(check("SubscriberPlaceCheck").trimEnd().split("\n")).toEqual([
    ...cases.map(([name, left, got]) =>
      line("product", name, left, got, name === "selector, all acknowledged" ? 1 : 0),
    ),
    "product, not stored: NullPointerException",
    "product, written in another order: read [2] and [], 0 left",
    "product, half made: 2 from before",
    "product, while loading: removes of 1 topics",
    ...cases.map(([name, left, , got]) => line("master", name, left, got, 0)),
    "master, not stored: acknowledged",
    "master, written in another order: read [2] and [1], 1 left",
    "master, half made: 0 from before",
    "master, while loading: removes of 0 topics",
  ]);
});

it("subscribers of every kind miss nothing of what several producers publish, between kills, and have nothing left at the end", () => {
  expect(check("SubscribersAtOnceCheck", "master", "4").trimEnd().split("\n")).toEqual(NOTHING_MISSED);
  // Such a load finds something.
  expect(check("SubscribersAtOnceCheck", "product", "3")).toMatch(/SELECTOR: missed \[\d/);
});

it("whatever applications do, between kills: each queue has what it should, and each log file counts what is in it", () => {
  const seeds = ["1", "2", "3"];
  expect(check("StoreHistoryCheck", "master", ...seeds)).toBe(
    seeds.map((seed) => `seed ${seed}: as it should be\n`).join(""),
  );
  // The history is one that finds something.
  expect(check("StoreHistoryCheck", "product", "1")).not.toContain("as it should be");
});

it("a log with XA transactions is replayed whole, where the product never starts again, and prepared ones are kept", () => {
  const known = (orders: string, transactions: string) => `orders [${orders}], kept 20, transactions {${transactions}}`;
  const prepared = "1=0 sent 1 received, 2=1 sent 0 received";
  // The index that a replay by the product left does not know the receive any more: its message is delivered again.
  const former = "1=0 sent 0 received, 2=1 sent 0 received";
  expect(check("XaCheck").trimEnd().split("\n")).toEqual([
    `committed written: ${known("2, 3", "")}`,
    "committed product: does not start, EOFException",
    "committed master: as written",
    "committed slave: as written",
    // What came behind the transactions was hidden then, and stays hidden.
    `committed former: orders [2], kept 0, transactions {${former}}`,
    `prepared written: ${known("2", prepared)}`,
    "prepared product: does not start, EOFException",
    ...["master", "slave"].flatMap((who) => [
      `prepared ${who}: as written`,
      `prepared ${who} commit: ${known("2, 3", "")}`,
      `prepared ${who} rollback: ${known("1, 2", "")}`,
    ]),
    `prepared former: ${known("1, 2", former)}`,
    `prepared former commit: ${known("1, 2, 3", "")}`,
    `prepared former rollback: ${known("1, 2", "")}`,
    "half committed: orders [2], kept 0, transactions {1=0 sent 0 received}",
    "committed again: as committed once",
  ]);
});

it("XA is refused before anything is written, by an error that names the store and what to use; the rest goes on", () => {
  const refusal =
    "XA transactions are refused on store replicatedLevelDB, which may lose messages when a master dies during a commit. " +
    "Use transactions of one session, or a group with store jdbc, sharedKahaDB or kahaDB";
  expect(check("XaRefusalCheck").trimEnd().split("\n")).toEqual([
    "without the plugin: prepared 0",
    `start: ${refusal}`,
    `prepare: ${refusal}`,
    `start: ${refusal}`,
    `one phase: ${refusal}`,
    "written: 0 bytes",
    "without a transaction: received",
    "session's transaction: received",
    "prepared before: 1",
    "committed now: received",
  ]);
});

describe("a store that cannot be loaded", () => {
  const FORGED =
    /cannot be replayed behind position \d+ of \d+: (a record of kind 3 with 3 bytes|java.io.EOFException)/;
  const MISSING = /cannot be replayed behind position \d+ of \d+: java.io.IOException: invalid record position/;
  const MASTER = "Elected, but the store cannot start";
  const SLAVE = "This slave cannot follow its master";

  function open(who: string, damage: string): { code: number; said: string; kept: string } {
    const directory = mkdtempSync(join(tmpdir(), "amq-store-"));
    try {
      const options = [...OPENINGS, `-Dactivemq.data=${directory}`];
      const { code, stdout, stderr } = java(RELEASE, "ForgedRecordCheck", [directory, who, damage], { options });
      const reason = join(directory, "last-failure");
      return { code, said: stdout + stderr, kept: existsSync(reason) ? readFileSync(reason, "utf8") : "" };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  it.each(["record", "file"])("the product goes on without what is behind a damaged %s", (damage) => {
    expect(open("product", damage)).toEqual({ code: 0, said: expect.stringContaining("goes on") as string, kept: "" });
  });

  it.each([
    ["master", "record", MASTER, FORGED],
    ["slave", "record", SLAVE, FORGED],
    ["master", "file", MASTER, MISSING],
    ["slave", "file", SLAVE, MISSING],
    ["master", "index", MASTER, /CURRENT file does not end with newline/],
  ])("a %s with a damaged %s ends its process and says why", (who, damage, ...why) => {
    const { code, said, kept } = open(who, damage);
    expect(code).toBe(LEFT);
    // A line, which status shows.
    for (const words of why) expect(kept).toMatch(words);
    expect(kept.trimEnd()).not.toContain("\n");
    expect(said).not.toContain("goes on");
  });
});
