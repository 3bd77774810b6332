/** Faults as rows of data: what is hit, how and for how long, while eight producers stream. Pure. */
import { neededBrokers } from "../../core/products/stores";
import type { InjectionKind } from "./cluster";
import { notTakeable } from "./sharedDirectory";
import type { ClusterPlan, PlannedGroup } from "../../core/plan/model";

/** What is hit. Of brokers: those of one group, and each step of a fault meets the next group. */
export type Aim = "master" | "slaves" | "follower" | "leader" | "majority" | "database" | "directory" | "everything";

export interface FaultStep {
  readonly aim: Aim;
  readonly kind: InjectionKind;
  /** How long it stays so at least; longer when the rest takes longer to serve. */
  readonly seconds: number;
}

export interface Fault {
  /** Its name as an experiment. */
  readonly id: string;
  readonly title: string;
  /** Why it does not fit a plan; undefined when it does. */
  readonly unfit: (plan: ClusterPlan) => string | undefined;
  /** Runs only when it is named. */
  readonly onlyByName?: true;
  /** @param kills what the user asked for, where a fault is one step repeated */
  readonly steps: (kills: number) => readonly FaultStep[];
}

export const hasSlaves = (plan: ClusterPlan) => plan.groups.some(({ brokers }) => brokers.length > 1);
export const NO_SLAVES = "no group has slaves";

const always = () => undefined;
const withSlaves = (plan: ClusterPlan) => (hasSlaves(plan) ? undefined : NO_SLAVES);
const withEnsemble = (plan: ClusterPlan) => (plan.ensemble === undefined ? "no ZooKeeper in this stack" : undefined);
const withDatabase = (plan: ClusterPlan) =>
  plan.database?.server === undefined ? "no database of the program's own in this stack" : undefined;

/** As long as a database takes that is moved to its standby, and longer than a ZooKeeper session. */
const SHORT_OUTAGE = 12;
/** Longer than any time limit of a client or a broker that the defaults have. */
const LONG_OUTAGE = 45;

export const FAULTS: readonly Fault[] = [
  {
    id: "5",
    title: "eight producers stream through the failover URL while a master is killed",
    unfit: always,
    steps: (kills) => Array.from({ length: kills }, () => ({ aim: "master", kind: "kill", seconds: 0 })),
  },
  {
    id: "7",
    title: "a ZooKeeper follower, the leader, then a majority of members stopped, under the same load",
    unfit: withEnsemble,
    steps: () => [
      { aim: "follower", kind: "halt", seconds: 5 },
      { aim: "leader", kind: "halt", seconds: 5 },
      { aim: "majority", kind: "halt", seconds: SHORT_OUTAGE },
    ],
  },
  {
    id: "8",
    title: `the database killed and down for ${SHORT_OUTAGE} s, under the same load`,
    unfit: withDatabase,
    steps: () => [{ aim: "database", kind: "halt", seconds: SHORT_OUTAGE }],
  },
  {
    id: "shared",
    title: `the shared directory away for ${SHORT_OUTAGE} s, under the same load`,
    unfit: notTakeable,
    steps: () => [{ aim: "directory", kind: "halt", seconds: SHORT_OUTAGE }],
  },
  {
    id: "frozen",
    title: "a master that stands still (SIGSTOP) for 30 s and goes on, under the same load",
    unfit: always,
    onlyByName: true,
    steps: () => [{ aim: "master", kind: "freeze", seconds: 30 }],
  },
  {
    id: "database-45",
    title: `the database killed and down for ${LONG_OUTAGE} s, under the same load`,
    unfit: withDatabase,
    onlyByName: true,
    steps: () => [{ aim: "database", kind: "halt", seconds: LONG_OUTAGE }],
  },
  {
    id: "shared-45",
    title: `the shared directory away for ${LONG_OUTAGE} s, under the same load`,
    unfit: notTakeable,
    onlyByName: true,
    steps: () => [{ aim: "directory", kind: "halt", seconds: LONG_OUTAGE }],
  },
  {
    id: "slaves",
    title: "all slaves of a group killed and down for 20 s, under the same load",
    unfit: withSlaves,
    onlyByName: true,
    // Longer than a ZooKeeper session: a master that lacks its majority gives up only then.
    steps: () => [{ aim: "slaves", kind: "halt", seconds: 20 }],
  },
  {
    id: "everything",
    title: "every process killed at once, under the same load; nothing is done but wait",
    unfit: always,
    onlyByName: true,
    steps: () => [{ aim: "everything", kind: "kill", seconds: 0 }],
  },
];

/** The group whose brokers a step meets. @param index which step of its fault it is, from 0 */
export function targetGroup(plan: ClusterPlan, index: number): PlannedGroup {
  const able = plan.groups.filter(({ brokers }) => brokers.length > 1 || !hasSlaves(plan));
  const group = able[index % able.length];
  if (group === undefined) throw new Error(`the plan of ${plan.stack} has no group`);
  return group;
}

/** True when what a step leaves cannot serve until the step is over. */
export function isOutage({ aim, kind }: FaultStep, { store, brokers }: PlannedGroup): boolean {
  switch (aim) {
    case "master":
      return kind !== "kill" && brokers.length === 1;
    case "slaves":
      return neededBrokers(store, brokers.length) > 1;
    case "majority":
    case "database":
    case "directory":
      return true;
    case "everything":
      return kind !== "kill";
    case "follower":
    case "leader":
      return false;
    default:
      return aim satisfies never;
  }
}
