/** Whether a group takes and gives messages, and what will keep it from that: the figures that its master reports. Pure. */
import { METRICS } from "../../core/products/metrics";
import type { PlannedGroup } from "../../core/plan/model";
import type { Sample } from "../hosts/prometheus";
import { count } from "../plan/planText";
import type { Missing, ServiceStatus, Status } from "./statusModel";

/** Of a limit, in percent: from here on somebody should look. */
const WARN_PERCENT = 80;
/** A trial that fails once may have met a moment. */
const FAILURES_IN_ROW = 2;
/** Trials come every 10 s and take 5 at most: longer, and one hangs. */
const TRIAL_HANGS_SECONDS = 40;
const QUEUES_NAMED = 3;

export interface Judged {
  readonly missing: readonly Missing[];
  readonly warnings: readonly Missing[];
}

/** What a master reports; undefined for one of before, which does not say. */
export function serviceOf(group: PlannedGroup, samples: readonly Sample[]): ServiceStatus | undefined {
  const valueOf = (metric: { readonly name: string }) => samples.find(({ name }) => name === metric.name)?.value;
  const secondsSinceTrial = valueOf(METRICS.trialSecondsSinceSuccess);
  const failedTrials = valueOf(METRICS.trialFailures);
  if (secondsSinceTrial === undefined || failedTrials === undefined) return undefined;
  return {
    secondsSinceTrial,
    failedTrials,
    memoryPercent: valueOf(METRICS.brokerMemoryPercent) ?? 0,
    storePercent: valueOf(METRICS.brokerStorePercent) ?? 0,
    tempPercent: valueOf(METRICS.brokerTempPercent) ?? 0,
    connections: samples
      .filter(({ name }) => name === METRICS.connectorConnections.name)
      .map(({ labels, value }) => ({
        connector: labels["connector"] ?? "",
        open: value,
        most: group.transports.maximumConnections,
      })),
  };
}

/**
 * @param queues of the group, for who holds what is full
 * @param log where its master's log is
 */
export function judgeService(
  { stack, group, master, log }: { stack: string; group: PlannedGroup; master: string; log: string },
  service: ServiceStatus,
  queues: Status["queues"],
): Judged {
  const found = [...limits(stack, group, master, service, queues), ...connections(stack, group, master, service)];
  const full = found.filter(({ percent }) => percent >= 100).map(({ fault }) => fault);
  const near = found.filter(({ percent }) => percent >= WARN_PERCENT && percent < 100).map(({ fault }) => fault);
  const trial: Missing = {
    what: `group ${group.name} has a master that took and gave no message for ${Math.round(service.secondsSinceTrial)} s: ${master} tries it with one of its own`,
    todo: `${full.length > 0 ? "see what is full; " : ""}why it fails is in the log: ${log}`,
  };
  const fails = service.failedTrials >= FAILURES_IN_ROW || service.secondsSinceTrial > TRIAL_HANGS_SECONDS;
  return {
    missing: [...(fails ? [trial] : []), ...full],
    warnings: [...(!fails && service.failedTrials > 0 ? [trial] : []), ...near],
  };
}

interface Use {
  readonly percent: number;
  readonly fault: Missing;
}

function limits(
  stack: string,
  { name, limits }: PlannedGroup,
  master: string,
  { memoryPercent, storePercent, tempPercent }: ServiceStatus,
  queues: Status["queues"],
): Use[] {
  const use = (percent: number, setting: keyof PlannedGroup["limits"], then: string): Use => ({
    percent,
    fault: {
      what: `group ${name} uses ${Math.round(percent)} % of limits.${setting} (${limits[setting]} MiB, ${master}): at 100 % ${then}`,
      todo: `consume, move or purge what waits${holders(queues)}; or raise limits.${setting} and run npx amq up ${stack}`,
    },
  });
  return [
    use(storePercent, "storeMiB", "it takes no persistent messages"),
    use(memoryPercent, "memoryMiB", "it takes no messages at all"),
    use(tempPercent, "tempMiB", "it takes no non-persistent messages"),
  ];
}

function holders(queues: Status["queues"]): string {
  const most = [...queues].filter(({ pending }) => pending > 0).sort((a, b) => b.pending - a.pending);
  if (most.length === 0) return "";
  return ` (most in ${most.slice(0, QUEUES_NAMED).map(({ name, pending }) => `${name}: ${count(pending, "message")}`).join(", ")})`; // prettier-ignore
}

function connections(stack: string, { name }: PlannedGroup, master: string, service: ServiceStatus): Use[] {
  return service.connections.map(({ connector, open, most }) => ({
    percent: (100 * open) / most,
    fault: {
      what: `group ${name} has ${open} of ${most} connections to connector ${connector} (${master}): with all of them nobody else can connect`,
      todo: `close connections that are not needed, or raise transports.maximumConnections and run npx amq up ${stack}`,
    },
  }));
}
