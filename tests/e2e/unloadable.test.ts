/**
 * A broker that has the lock, or needs none, and cannot load its store: it ends, again and again, and status says why. The store
 * replicatedLevelDB: levelDb.test.ts.
 */
import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Project, group, port } from "../../testbed/harness/testProject";
import type { Status } from "../../operate/status/statusModel";
import { javaSays } from "./java";

const project = new Project();
const stack = "unloadable";
const folder = (...path: string[]) => join(project.directory, ".amq", stack, ...path);
const service = (broker: string, ...path: string[]) => folder("hosts", broker, broker, ...path);

const host = (broker: string, verb: string) =>
  execFileSync(folder("hosts", broker, "bin", "amq-host"), [verb, broker], { stdio: "ignore" });

/** Zeroes a part of a journal, as a disk does that lost a sector. @returns how to mend it */
function zeroJournal(directory: string): () => void {
  const journal = readdirSync(directory).find((file) => /^db-\d+\.log$/.test(file)) ?? "";
  const whole = readFileSync(join(directory, journal));
  const write = (bytes: Buffer) => {
    const file = openSync(join(directory, journal), "r+");
    writeSync(file, bytes, 0, bytes.length, 1000);
    closeSync(file);
  };
  write(Buffer.alloc(600));
  return () => {
    write(whole.subarray(1000, 1600));
  };
}

/** Takes a column from the table of messages. @returns how to mend it */
function renameColumn(): () => void {
  const url = `jdbc:postgresql://127.0.0.1:${port(25432)}/activemq`;
  const rename = (columns: string) => {
    javaSays("classic-6.3", "Sql", [url, service("c-1", "active"), `ALTER TABLE c_msgs RENAME COLUMN ${columns}`]);
  };
  rename("id TO lost");
  return () => {
    rename("lost TO id");
  };
}

beforeAll(async () => {
  const groups = [
    { ...group("a", 0, 1, false), store: "kahaDB" },
    { ...group("b", 1, 1, false), store: "sharedKahaDB" },
    { ...group("c", 2, 1, false), store: "jdbc" },
  ];
  project.write(stack, { store: "kahaDB", topology: "none", groups, jdbc: { port: port(25432) } });
  await project.up(stack);
});
afterAll(() => {
  project.remove();
});

it.each([
  ["kahaDB", "a-1", 0, () => zeroJournal(service("a-1", "data", "kahadb")), /corrupt|missing/i],
  ["sharedKahaDB", "b-1", 1, () => zeroJournal(folder("shared", "b")), /corrupt|missing/i],
  ["jdbc", "c-1", 2, renameColumn, /column .*id.* does not exist/],
] as const)(
  "%s: the reason is in the status until the broker serves again",
  async (_, broker, number, damage, reason) => {
    const url = `tcp://127.0.0.1:${port(26616) + number}`;
    const failureOf = ({ groups }: Status) => groups[number]?.brokers[0]?.failure;
    javaSays("client", "Subscriber", [url, service(broker, "active"), "send", "orders", "50"]);
    host(broker, "stop");
    const mend = damage();
    host(broker, "start");
    const { missing } = await project.until(stack, (status) => failureOf(status) !== undefined, 60, "no reason");
    const fault = missing.find(({ what }) => what.startsWith(`${broker} is `))?.what;
    expect(fault).toContain("its last process ended: The broker could not start: ");
    expect(fault).toMatch(reason);
    mend();
    const { groups } = await project.until(stack, ({ whole }) => whole, 60, "the mended store is not served");
    expect(groups[number]?.brokers).toEqual([{ name: broker, role: "master" }]);
    expect(existsSync(service(broker, "data", "last-failure"))).toBe(false);
  },
);
