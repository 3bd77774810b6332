/** What keeps a cluster from being whole, in words, with what to do. Pure. */
import { majority, neededBrokers } from "../../core/products/stores";
import { shownUrl } from "../../core/plan/database";
import { logPlace } from "../hosts/askHost";
import { type ClusterPlan, type PlannedGroup, groupNamed, servicesOf } from "../../core/plan/model";
import { type Judged, judgeService } from "./service";
import type { Missing, Status } from "./statusModel";

/** A slave that is so far behind would be a master late; less is on its way under load. */
const BEHIND_BYTES = 64 * 2 ** 20;

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

type Facts = Pick<Status, "groups" | "ensemble" | "database" | "bridges" | "unknownQueues">;

/** How the services were asked, where an answer is not all there is to know. */
export interface Asked {
  /** Services that gave no answer within `seconds`, or whose host cannot be asked: then with the reason. */
  readonly silent: ReadonlyMap<string, string | undefined>;
  readonly seconds: number;
  /** Services that are down because somebody wants them to be. */
  readonly drained: ReadonlySet<string>;
  /** By group: its own share of the queues. */
  readonly queuesOf: ReadonlyMap<string, Status["queues"]>;
}

type GroupFacts = Facts["groups"][number];

/** What is said of a service that is not there, and of one that does not say. */
interface Absent {
  readonly down: (name: string) => Missing;
  readonly unknown: (name: string) => Missing;
}

/** Undefined when that is not known. */
type Quorum = boolean | undefined;

/**
 * Nothing is missing when the cluster is whole: each group with one master that takes and gives messages, and attached slaves, every
 * member in the quorum, every bridge up.
 */
export function diagnose(plan: ClusterPlan, facts: Facts, asked: Asked): Judged {
  const services = facts.groups.map((group) => serviceFaults(plan, group, asked));
  return {
    missing: [...whatIsMissing(plan, facts, asked), ...services.flatMap(({ missing }) => missing)],
    warnings: services.flatMap(({ warnings }) => warnings),
  };
}

function serviceFaults(plan: ClusterPlan, { name, master, service }: GroupFacts, { queuesOf }: Asked): Judged {
  if (service === undefined || master === null) return { missing: [], warnings: [] };
  const group = groupNamed(plan, name);
  const where = { stack: plan.stack, group, master, log: logOf(plan, master) };
  return judgeService(where, service, queuesOf.get(name) ?? []);
}

/** What is not there, or does not do its part. */
function whatIsMissing(plan: ClusterPlan, facts: Facts, asked: Asked): readonly Missing[] {
  const { silent, seconds, drained } = asked;
  const services = [...facts.groups.flatMap((group) => group.brokers), ...facts.ensemble, ...facts.database];
  if (services.every(({ name, role }) => role === "down" && !drained.has(name))) {
    return [{ what: `the stack is not up: nothing of it runs`, todo: `start it: npx amq up ${plan.stack}` }];
  }
  const down = (name: string): Missing => {
    if (drained.has(name)) {
      const host = hostOf(plan, name);
      return { what: `${name} is drained with its host ${host}`, todo: `${drainBack(plan, host)} puts it back` };
    }
    return {
      what: `${name} is down`,
      todo: `npx amq up ${plan.stack} starts what is down; its log: ${logOf(plan, name)}`,
    };
  };
  const unknown = (name: string): Missing => {
    const reason = silent.get(name);
    if (reason !== undefined) {
      return {
        what: `${name} cannot be asked: ${reason}`,
        todo: `log in to ${hostOf(plan, name)} by hand; what runs there may still serve`,
      };
    }
    const what = silent.has(name)
      ? `${name} gives no answer within ${seconds} s`
      : `${name} has a process that gives no sign of life`;
    return { what, todo: `it hangs, or its machine has too much to do: ask again; its log: ${logOf(plan, name)}` };
  };
  const absent: Absent = { down, unknown };
  const quorum = hasQuorum(facts.ensemble);
  return [
    ...facts.groups.flatMap(tooManyMasters),
    ...ensembleFaults(plan, facts.ensemble, quorum, drained),
    ...facts.database.flatMap((server) => databaseFault(plan, server, absent)),
    ...facts.groups
      .filter((group) => mastersOf(group).length === 0)
      .map((group) => noMaster(plan, facts, group, quorum, drained)),
    ...waitingForQuorum(facts.groups, quorum),
    ...facts.groups.flatMap((group) =>
      group.brokers.flatMap((broker) => {
        const faults = brokerFault(plan, broker, quorum, absent);
        return drained.has(broker.name) ? faults : withReason(broker, faults);
      }),
    ),
    ...facts.ensemble.flatMap((member) => memberFault(plan, member, absent)),
    ...facts.groups.filter(({ name }) => facts.unknownQueues.includes(name)).flatMap(untold),
    ...facts.bridges.filter(({ up }) => up !== true).map((bridge) => bridgeFault(plan, facts, bridge)),
  ];
}

function mastersOf(group: GroupFacts): string[] {
  return group.brokers.filter(({ role }) => role === "master").map(({ name }) => name);
}

