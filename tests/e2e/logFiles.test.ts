/** Store replicatedLevelDB with a backlog of many log files: masters are killed, and files go when nobody needs them. */
import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { METRICS } from "../../core/products/metrics";
import { parseMetrics } from "../../operate/hosts/prometheus";
import { loadPlan } from "../../operate/project";
import type { Status } from "../../operate/status/statusModel";
import { until } from "../../testbed/harness/patience";
import { Project, group } from "../../testbed/harness/testProject";
import { javaCommand } from "./java";

const stack = "files";
const QUEUE = "backlog";
const PRODUCERS = 4;
const EACH = 2000;
const MESSAGES = PRODUCERS * EACH;
/** Without what the store writes beside them; a log file of this stack has 1 MiB. */
const MESSAGES_MIB = Math.floor((MESSAGES * 1000) / (1 << 20));
/** A master looks for unused files every 10 s, and for expired messages every 30 s. */
const GONE_SECONDS = 90;

/** The newest one, the one of the snapshot, and one that holds a record of the other queue. */
const FEW = 3;

const project = new Project();
afterAll(() => {
  project.remove();
});

const hostDirectory = (broker: string) => join(project.directory, ".amq", stack, "hosts", broker);

function client(...words: string[]): [string, string[]] {
  const url = loadPlan(stack, project.directory).urls.failover;
  const active = join(hostDirectory("a-1"), "a-1", "active");
  return javaCommand("client", "Backlog", [url, active, ...words]);
}

const masterOf = (status: Status) => status.groups[0]?.brokers.find(({ role }) => role === "master")?.name ?? "";

async function killMaster(): Promise<void> {
  const master = masterOf(await project.status(stack));
  const killed = project.pids(stack)[master];
  process.kill(Number(killed), "SIGKILL");
  // Its fresh process may be elected again, when its log reaches farthest.
  const again = (status: Status) => status.whole && project.pids(stack)[master] !== killed;
  await project.until(stack, again, 60, `not whole after the death of ${master}`);
}

/** What the master says of a queue; undefined when it has none of that name. */
async function waiting(queue: string): Promise<number | undefined> {
  const master = masterOf(await project.status(stack));
  const script = join(hostDirectory(master), "bin", "amq-host");
  const { stdout } = spawnSync(script, ["probe", master, "metrics"], { encoding: "utf8" });
  return parseMetrics(stdout).find(({ name, labels }) => name === METRICS.queueSize.name && labels["queue"] === queue)
    ?.value;
}

/** How many log files each broker has. */
const logFiles = () =>
  ["a-1", "a-2", "a-3"].map(
    (broker) =>
      readdirSync(join(hostDirectory(broker), broker, "data", "leveldb")).filter((name) => name.endsWith(".log"))
        .length,
  );

beforeAll(async () => {
  project.write(stack, { groups: [group("a")] });
  await project.up(stack);
});

it("a backlog of many files survives a killed master, without a phantom or a dead letter", async () => {
  const [command, words] = client("send", QUEUE, String(PRODUCERS), String(EACH));
  const sender = spawn(command, words, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  sender.stdout.on("data", (data: Buffer) => (said += data.toString()));
  const ended = new Promise((resolve) => sender.on("exit", resolve));
  const sent = () => Number(said.trim().split("\n").at(-1));
  expect(await until(120, () => sent() > MESSAGES / 4)).toBe(true);
  await killMaster();
  expect(await ended).toBe(0);
  expect(sent()).toBe(MESSAGES);
  expect(await waiting(QUEUE)).toBe(MESSAGES);
  // The killed one downloads them.
  await until(60, () => Math.min(...logFiles()) > MESSAGES_MIB, 1000);
  expect(Math.min(...logFiles())).toBeGreaterThan(MESSAGES_MIB);
});

it("they can all be received after two more failovers, and their files are deleted on every broker", async () => {
  await killMaster();
  await killMaster();
  const { stdout } = spawnSync(...client("receive", QUEUE, String(MESSAGES)), { encoding: "utf8" });
  expect(stdout.trim()).toBe(String(MESSAGES));
  await until(GONE_SECONDS, () => Math.max(...logFiles()) <= FEW, 1000);
  expect(Math.max(...logFiles())).toBeLessThanOrEqual(FEW);
  expect([await waiting(QUEUE), await waiting(`DLQ.${QUEUE}`)]).toEqual([0, undefined]);
});

it("the group serves on after a failover", async () => {
  await killMaster();
  const [command, words] = client("send", QUEUE, "1", "100");
  expect(spawnSync(command, words).status).toBe(0);
  expect(spawnSync(...client("receive", QUEUE, "100"), { encoding: "utf8" }).stdout.trim()).toBe("100");
  await project.whole(stack);
});
