/**
 * `npm run proof:rolling`: rolling restarts of ZooKeeper and of masters under eight producers, ten fresh clusters in a row, each until
 * two failovers and more than one full log file (the experiment `rolling` of amq drill). Writes rolling-zookeeper.md; with a number,
 * as in `npm run proof:rolling -- 3`, so many more runs beside those that are there.
 */
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { RollingOutcome } from "../../operate/drill/rolling";
import { Project } from "../harness/testProject";
import { proofMain } from "./main";

const RUNS = 10;
const STACK = "rolling";
const RESULTS = join(__dirname, "rolling", "results.json");

interface Kept {
  readonly at: string;
  readonly outcome: RollingOutcome;
}

/** One group of three with the times that a user gets when the stack file says nothing. */
const KEYS = {
  topology: "none",
  groups: [{ name: "a", brokers: 3, ports: { openwire: 20616, replication: 20716, metrics: 20816 } }],
  zookeeper: { ports: { client: 20181, peer: 20281, election: 20381 } },
  client: {},
};

async function run(project: Project, number: number, signal: AbortSignal): Promise<RollingOutcome> {
  const up = await project.amq("up", STACK);
  signal.throwIfAborted();
  if (up.code !== 0) throw new Error(`run ${number}: ${up.stderr}`);
  const { answer, child } = project.start(["drill", STACK, "rolling", "--json"]);
  child.stderr.pipe(process.stderr);
  const { stdout, stderr } = await answer;
  signal.throwIfAborted();
  const outcomes = JSON.parse(stdout || "null") as unknown;
  if (!Array.isArray(outcomes)) {
    throw new Error(
      `run ${number}: ${stderr}\n${stdout}\nlogs, with what every thread did: ${await keepLogs(project)}`,
    );
  }
  const [outcome] = outcomes as [RollingOutcome];
  const down = await project.amq("down", STACK);
  if (down.code !== 0) throw new Error(`run ${number}: ${down.stderr}`);
  return outcome;
}

/** Copies the hosts' folders but the stores to one that stays. @returns that folder */
async function keepLogs(project: Project): Promise<string> {
  for (const pid of Object.values(project.pids(STACK)).filter(Boolean)) process.kill(Number(pid), "SIGQUIT");
  await sleep(2000);
  const kept = mkdtempSync(join(tmpdir(), "amq-proof-logs-"));
  const hosts = join(project.directory, ".amq", STACK, "hosts");
  cpSync(hosts, kept, { recursive: true, filter: (path) => !/\/(data|credentials\.properties)$/.test(path) });
  return kept;
}

function markdown(kept: readonly Kept[]): string {
  const outcomes = kept.map(({ outcome }) => outcome);
  const head = [
    "run",
    "day",
    "restarts of members",
    "failovers by them",
    "failovers in all",
    "acknowledged",
    "MiB",
    "delivered",
    "lost",
    "duplicated",
    "longest outage",
  ];
  const rows = outcomes.map((outcome, index) => [
    String(index + 1),
    kept[index]?.at.slice(0, 10) ?? "",
    ...[
      outcome.restarts,
      outcome.memberFailovers,
      outcome.failovers,
      outcome.sent,
      outcome.mebibytes,
      outcome.received,
    ].map(String),
    ...[outcome.lost, outcome.duplicated].map(String),
    `${(outcome.failoverSeconds ?? 0).toFixed(1)} s`,
  ]);
  const sent = outcomes.reduce((sum, outcome) => sum + outcome.sent, 0);
  const lost = outcomes.reduce((sum, outcome) => sum + outcome.lost, 0);
  const unlucky = outcomes.filter((outcome) => outcome.lost > 0).length;
  return `# Rolling restarts of ZooKeeper and of masters under eight producers

Written by \`npm run proof:rolling\`, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}.
Each run: a fresh group of three on the local target with the default times; members restarted (kill -9), followers first, leader
last, then the master, each once the cluster is whole again; until two failovers and more than 110 MiB; then drained. lost: acknowledged and never delivered, dead letters not counted as delivered.

${[head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n")}

Lost in ${unlucky} of ${outcomes.length} runs: ${lost} of ${sent} acknowledged messages (${((100 * lost) / Math.max(sent, 1)).toFixed(2)} %).
`;
}

/** @returns the exit code: 1 when something was lost */
async function prove([word]: readonly string[], signal: AbortSignal): Promise<number> {
  const runs = word === undefined ? RUNS : Number(word);
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`"${word ?? ""}" is no number of runs. Allowed: 1 and up; 10 when left out`);
  // With a number: so many more, beside those that were measured before.
  const kept = word === undefined || !existsSync(RESULTS) ? [] : (JSON.parse(readFileSync(RESULTS, "utf8")) as Kept[]);
  const project = new Project();
  signal.addEventListener("abort", () => void project.interrupt());
  try {
    project.write(STACK, KEYS);
    for (let number = 1; number <= runs; number++) {
      console.error(`run ${number} of ${runs}`);
      kept.push({ at: new Date().toISOString(), outcome: await run(project, number, signal) });
      // After every run: what was measured is not lost with a run that fails.
      writeFileSync(RESULTS, `${JSON.stringify(kept, undefined, 2)}\n`);
      writeFileSync(join(__dirname, "rolling-zookeeper.md"), markdown(kept));
    }
    console.log(markdown(kept));
    return kept.every(({ outcome }) => outcome.lost === 0) ? 0 : 1;
  } finally {
    project.remove();
  }
}

void proofMain(prove);
