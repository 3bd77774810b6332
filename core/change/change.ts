/**
 * What a running cluster can become, and what would lose messages or leave services behind that nobody knows of. Pure.
 *
 * Compares two plans: the one that the last change was made from, and the next. What the next one says by itself is right
 * already (core/load/rules); here is what is wrong only because something else runs.
 */
import type { Fault } from "../../config/faults";
import { isOlder } from "../products/releases";
import { needsSharedDirectory } from "../plan/sharedDirectory";
import { shownUrl } from "../plan/database";
import { rdsFaults } from "./rdsChange";
import { awsFaults } from "./awsChange";
import { RESTART, unchanged } from "./changeText";
import { groupFaults, storeFaults } from "./groupChange";
import { type ClusterPlan, type PlannedBroker, type PlannedGroup, servicesOf } from "../plan/model";

export interface Change {
  /** Empty when the change can be made, as far as the plans say. */
  readonly faults: readonly Fault[];
  /** Of brokers that would look for their messages elsewhere: no fault as long as no broker was ever up. */
  readonly elsewhere: readonly Fault[];
  /** Groups that the next plan does not have and that must hold nothing any more. */
  readonly leaving: readonly PlannedGroup[];
  /**
   * Hosts that the next plan does not have although what they carry goes on elsewhere: right only for machines that are gone, or
   * the services would run twice. Each with what it carries.
   */
  readonly abandoned: ReadonlyMap<string, readonly string[]>;
}

export function changeFrom(before: ClusterPlan, next: ClusterPlan): Change {
  const kept = before.groups.flatMap((group): [PlannedGroup, PlannedGroup][] => {
    const sameGroup = next.groups.find(({ name }) => name === group.name);
    return sameGroup === undefined ? [] : [[group, sameGroup]];
  });
  const gone = before.groups.filter(({ name }) => !next.groups.some((group) => group.name === name));
  return {
    faults: [
      ...placeFaults(before, next),
      ...storeFaults(kept, next),
      ...kept.flatMap(([old, fresh]) => groupFaults(old, fresh, next)),
      ...kept.flatMap(([old, fresh]) => brokerFaults(old, fresh, next)),
      ...hostFaults(before, next),
      ...ensembleFaults(before, next),
      ...releaseFaults(before, next),
      ...rdsFaults(before, next),
      ...passwordFaults(before, next),
      ...awsFaults(before, next),
    ],
    elsewhere: [...databaseFaults(before, next), ...sharedDirectoryFaults(before, next)],
    leaving: gone.filter((group) => retireOf(before, group.name) !== "discard"),
    abandoned: abandonedHosts(before, next),
  };
}

const hasHost = (plan: ClusterPlan, host: string) => plan.hosts.some(({ name }) => name === host);

function abandonedHosts(before: ClusterPlan, next: ClusterPlan): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [was, is] of pairs(servicesOf(before), servicesOf(next))) {
    if (was.host !== is.host && !hasHost(next, was.host)) {
      found.set(was.host, [...(found.get(was.host) ?? []), was.name]);
    }
  }
  return found;
}

/** How the stack file that a plan was made from retires a group. */
export function retireOf(plan: ClusterPlan, group: string): boolean | "discard" {
  return plan.config.groups.find(({ name }) => name === group)?.retire ?? false;
}

function placeFaults(before: ClusterPlan, next: ClusterPlan): Fault[] {
  const keys = ["target", "directory"] as const;
  return keys.flatMap((key): Fault[] => {
    const [old, fresh] = [before.config[key], next.config[key]];
    if (old === fresh) return [];
    const problem = `What runs at ${old ?? "the default"} would go on running, and nobody would know of it.`;
    const fix = "`amq down <stack>` with the old value first, or a stack of its own for the new one";
    return [{ path: key, ...(fresh !== undefined && { value: fresh }), problem, allowed: unchanged(old), fix }];
  });
}

