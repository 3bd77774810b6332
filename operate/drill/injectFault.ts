/** Injects a fault into a running cluster, under load, and measures how long clients had no master. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "./cluster";
import type { Context, Outcome } from "./context";
import { type Aim, type Fault, type FaultStep, targetGroup, isOutage } from "./faults";
import { type Injection, SERVE_SECONDS, inject } from "./injection";
import { underLoad } from "./load";
import type { PlannedGroup } from "../../core/plan/model";

/** Load before a step: by timer, so that sends are in flight when it comes, and by chance, so that it meets each moment. */
const before = () => 4000 + Math.random() * 1000;
const AFTERWARDS_MILLIS = 3000;

/**
 * Runs all steps of a fault, the cluster whole between them.
 * @throws Error when groups do not serve again, or the cluster does not become whole
 */
export async function runFault(context: Context, { id, steps }: Fault): Promise<Outcome> {
  const { counts, result: failoverSeconds } = await underLoad(context, id, async () => {
    let longest = 0;
    for (const [index, step] of steps(context.kills).entries()) {
      await sleep(before());
      longest = Math.max(longest, await perform(context, step, targetGroup(context.cluster.plan, index)));
    }
    await sleep(AFTERWARDS_MILLIS);
    return longest;
  });
  return { ...counts, failoverSeconds, ok: counts.lost === 0 };
}

/** @returns the longest time in seconds in which a group had no master; where none can serve meanwhile, from the end of the step */
async function perform({ cluster, say }: Context, step: FaultStep, group: PlannedGroup): Promise<number> {
  const services = await aimedAt(cluster, step.aim, group.name);
  const outage = isOutage(step, group);
  const ofGroup = step.aim === "master" || step.aim === "slaves";
  const injection: Injection = {
    what: wordsFor(step, services),
    hit: async () => {
      if (step.aim === "directory") cluster.takeDirectory();
      else await cluster.injectFault(step.kind, services);
    },
    seconds: step.seconds,
    outage,
    heal: () => cluster.heal(),
  };
  say(`${injection.what}, sends in flight`);
  const injected = await inject(cluster, injection, ofGroup ? { groups: [group.name] } : {});
  const seconds = injected.masterless ?? SERVE_SECONDS;
  say(`no master for ${seconds.toFixed(1)} s${outage ? " after that was over" : ""}`);
  await cluster.putBack();
  return seconds;
}

/** What a step does, in a few words. */
export function wordsFor({ aim, kind }: FaultStep, services: readonly string[]): string {
  if (aim === "directory") return "the shared directory goes away";
  return `${WORDS[kind]} ${aim === "everything" ? "everything" : services.join(", ")}`;
}

const WORDS = { kill: "kill -9 of", halt: "kill -9, and keep down,", freeze: "SIGSTOP of" } as const;

/** The services that are hit, as the roles are now. @throws Error when the cluster is not whole, or has nothing of the kind */
export async function aimedAt(cluster: Cluster, aim: Aim, groupName: string): Promise<string[]> {
  const { groups, ensemble, database } = await cluster.until(({ whole }) => whole, 120, "the cluster is not whole");
  const brokers = groups.find(({ name }) => name === groupName)?.brokers ?? [];
  const everything = [...groups.flatMap((group) => group.brokers), ...ensemble, ...database];
  const found = {
    master: () => brokers.filter(({ role }) => role === "master"),
    slaves: () => brokers.filter(({ role }) => role !== "master"),
    follower: () => ensemble.filter(({ role }) => role === "follower").slice(0, 1),
    leader: () => ensemble.filter(({ role }) => role === "leader"),
    // The leader among them: the rest has no quorum, and nobody to tell it so.
    majority: () =>
      [...ensemble]
        .sort((a, b) => Number(b.role === "leader") - Number(a.role === "leader"))
        .slice(0, Math.floor(ensemble.length / 2) + 1),
    database: () => database,
    directory: () => [],
    everything: () => everything,
  }[aim]();
  if (found.length === 0 && aim !== "directory") throw new Error(`nothing to strike: no ${aim} in group ${groupName}`);
  return found.map(({ name }) => name);
}