function unknownIn(group: GroupFacts): string[] {
  return group.brokers.filter(({ role }) => role === "unknown").map(({ name }) => name);
}

/** A master that says what it is, and not what it holds. */
function untold(group: GroupFacts): Missing[] {
  const masters = mastersOf(group);
  if (masters.length === 0) return [];
  return [
    {
      what: `what the queues of group ${group.name} hold is not known: ${masters.join(" and ")} did not tell`,
      todo: "ask again: its process, its metrics or its machine is too busy; that says nothing of whether it serves",
    },
  ];
}

function tooManyMasters(group: GroupFacts): Missing[] {
  const masters = mastersOf(group);
  if (masters.length < 2) return [];
  return [
    {
      what: `ALARM: group ${group.name} has ${masters.length} masters (${masters.join(", ")}), and each takes messages the other does not have`,
      todo: "ask again at once: a master that was paused looks like this for a moment; if it stays, stop the one that was master before",
    },
  ];
}

const serves = ({ role }: Facts["ensemble"][number]): boolean => role === "leader" || role === "follower";

/** True without an ensemble, too: then nothing waits for one. */
function hasQuorum(ensemble: Facts["ensemble"]): Quorum {
  if (ensemble.length === 0) return true;
  const leads = ensemble.some(({ role }) => role === "leader");
  const serving = ensemble.filter(serves).length;
  if (leads && serving >= majority(ensemble.length)) return true;
  const silent = ensemble.filter(({ role }) => role === "unknown").length;
  return serving + silent >= majority(ensemble.length) && silent > 0 ? undefined : false;
}

/** The command that puts a drained host back. */
export function drainBack(plan: ClusterPlan, host: string): string {
  return `npx amq drain ${plan.stack} ${host} --back`;
}

/** How to start what is down of some services: `up` leaves alone what is drained. */
function howToStart(plan: ClusterPlan, services: readonly { readonly name: string }[], drained: Asked["drained"]) {
  const hosts = services.filter(({ name }) => drained.has(name)).map(({ name }) => hostOf(plan, name));
  if (hosts.length === 0) return `npx amq up ${plan.stack}`;
  return [...new Set(hosts)].map((host) => drainBack(plan, host)).join(", ");
}

function ensembleFaults(
  plan: ClusterPlan,
  ensemble: Facts["ensemble"],
  quorum: Quorum,
  drained: Asked["drained"],
): Missing[] {
  const leaders = ensemble.filter(({ role }) => role === "leader");
  if (leaders.length > 1) {
    return [
      {
        what: `ALARM: ZooKeeper has ${leaders.length} leaders (${leaders.map(({ name }) => name).join(", ")})`,
        todo: "ask again: one of them notices within a few ticks; if it stays, compare the members' zoo.cfg",
      },
    ];
  }
  if (quorum === true) return [];
  const needed = majority(ensemble.length);
  if (quorum === undefined) {
    return [
      {
        what: `whether ZooKeeper has a quorum is not known: ${ensemble.filter(serves).length} of ${ensemble.length} members say that they serve, ${needed} are needed`,
        todo: "see the members that gave no answer; a group that has a master keeps it as long as there is a quorum",
      },
    ];
  }
  return [
    {
      what: `ZooKeeper has no quorum: ${ensemble.filter(serves).length} of ${ensemble.length} members serve, ${needed} are needed; no group can have a master`,
      todo: `start the members that are down: ${howToStart(plan, ensemble, drained)}; the groups come back by themselves within a minute`,
    },
  ];
}

function noMaster(
  plan: ClusterPlan,
  { database }: Facts,
  group: GroupFacts,
  quorum: Quorum,
  drained: Asked["drained"],
): Missing {
  const unknown = unknownIn(group);
  if (unknown.length > 0) {
    return {
      what: `whether group ${group.name} has a master is not known: no other broker of it is one, and ${unknown.join(" and ")} did not say`,
      todo: "see there; clients may still reach it",
    };
  }
  const what = `group ${group.name} has no master: it takes no messages and gives none`;
  const running = group.brokers.filter(({ role }) => role !== "down").length;
  const needed = neededBrokers(groupNamed(plan, group.name).store, group.brokers.length);
  if (quorum !== true) return { what, todo: "it cannot elect one without ZooKeeper's quorum: see there" };
  if (database.some(({ role }) => role !== "serving")) {
    return { what, todo: "its brokers wait for the database: see there; they come back by themselves" };
  }
  if (running < needed) {
    const how = howToStart(plan, group.brokers, drained);
    return { what, todo: `${needed} of its ${group.brokers.length} brokers must run: ${how}` };
  }
  if (group.brokers.length === 1) return { what, todo: "see its broker below" };
  if (plan.ensemble !== undefined) {
    const session = plan.config.zookeeper.sessionTimeoutMillis / 1000;
    return { what, todo: `ask again: an election takes up to the ZooKeeper session (${session} s) and a few seconds` };
  }
  const { directory } = groupNamed(plan, group.name);
  if (directory !== undefined) {
    return {
      what,
      todo: `ask again: the lock of a broker that died is free within seconds, of a machine when the file server's lease ends; if it stays, see whether the shared directory ${directory} is there on every host, and the log`,
    };
  }
  const elsewhere =
    plan.database === undefined
      ? ""
      : `; if it stays, see whether ${shownUrl(plan.database)} can be reached, and the log`;
  return { what, todo: `ask again: a lease ends after seconds, then another broker gets it${elsewhere}` };
}

