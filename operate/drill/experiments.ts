/** The experiments of the reference topologies: which there are, and which fit a topology. */
import { type Context, DRILL_QUEUES, type Outcome } from "./context";
import { FAULTS, type Fault, NO_SLAVES, hasSlaves } from "./faults";
import { canFlow, pairs } from "./flow";
import { waitingMessages } from "./waitingMessages";
import { rollingRestarts } from "./rolling";
import { runFault } from "./injectFault";
import type { ClusterPlan } from "../../core/plan/model";

export interface Experiment {
  readonly id: string;
  readonly title: string;
  /** Why it does not fit a topology; undefined when it does. */
  readonly unfit: (plan: ClusterPlan) => string | undefined;
  /** Takes many minutes, so it runs only when it is named. */
  readonly onlyByName?: true;
  readonly run: (context: Context) => Promise<Outcome>;
}

export const EXPERIMENTS: readonly Experiment[] = [
  {
    id: "1",
    title: "3 messages to a group, its master killed, consumed from the promoted slave",
    unfit: (plan) => (hasSlaves(plan) ? undefined : NO_SLAVES),
    run: (context) => {
      const group = context.cluster.plan.groups[0]?.name ?? "";
      return waitingMessages(context, [{ from: group, to: group }], "all");
    },
  },
  {
    id: "2",
    title: "3 messages to a group, its master killed, consumed from another group",
    unfit: (plan) =>
      hasSlaves(plan)
        ? flowing(plan).length > 0
          ? undefined
          : "no bridge carries messages to another group"
        : NO_SLAVES,
    run: (context) => waitingMessages(context, flowing(context.cluster.plan).slice(0, 2), "all"),
  },
  {
    id: "3",
    title: "the same where no connector leads to the consumer's group: nothing arrives there",
    unfit: (plan) =>
      hasSlaves(plan) ? (blocked(plan).length > 0 ? undefined : "every group reaches every other") : NO_SLAVES,
    run: (context) => waitingMessages(context, blocked(context.cluster.plan).slice(0, 1), "none"),
  },
  {
    id: "4",
    title: "3 messages to a broker without slaves, killed: nothing arrives until it is back",
    unfit: (plan) =>
      hasSlaves(plan)
        ? "the groups have slaves"
        : flowing(plan).length > 0
          ? undefined
          : "no bridge leads to another group",
    run: (context) => waitingMessages(context, flowing(context.cluster.plan).slice(0, 1), "none"),
  },
  {
    id: "6",
    title: "spokes: 3 messages to a group of producers, its master killed, consumed from a group of consumers",
    unfit: (plan) => (spoke(plan) === undefined ? "it takes topology spokes" : undefined),
    run: (context) => {
      const route = spoke(context.cluster.plan);
      return waitingMessages(context, route === undefined ? [] : [route], "all");
    },
  },
  ...FAULTS.map(ofFault),
  {
    id: "rolling",
    title:
      "ZooKeeper members restarted one by one under the same load, then masters, until two failovers and more than one log file",
    unfit: (plan) => (plan.ensemble === undefined ? "no ZooKeeper in this stack" : undefined),
    onlyByName: true,
    run: rollingRestarts,
  },
];

function ofFault(fault: Fault): Experiment {
  const { id, title, unfit, onlyByName } = fault;
  return { id, title, unfit, ...(onlyByName && { onlyByName }), run: (context) => runFault(context, fault) };
}

/** From the first group of producers to the second of consumers, where there is one: never the group that a client finds first. */
function spoke({ groups }: ClusterPlan): { from: string; to: string } | undefined {
  const from = groups.find(({ role }) => role === "producers")?.name;
  const consumers = groups.filter(({ role }) => role === "consumers");
  const to = (consumers[1] ?? consumers[0])?.name;
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** A queue like those that experiments 1 to 4 make: bridges may keep it where it is. */
const WAITING_QUEUE = `queue://${DRILL_QUEUES}.parked.1.1`;

function flowing(plan: ClusterPlan) {
  return pairs(plan).filter(({ from, to }) => canFlow(plan, from, to, WAITING_QUEUE));
}

function blocked(plan: ClusterPlan) {
  return pairs(plan).filter(({ from, to }) => !canFlow(plan, from, to, WAITING_QUEUE));
}
