/** What is wrong with the hosts that groups name for their brokers. Pure. */
import type { ClusterConfig } from "../../config/schema";
import type { Fault } from "../../config/faults";

/** @param free hosts that brokers may be on: all that have the role and carry no member of the ensemble */
export function namedHostFaults(
  { placement, groups, hosts }: Pick<ClusterConfig, "placement" | "groups" | "hosts">,
  free: readonly string[],
): Fault[] {
  return groups.flatMap(({ hosts: named, brokers }, i): Fault[] => {
    if (named === undefined) return [];
    const at = { path: `groups[${i}].hosts`, value: named };
    if (placement !== "interleaved" || hosts === undefined) {
      return [
        {
          ...at,
          problem: "Groups choose among the machines of activemq:hosts, with placement interleaved.",
          allowed: "with placement interleaved and activemq:hosts only",
          fix: "remove the key",
        },
      ];
    }
    const problem = whatIsWrong(named, brokers, free);
    if (problem === undefined) return [];
    const allowed = `${brokers} of ${free.join(", ")}, each once`;
    return [{ ...at, problem, allowed, fix: "correct the list, or remove it: the emptiest hosts are taken then" }];
  });
}

function whatIsWrong(named: readonly string[], brokers: number, free: readonly string[]): string | undefined {
  const unfit = named.find((host) => !free.includes(host));
  if (unfit !== undefined) return `No broker may be on ${unfit}: it is no host, has not the role, or is ZooKeeper's.`;
  const twin = named.find((host, i) => named.indexOf(host) !== i);
  if (twin !== undefined) return `${twin} is listed twice, and its loss would cost the group two brokers.`;
  if (named.length === brokers) return undefined;
  return `The group has ${brokers} brokers and names ${named.length} hosts.`;
}
