/** Tags of everything that target aws makes. Pure. */
import type { ClusterPlan } from "../../core/plan/model";

export type Tags = Readonly<Record<string, string>>;

/** What all resources of a stack have. */
export function stackTags({ stack, config }: Pick<ClusterPlan, "stack" | "config">): Tags {
  return {
    ...Object.fromEntries((config.aws?.tags ?? []).map(({ key, value }) => [key, value])),
    "activemq-stack": stack,
  };
}

/** The same with the `Name` that consoles and bills show. */
export function named(tags: Tags, name: string): Record<string, string> {
  return { ...tags, Name: `${tags["activemq-stack"] ?? "activemq"}-${name}` };
}