/** What a broker is known by: where it is, and the ports that its clients and its group were told. */
function brokerFaults(old: PlannedGroup, fresh: PlannedGroup, next: ClusterPlan): Fault[] {
  const index = next.config.groups.findIndex(({ name }) => name === fresh.name);
  const named = hostsToName(old, next);
  return pairs(old.brokers, fresh.brokers).flatMap(([was, is]): Fault[] => {
    const moved: Fault[] =
      was.host === is.host || !hasHost(next, was.host)
        ? []
        : [
            {
              ...(named === undefined
                ? { path: "placement", value: next.config.placement }
                : { path: `groups[${index}].hosts` }),
              problem: `Broker ${was.name} would move from host ${was.host} to ${is.host}: its messages are on ${was.host}, where it would go on running.`,
              allowed: `${was.name} on ${was.host}`,
              fix: `${named === undefined ? "keep the hosts' names, roles and order" : `write hosts: [${named.join(", ")}] on group ${fresh.name}, which keeps its brokers where they are`}; to leave ${was.host}, add a group elsewhere and retire ${fresh.name}`,
            },
          ];
    return [...moved, ...shiftedPorts(was, is, next, index)];
  });
}

/** What a group would name to keep its brokers where they are; undefined when the next stack file has no such key or hosts. */
function hostsToName(old: PlannedGroup, { config }: ClusterPlan): string[] | undefined {
  const there = (config.hosts ?? []).filter(({ roles }) => roles.includes("broker")).map(({ name }) => name);
  const hosts = old.brokers.map(({ host }) => host);
  const fits = new Set(hosts).size === hosts.length && hosts.every((host) => there.includes(host));
  return config.placement === "interleaved" && fits ? hosts : undefined;
}

/** Ports that nobody wrote down are counted through the groups in order, so that one group's going moves the next one's. */
function shiftedPorts(was: PlannedBroker, is: PlannedBroker, next: ClusterPlan, index: number): Fault[] {
  // The first broker's are the group's; the others follow.
  if (!was.name.endsWith("-1")) return [];
  const written = new Map<string, unknown>(Object.entries(next.config.groups[index]?.ports ?? {}));
  const ports = new Map<string, number>(Object.entries(is.ports));
  return Object.entries(was.ports as Readonly<Record<string, number>>).flatMap(([purpose, port]): Fault[] => {
    const now = ports.get(purpose);
    if (now === undefined || now === port || written.get(purpose) !== undefined) return [];
    return [
      {
        path: `groups[${index}].ports.${purpose}`,
        problem: `Nobody wrote this port down, and by the order of the groups it would become ${now}; clients and brokers know ${port}.`,
        allowed: "a port that is written down, or the same one by order",
        fix: `write ${purpose}: ${port} to keep it`,
      },
    ];
  });
}

function hostFaults(before: ClusterPlan, next: ClusterPlan): Fault[] {
  const generation = (plan: ClusterPlan, name: string) =>
    plan.config.hosts?.find((host) => host.name === name)?.generation ?? 1;
  const both = pairs(before.hosts, next.hosts);
  const renewed = new Set(
    both.filter(([{ name }]) => generation(before, name) !== generation(next, name)).map(([{ name }]) => name),
  );
  const indexOf = (name: string) => next.config.hosts?.findIndex((host) => host.name === name) ?? -1;
  const addresses = both.flatMap(([was, is]): Fault[] => {
    // On aws an address is a name, and awsChange.ts knows what it comes from.
    if (was.address === is.address || renewed.has(is.name) || next.aws !== undefined) return [];
    return [
      {
        path: `hosts[${indexOf(is.name)}].address`,
        value: is.address,
        problem: `${is.name} is ${was.address}: what runs there would go on running, beside the new ones.`,
        allowed: unchanged(was.address),
        fix: `if that machine is gone for good, count up ${is.name}'s generation, which sets up an empty one; else keep the address`,
      },
    ];
  });
  const emptied = before.groups
    .filter((group) => next.groups.some(({ name }) => name === group.name))
    .filter(({ name }) => retireOf(next, name) !== "discard")
    .filter(({ brokers }) => brokers.every(({ host }) => renewed.has(host) || !hasHost(next, host)))
    .map(({ name, brokers }): Fault => ({
      path: "hosts",
      problem: `Every host of group ${name} is another one or has another generation: all its machines would be empty, and its messages gone.`,
      allowed: brokers.length > 1 ? "one host of a group at a time" : "a host that keeps what it holds",
      fix:
        brokers.length > 1
          ? "change one host, run `amq up`, wait until `amq status` says whole, then the next"
          : `if its machine is gone for good and its messages with it, say so: \`retire: discard\` on group ${name} for this one \`amq up\`, and take it away for the next`,
    }));
  return [...addresses, ...emptied];
}

