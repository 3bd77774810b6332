/** The experiments of the reference topologies: which there are, and which fit a topology. */
import type { ClusterPlan } from "../../components/cluster/plan";
import { type Context, DRILL_QUEUES, type Outcome } from "./context";
import { canFlow, pairs } from "./flow";
import { databaseOutage, streamOverKills, zooKeeperOutages } from "./load";
import { parked } from "./parked";
import { rollingRestarts } from "./rolling";

export interface Experiment {
  readonly id: string;
  readonly title: string;
  /** Why it does not fit a topology; undefined when it does. */
  readonly unfit: (plan: ClusterPlan) => string | undefined;
  /** Takes many minutes, so it runs only when it is named. */
  readonly onlyByName?: true;
  readonly run: (context: Context) => Promise<Outcome>;
}

const hasSlaves = (plan: ClusterPlan) => plan.groups.some(({ brokers }) => brokers.length > 1);
const NO_SLAVES = "no group has slaves";

export const EXPERIMENTS: readonly Experiment[] = [
  {
    id: "1",
    title: "3 messages to a group, its master killed, consumed from the promoted slave",
    unfit: (plan) => (hasSlaves(plan) ? undefined : NO_SLAVES),
    run: (context) => {
      const group = context.cluster.plan.groups[0]?.name ?? "";
      return parked(context, [{ from: group, to: group }], "all");
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
    run: (context) => parked(context, flowing(context.cluster.plan).slice(0, 2), "all"),
  },
  {
    id: "3",
    title: "the same where no connector leads to the consumer's group: nothing arrives there",
    unfit: (plan) =>
      hasSlaves(plan) ? (blocked(plan).length > 0 ? undefined : "every group reaches every other") : NO_SLAVES,
    run: (context) => parked(context, blocked(context.cluster.plan).slice(0, 1), "none"),
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
    run: (context) => parked(context, flowing(context.cluster.plan).slice(0, 1), "none"),
  },
  {
    id: "5",
    title: "eight producers stream through the failover URL while a master is killed",
    unfit: (plan) => (hasSlaves(plan) ? undefined : NO_SLAVES),
    run: (context) => streamOverKills(context, context.kills),
  },
  {
    id: "7",
    title: "a ZooKeeper follower, the leader, then two of three members stopped, under the same load",
    unfit: (plan) => (plan.ensemble === undefined ? "no ZooKeeper in this stack" : undefined),
    run: zooKeeperOutages,
  },
  {
    id: "8",
    title: "the database killed and down for 12 s, under the same load",
    unfit: (plan) =>
      plan.database?.server === undefined ? "no database of the program's own in this stack" : undefined,
    run: databaseOutage,
  },
  {
    id: "rolling",
    title: "ZooKeeper members restarted one by one under the same load, until two failovers and more than one log file",
    unfit: (plan) => (plan.ensemble === undefined ? "no ZooKeeper in this stack" : undefined),
    onlyByName: true,
    run: rollingRestarts,
  },
];

/** A queue like those that experiments 1 to 4 make: bridges may keep it where it is. */
const PARKED = `queue://${DRILL_QUEUES}.parked.1.1`;

function flowing(plan: ClusterPlan) {
  return pairs(plan).filter(({ from, to }) => canFlow(plan, from, to, PARKED));
}

function blocked(plan: ClusterPlan) {
  return pairs(plan).filter(({ from, to }) => !canFlow(plan, from, to, PARKED));
}
