/** Who is where: masters, slaves and members by what they are now. */
import type { ClusterUnderTest } from "./clusterUnderTest";
import { type PlannedBroker, type PlannedMember, brokersOf, groupNamed } from "../../../core/plan/model";

/** @throws Error when the group has no master */
export async function masterOf(site: ClusterUnderTest, group: string): Promise<PlannedBroker> {
  const name = await site.cluster.master(group);
  const found = brokersOf(site.plan).find((broker) => broker.name === name);
  if (found === undefined) throw new Error(`no broker ${name} in the plan`);
  return found;
}

export async function slavesOf(site: ClusterUnderTest, group: string): Promise<readonly PlannedBroker[]> {
  const master = await masterOf(site, group);
  return groupNamed(site.plan, group).brokers.filter(({ name }) => name !== master.name);
}

/** The ensemble's members, the leader first. */
export async function membersOf(site: ClusterUnderTest): Promise<[PlannedMember, PlannedMember, PlannedMember]> {
  const { ensemble } = await site.cluster.until(({ whole }) => whole, 120, "not whole");
  const leader = ensemble.find(({ role }) => role === "leader")?.name;
  const members = [...(site.plan.ensemble?.members ?? [])];
  members.sort((a, b) => Number(b.name === leader) - Number(a.name === leader));
  const [first, second, third] = members;
  if (first === undefined || second === undefined || third === undefined) throw new Error("not three members");
  return [first, second, third];
}
