/** What a cluster may be called in a program that names it itself. Pure. */
import { ConfigError, type Fault } from "../../config/faults";
import type { ClusterPlan } from "./plan";

/** IAM takes 64 characters for the name of a role; the engine adds a hyphen and seven more to ours. */
const LONGEST_ROLE = 56;

/** @param plan of the cluster, once there is one: its hosts' names come after the cluster's */
export function nameFaults(name: string, plan?: Pick<ClusterPlan, "aws">): Fault[] {
  if (!/^[A-Za-z][A-Za-z0-9-]{0,29}$/.test(name)) {
    return [
      {
        path: "name",
        value: name,
        problem: "It begins the names of units, folders, buckets and roles.",
        allowed: "a letter, then letters, digits and hyphens, at most 30",
        fix: "give the component another name",
      },
    ];
  }
  const roleOf = (host: string) => `${name}-ec2-${host}-role`;
  const longest = (plan?.aws?.machines ?? [])
    .map(({ host }) => host)
    .reduce((a, b) => (b.length > a.length ? b : a), "");
  const excess = roleOf(longest).length - LONGEST_ROLE;
  if (excess <= 0) return [];
  return [
    {
      path: "name",
      value: name,
      problem: `IAM roles carry the names of cluster and host, and that of host ${longest} would be too long.`,
      allowed: `${excess} characters fewer`,
      fix: "shorten the component's name or the group's",
    },
  ];
}

/** @throws ConfigError when there are any */
export function throwFaults(source: string, faults: readonly Fault[]): void {
  if (faults.length > 0) throw new ConfigError(source, faults);
}