function ensembleFaults(before: ClusterPlan, next: ClusterPlan): Fault[] {
  const [old, fresh] = [before.ensemble?.members ?? [], next.ensemble?.members ?? []];
  // None before, or none any more: whoever was elected through it has left.
  if (old.length === 0 || fresh.length === 0) return [];
  if (old.length !== fresh.length) {
    return [
      {
        path: "zookeeper.members",
        value: fresh.length,
        problem: `The ensemble has ${old.length} members, each with a list of all: while the lists differ, two halves could each take themselves for the majority.`,
        allowed: unchanged(old.length),
        fix: RESTART,
      },
    ];
  }
  return pairs(old, fresh).flatMap(([was, is]): Fault[] => {
    const changed = [
      ...(was.host === is.host || !hasHost(next, was.host) ? [] : [`host ${was.host} -> ${is.host}`]),
      ...(["client", "peer", "election"] as const)
        .filter((purpose) => was.ports[purpose] !== is.ports[purpose])
        .map((purpose) => `${purpose} port ${was.ports[purpose]} -> ${is.ports[purpose]}`),
    ];
    if (changed.length === 0) return [];
    return [
      {
        path: was.host === is.host ? "zookeeper.ports" : "hosts",
        problem: `${was.name} would change (${changed.join(", ")}): the other members and the brokers look for it where it was, until the last of them has been restarted.`,
        allowed: "members that stay where they are",
        fix: RESTART,
      },
    ];
  });
}

/** Brokers that are pointed elsewhere come up empty, and until the last one is, a group may have two masters. */
function databaseFaults(before: ClusterPlan, next: ClusterPlan): Fault[] {
  const [old, fresh] = [before.database, next.database];
  if (old === undefined || fresh === undefined || old.url === fresh.url) return [];
  const given = before.config.jdbc.url ?? next.config.jdbc.url;
  return [
    {
      path: given === undefined ? "jdbc.port" : "jdbc.url",
      value: shownUrl(fresh),
      problem: `The brokers have their messages and their lease in ${shownUrl(old)}: while some look there and others elsewhere, a group could have two masters.`,
      allowed: unchanged(shownUrl(old)),
      fix: `if it is the same data in another place, ${RESTART}; else make a stack of its own for the other database`,
    },
  ];
}

/** As with a database: brokers that look elsewhere come up empty, beside a master that has the messages. */
function sharedDirectoryFaults(before: ClusterPlan, next: ClusterPlan): Fault[] {
  if (!needsSharedDirectory(before.config) || !needsSharedDirectory(next.config)) return [];
  return (["directory", "mount"] as const).flatMap((key): Fault[] => {
    const [old, fresh] = [before.config.sharedKahaDB[key], next.config.sharedKahaDB[key]];
    if (old === fresh) return [];
    return [
      {
        path: `sharedKahaDB.${key}`,
        ...(fresh !== undefined && { value: fresh }),
        problem: `The brokers have their messages and their lock in ${old ?? "the default"}: while some look there and others elsewhere, a group could have two masters.`,
        allowed: unchanged(old),
        fix: `if it is the same data in another place, ${RESTART}; else make a stack of its own for the other directory`,
      },
    ];
  });
}

/** A store that a newer release has written to may be one that the older cannot read. */
function releaseFaults(before: ClusterPlan, next: ClusterPlan): Fault[] {
  const [old, fresh] = [before.config.release, next.config.release];
  if (!isOlder(fresh, old)) return [];
  return [
    {
      path: "release",
      value: fresh,
      problem: `The brokers are of release ${old}, and nobody promises that ${fresh} can read what they have written.`,
      allowed: `${old}, or a newer one`,
      fix: "make a stack of its own with the older release, move the clients, drain this one, then take it down",
    },
  ];
}

/** Brokers accept one earlier generation: whoever comes with an older one is refused while the change is made, bridges too. */
function passwordFaults(before: ClusterPlan, next: ClusterPlan): Fault[] {
  const [old, fresh] = [before.config.passwords.generation, next.config.passwords.generation];
  if (fresh === old || fresh === old + 1) return [];
  return [
    {
      path: "passwords.generation",
      value: fresh,
      problem: `The passwords that run are of generation ${old}, and no broker would accept them beside generation ${fresh}.`,
      allowed: `${old}, or ${old + 1} to rotate`,
      fix: `write generation: ${old + 1}, and give clients the new passwords before the next one`,
    },
  ];
}

function pairs<T extends { readonly name: string }>(before: readonly T[], next: readonly T[]): [T, T][] {
  return before.flatMap((was): [T, T][] => {
    const is = next.find(({ name }) => name === was.name);
    return is === undefined ? [] : [[was, is]];
  });
}
