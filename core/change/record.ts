/** The record of a change: what the program keeps in the engine's state, and compares the next change with. Pure. */
import type { ClusterConfig, GroupConfig } from "../../config/schema";
import { parseConfig } from "../load/parseConfig";
import type { ClusterPlan } from "../plan/model";
import { firstHosts } from "../plan/placement";
import { plan } from "../plan/plan";

/**
 * The text of a plan's record: its configuration. Hosts that nobody named for a group are named where they are not those of
 * {@link hostsByNumber}, so that the record says where brokers are, however a later release would place them.
 */
export function recordOf({ stack, config, groups }: ClusterPlan): string {
  const byNumber = hostsByNumber(config);
  const named = config.groups.map((group, i): GroupConfig => {
    const hosts = groups[i]?.brokers.map(({ host }) => host) ?? [];
    return byNumber === undefined || hosts.join() === byNumber(group).join() ? group : { ...group, hosts };
  });
  return JSON.stringify({ stack, config: { ...config, groups: named } });
}

/**
 * The plan that a record means.
 * @throws ConfigError or SyntaxError when this release cannot read it
 */
export function planOfRecord(text: string): ClusterPlan {
  const { stack, config } = JSON.parse(text) as { stack: string; config: Readonly<Record<string, unknown>> };
  const raw = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const read = parseConfig("the record of the last change", Object.fromEntries(raw) as Record<string, string>);
  const byNumber = hostsByNumber(read);
  if (byNumber === undefined) return plan(stack, read);
  return plan(stack, { ...read, groups: read.groups.map((group) => ({ ...group, hosts: byNumber(group) })) });
}

/**
 * Where a record that names no hosts has a group's brokers: the n-th on the n-th host, as every release placed them before
 * interleaved used all hosts. Undefined where groups do not share the hosts listed.
 */
function hostsByNumber(config: ClusterConfig): ((group: GroupConfig) => string[]) | undefined {
  if (config.placement !== "interleaved" || config.hosts === undefined) return undefined;
  const first = firstHosts(config);
  return ({ hosts, brokers }) => hosts ?? first.slice(0, brokers);
}
