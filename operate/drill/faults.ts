/** Faults as rows of data: what is struck, how and for how long, while eight producers stream. Pure. */
import { neededBrokers } from "../../core/products/stores";
import type { Blow } from "./cluster";
import { notTakeable } from "./sharedDirectory";
import type { ClusterPlan, PlannedGroup } from "../../core/plan/model";

/** What is struck. Of brokers: those of one group, and each strike of a fault meets the next group. */
export type Aim = "master" | "slaves" | "follower" | "leader" | "majority" | "database" | "directory" | "everything";

export interface Strike {
  readonly aim: Aim;
  readonly blow: Blow;
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
  /** @param kills what the user asked for, where a fault is one strike repeated */
  readonly strikes: (kills: number) => readonly Strike[];
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
    strikes: (kills) => Array.from({ length: kills }, () => ({ aim: "master", blow: "kill", seconds: 0 })),
  },
  {
    id: "7",
    title: "a ZooKeeper follower, the leader, then a majority of members stopped, under the same load",
    unfit: withEnsemble,
    strikes: () => [
      { aim: "follower", blow: "halt", seconds: 5 },
      { aim: "leader", blow: "halt", seconds: 5 },
      { aim: "majority", blow: "halt", seconds: SHORT_OUTAGE },
    ],
  },
  {
    id: "8",
    title: `the database killed and down for ${SHORT_OUTAGE} s, under the same load`,
    unfit: withDatabase,
    strikes: () => [{ aim: "database", blow: "halt", seconds: SHORT_OUTAGE }],
  },
  {
    id: "shared",
    title: `the shared directory away for ${SHORT_OUTAGE} s, under the same load`,
    unfit: notTakeable,
    strikes: () => [{ aim: "directory", blow: "halt", seconds: SHORT_OUTAGE }],
  },
  {
    id: "frozen",
    title: "a master that stands still (SIGSTOP) for 30 s and goes on, under the same load",
    unfit: always,
    onlyByName: true,
    strikes: () => [{ aim: "master", blow: "freeze", seconds: 30 }],
  },
  {
    id: "database-45",
    title: `the database killed and down for ${LONG_OUTAGE} s, under the same load`,
    unfit: withDatabase,
    onlyByName: true,
    strikes: () => [{ aim: "database", blow: "halt", seconds: LONG_OUTAGE }],
  },
  {
    id: "shared-45",
    title: `the shared directory away for ${LONG_OUTAGE} s, under the same load`,
    unfit: notTakeable,
    onlyByName: true,
    strikes: () => [{ aim: "directory", blow: "halt", seconds: LONG_OUTAGE }],
  },
  {
    id: "slaves",
    title: "all slaves of a group killed and down for 20 s, under the same load",
    unfit: withSlaves,
    onlyByName: true,
    // Longer than a ZooKeeper session: a master that lacks its majority gives up only then.
    strikes: () => [{ aim: "slaves", blow: "halt", seconds: 20 }],
  },
  {
    id: "everything",
    title: "every process killed at once, under the same load; nothing is done but wait",
    unfit: always,
    onlyByName: true,
    strikes: () => [{ aim: "everything", blow: "kill", seconds: 0 }],
  },
];

/** The group whose brokers a strike meets. @param turn which strike of its fault it is, from 0 */
export function groupStruck(plan: ClusterPlan, turn: number): PlannedGroup {
  const able = plan.groups.filter(({ brokers }) => brokers.length > 1 || !hasSlaves(plan));
  const group = able[turn % able.length];
  if (group === undefined) throw new Error(`the plan of ${plan.stack} has no group`);
  return group;
}

/** True when what a strike leaves cannot serve until the strike is over. */
export function isOutage({ aim, blow }: Strike, { store, brokers }: PlannedGroup): boolean {
  switch (aim) {
    case "master":
      return blow !== "kill" && brokers.length === 1;
    case "slaves":
      return neededBrokers(store, brokers.length) > 1;
    case "majority":
    case "database":
    case "directory":
      return true;
    case "everything":
      return blow !== "kill";
    case "follower":
    case "leader":
      return false;
    default:
      return aim satisfies never;
  }
}
