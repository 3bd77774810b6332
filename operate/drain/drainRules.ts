/** What a planned stop of a host takes down, in which order it goes, and what must hold before and between. Pure. */
import { majority, neededBrokers } from "../../core/products/stores";
import { diagnose } from "../status/diagnosis";
import type { Observed } from "../status/status";
import { type ClusterPlan, brokersOf, servicesOf } from "../../core/plan/model";
import type { Missing } from "../status/statusModel";

/** What serves no more without some services: fewer than a majority would be left. */
export interface Losses {
  readonly groups: ReadonlySet<string>;
  readonly ensemble: boolean;
}

const HEALTHY = ["master", "slave", "leader", "follower", "serving"];

/** The names of a host's services; undefined when the plan has no such host. */
export function servicesOn(plan: ClusterPlan, host: string): readonly string[] | undefined {
  return plan.hosts.find(({ name }) => name === host)?.services;
}

/** Names of the services that are not a healthy part of their group or of the ensemble, as far as is known. */
export function unhealthy(seen: Pick<Observed, "facts">): string[] {
  return namesOf(seen, (role) => !HEALTHY.includes(role));
}

/** Names of the services of which nobody knows what they do. */
export function unknownServices(seen: Pick<Observed, "facts">): string[] {
  return namesOf(seen, (role) => role === "unknown");
}

function namesOf({ facts }: Pick<Observed, "facts">, is: (role: string) => boolean): string[] {
  return [...facts.groups.flatMap(({ brokers }) => brokers), ...facts.ensemble, ...facts.database]
    .filter(({ role }) => is(role))
    .map(({ name }) => name);
}

/** What serves no more while the services `away` are not there. */
export function lossesWithout(plan: ClusterPlan, away: ReadonlySet<string>): Losses {
  const lost = (services: readonly { readonly name: string }[], needed: number) =>
    services.filter(({ name }) => !away.has(name)).length < needed;
  const { server } = plan.database ?? {};
  const withoutDatabase = server !== undefined && away.has(server.name);
  return {
    groups: new Set(
      plan.groups
        .filter(({ store, brokers }) => withoutDatabase || lost(brokers, neededBrokers(store, brokers.length)))
        .map(({ name }) => name),
    ),
    ensemble: plan.ensemble !== undefined && lost(plan.ensemble.members, majority(plan.ensemble.members.length)),
  };
}

/** What a loss means, a sentence each; nothing for what is lost already and has nothing on the host. */
export function lossesInWords(plan: ClusterPlan, losses: Losses, host: string, away: ReadonlySet<string>): string[] {
  const isHere = (service: { readonly host: string }) => service.host === host;
  const left = (services: readonly { readonly name: string }[]) =>
    `${services.filter(({ name }) => !away.has(name)).length} of ${services.length}`;
  const groups = plan.groups
    .filter(({ name, brokers }) => losses.groups.has(name) && brokers.some(isHere))
    .map(({ name, store, brokers }) =>
      brokers.length === 1
        ? `group ${name} has no other broker: it takes no messages, and those it has wait, until ${host} is back`
        : `group ${name} would have ${left(brokers)} brokers left, ${neededBrokers(store, brokers.length)} must run: it takes no messages until ${host} is back`,
    );
  const { server } = plan.database ?? {};
  if (server !== undefined && isHere(server) && away.has(server.name)) {
    return [`the database ${server.name} would be down: no group takes messages until ${host} is back`];
  }
  const members = plan.ensemble?.members ?? [];
  return losses.ensemble && members.some(isHere)
    ? [
        ...groups,
        `ZooKeeper would have ${left(members)} members left, ${majority(members.length)} must run: no group has a master until ${host} is back`,
      ]
    : groups;
}

/**
 * What is missing that the absence of some services does not explain: they are taken for healthy, and what is lost with them
 * is not looked at.
 */
export function missingApartFrom(
  plan: ClusterPlan,
  seen: Observed,
  away: ReadonlySet<string>,
  losses: Losses,
): readonly Missing[] {
  const isLost = (group: string) => losses.ensemble || losses.groups.has(group);
  const healed = <R extends string>({ name, role }: { name: string; role: R }, healthy: R) => ({
    name,
    role: away.has(name) && !HEALTHY.includes(role) ? healthy : role,
  });
  const groups = seen.facts.groups.map((group) => {
    if (isLost(group.name)) {
      const brokers = group.brokers.map(({ name }, i) => ({ name, role: i === 0 ? "master" : "slave" }) as const);
      return { name: group.name, master: brokers[0]?.name ?? null, brokers };
    }
    return { ...group, brokers: group.brokers.map((broker) => healed(broker, "slave")) };
  });
  const ensemble = losses.ensemble
    ? seen.facts.ensemble.map(({ name }, i) => ({ name, role: i === 0 ? "leader" : "follower" }) as const)
    : seen.facts.ensemble.map((member) => healed(member, "follower"));
  const database = seen.facts.database.map((server) => healed(server, "serving"));
  const bridges = seen.facts.bridges.map((bridge) => ({
    ...bridge,
    up: isLost(bridge.from) || isLost(bridge.to) || bridge.up,
  }));
  // What queues hold does not say whether the rest serves.
  return diagnose(plan, { groups, ensemble, database, bridges, unknownQueues: [] }, seen).missing;
}

/**
 * Slaves, then masters, so that a group fails over at most once; then members, the leader last: an election less; then the
 * database, which brokers need to hand over.
 */
export function stoppingOrder(plan: ClusterPlan, { facts }: Observed, host: string): string[] {
  const own = new Set(servicesOn(plan, host));
  const last = (primary: string) => (a: { role: string }, b: { role: string }) =>
    Number(a.role === primary) - Number(b.role === primary);
  const here = <T extends { readonly name: string }>(services: readonly T[]) =>
    services.filter(({ name }) => own.has(name));
  return [
    ...here(facts.groups.flatMap(({ brokers }) => brokers)).sort(last("master")),
    ...here(facts.ensemble).sort(last("leader")),
    ...here(facts.database),
  ].map(({ name }) => name);
}

/** Members and the database before brokers, which wait for them. */
export function startingOrder(plan: ClusterPlan, host: string): string[] {
  const brokers = new Set(brokersOf(plan).map(({ name }) => name));
  return servicesOf(plan)
    .sort((a, b) => Number(brokers.has(a.name)) - Number(brokers.has(b.name)))
    .filter((service) => service.host === host)
    .map(({ name }) => name);
}
