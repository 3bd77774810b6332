/** What holds for one group: the cluster's settings, replaced key by key by what the group says itself. Pure. */
import type { ClusterConfig, GroupConfig } from "./schema";
import type { OtherTransport } from "../core/products/transports";

type Limits = ClusterConfig["limits"];
type Transports = ClusterConfig["transports"];

/** What holds for the group, as far as it is written down. The plan has it with the rest filled in (core/plan/sizes.ts). */
export function settingsOf(
  config: Pick<ClusterConfig, "limits" | "transports">,
  group: Pick<GroupConfig, "limits" | "transports">,
): { readonly limits: Limits; readonly transports: Transports } {
  return {
    limits: { ...config.limits, ...withoutUndefined(group.limits) },
    transports: { ...config.transports, ...withoutUndefined(group.transports) },
  };
}

// For rules: each value is read by itself, because others may be broken.

/** One limit as it holds for the group, or without one for the cluster. */
export function limit<K extends keyof Limits>(
  config: Pick<ClusterConfig, "limits">,
  group: GroupConfig | undefined,
  key: K,
) {
  return group?.limits?.[key] ?? config.limits[key];
}

/** True when the group's brokers speak the transport, or without a group those of which nothing else is said. */
export function hasTransport(
  config: Readonly<{ transports: Pick<Transports, OtherTransport> }>,
  group: Pick<GroupConfig, "transports"> | undefined,
  transport: OtherTransport,
): boolean {
  return group?.transports?.[transport] ?? config.transports[transport];
}

/** The cluster, and each group that says something of its own under the key: where, and which group. */
export function ownSettings(
  config: ClusterConfig,
  key: "limits" | "transports",
): { readonly at: string; readonly group?: GroupConfig }[] {
  return [
    { at: key },
    ...config.groups.flatMap((group, i) => (group[key] === undefined ? [] : [{ at: `groups[${i}].${key}`, group }])),
  ];
}

/** Without the keys that are there and undefined: they say nothing. */
function withoutUndefined<T extends object>(settings: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(settings ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
