/** Injects the planned faults into a running cluster, one or several at once, and waits until it has settled. */
import { until } from "../../../core/util/until";
import { aimedAt, wordsFor } from "../../../operate/drill/injectFault";
import { targetGroup } from "../../../operate/drill/faults";
import type { Cluster } from "../../../operate/drill/cluster";
import { inject } from "../../../operate/drill/injection";
import { onHost } from "../../../operate/hosts/askHost";
import type { FaultEvent } from "./history";
import type { PlannedFault } from "./generate";

/** Long: what is proven is that it comes back, on a machine that may be busy with something else. */
const WHOLE_SECONDS = 240;
const POLL_MILLIS = 50;
/** How long a next master is waited for, to be killed at once. */
const NEXT_MASTER_MILLIS = 60_000;

/**
 * @param longest seconds that a part of it may last
 * @throws Error when the cluster does not serve again, or does not become whole
 */
export async function perform(cluster: Cluster, fault: PlannedFault, longest: number): Promise<FaultEvent> {
  const group = targetGroup(cluster.plan, 0);
  const aims = await Promise.all(
    fault.steps.map(async (step) => ({ step, services: await aimedAt(cluster, step.aim, group.name) })),
  );
  const killsMaster = fault.steps.some(({ aim, kind }) => aim === "master" && kind === "kill");
  // Alone: beside another fault there may be no next one.
  const again = fault.again && killsMaster && fault.steps.length === 1 && group.brokers.length > 1;
  const what =
    aims.map(({ step, services }) => wordsFor(step, services)).join(", and ") + (again ? ", then of the next" : "");
  const began = Date.now();
  const hit = async () => {
    await Promise.all(
      aims.map(async ({ step, services }) => {
        if (step.aim === "directory") cluster.takeDirectory();
        else await cluster.injectFault(step.kind, services);
      }),
    );
    if (again) await killNextMaster(cluster, aims[0]?.services ?? []);
  };
  const seconds = Math.min(longest, Math.max(...fault.steps.map((step) => step.seconds)));
  // As an outage, whatever it is: several at once may be one although each alone is none.
  await inject(cluster, { hit, seconds, outage: true, heal: () => cluster.heal() });
  await cluster.putBack(WHOLE_SECONDS);
  return { what, began, settled: Date.now() };
}

/** Kills whoever serves next, as soon as it does. */
async function killNextMaster(cluster: Cluster, before: readonly string[]): Promise<void> {
  const { plan, signal } = cluster;
  const brokers = targetGroup(plan, 0).brokers.filter(({ name }) => !before.includes(name));
  const look = async () => {
    const roles = await Promise.all(brokers.map(({ name, host }) => onHost(plan, host, ["probe", name, "role"])));
    return brokers.find((_, i) => roles[i]?.stdout === "master")?.name;
  };
  const patience = { millis: NEXT_MASTER_MILLIS, everyMillis: POLL_MILLIS, signal };
  const { seen } = await until(look, (name) => name !== undefined, patience);
  if (seen !== undefined) await cluster.injectFault("kill", [seen]);
}