/** All of them at once: each by itself would hide what is behind it. */
function waitingForQuorum(groups: Facts["groups"], quorum: Quorum): Missing[] {
  const starting = groups.flatMap(({ brokers }) => brokers).filter(({ role }) => role === "starting");
  if (quorum !== false || starting.length === 0) return [];
  const names = starting.map(({ name }) => name).join(", ");
  const [are, they] = starting.length === 1 ? ["is", "it waits"] : ["are", "they wait"];
  return [{ what: `${names} ${are} starting`, todo: `${they} for ZooKeeper's quorum: see there` }];
}

/** A broker that ended says why, beside what it does now. */
function withReason({ failure }: GroupFacts["brokers"][number], faults: readonly Missing[]): readonly Missing[] {
  if (failure === undefined) return faults;
  return faults.map(({ what, todo }) => ({ what: `${what}; its last process ended: ${failure}`, todo }));
}

function brokerFault(
  plan: ClusterPlan,
  { name, role, behindBytes = 0 }: GroupFacts["brokers"][number],
  quorum: Quorum,
  { down, unknown }: Absent,
): Missing[] {
  switch (role) {
    case "master":
      return [];
    case "slave":
      return behindBytes < BEHIND_BYTES
        ? []
        : [
            {
              what: `${name} is a slave that is ${mebibytes(behindBytes)} behind its master`,
              todo: `ask again: it catches up once less is sent; if it does not, its disk or machine is too slow; its log: ${logOf(plan, name)}`,
            },
          ];
    case "down":
      return [down(name)];
    case "unknown":
      return [unknown(name)];
    case "starting":
      return quorum !== false
        ? [
            {
              what: `${name} is starting`,
              todo: `ask again: a start takes seconds, longer with many messages to copy; its log: ${logOf(plan, name)}`,
            },
          ]
        : [];
    case "stuck":
      return [
        {
          what: `${name} is stuck: it holds up its group's election, or was stopped by a signal`,
          todo: `ask again in a minute: its watchdog restarts it, unless it was stopped; then ${goOn(plan, name)}; its log: ${logOf(plan, name)}`,
        },
      ];
    default:
      return role satisfies never;
  }
}

/** How a process that was stopped goes on; the host's script knows its number. */
const goOn = (plan: ClusterPlan, service: string) => `send it CONT on ${hostOf(plan, service)}`;

function stopped(plan: ClusterPlan, name: string): Missing {
  return { what: `${name} is stuck: it was stopped by a signal`, todo: goOn(plan, name) };
}

function memberFault(
  plan: ClusterPlan,
  { name, role }: Facts["ensemble"][number],
  { down, unknown }: Absent,
): Missing[] {
  if (role === "down") return [down(name)];
  if (role === "unknown") return [unknown(name)];
  if (role === "stuck") return [stopped(plan, name)];
  if (role !== "starting") return [];
  return [{ what: `${name} is not in the quorum`, todo: `ask again in a few seconds; its log: ${logOf(plan, name)}` }];
}

function databaseFault(
  plan: ClusterPlan,
  { name, role }: Facts["database"][number],
  { down, unknown }: Absent,
): Missing[] {
  if (role === "serving") return [];
  if (role === "down") return [down(name)];
  if (role === "unknown") return [unknown(name)];
  if (role === "stuck") return [stopped(plan, name)];
  const todo = `ask again: after a crash it recovers first; its log: ${logOf(plan, name)}`;
  return [{ what: `the database server ${name} is starting, and every group waits for it`, todo }];
}

function bridgeFault(plan: ClusterPlan, facts: Facts, { from, to, up }: Facts["bridges"][number]): Missing {
  if (up === null) {
    const what = `whether the bridge from ${from} to ${to} is up is not known: no master of group ${from} said`;
    return { what, todo: `see group ${from}` };
  }
  const what = `the bridge from ${from} to ${to} is down`;
  const master = (name: string) => facts.groups.find((group) => group.name === name)?.master ?? undefined;
  const without = [from, to].filter((name) => master(name) === undefined);
  if (without.length > 0) {
    const have = without.length === 1 ? "has" : "have";
    return { what, todo: `it comes by itself once ${without.join(" and ")} ${have} a master` };
  }
  const log = logOf(plan, master(from) ?? firstOf(groupNamed(plan, from)));
  return { what, todo: `ask again: ${from} dials every few seconds; why it fails is in the log: ${log}` };
}

function firstOf(group: PlannedGroup): string {
  return group.brokers[0]?.name ?? group.name;
}

function hostOf(plan: ClusterPlan, service: string): string {
  const found = servicesOf(plan).find(({ name }) => name === service);
  return found?.host ?? service;
}

function logOf(plan: ClusterPlan, service: string): string {
  return logPlace(plan, hostOf(plan, service), service);
}
