/** What rules are made of. */
import type { AwsConfig } from "../../../config/awsSchema";
import type { Fault } from "../../../config/faults";
import { ifSound } from "../partialConfig";
import type { ClusterConfig } from "../../../config/schema";

/** One thing to look at, apart from all others: when a value it needs is broken, only this is passed over. */
export type Check = () => readonly Fault[];

/** A rule takes a configuration apart into the checks it means. */
export type Rule = (config: ClusterConfig) => readonly Check[];

/** A rule that looks at the configuration as a whole. */
export function whole(judge: (config: ClusterConfig) => readonly Fault[]): Rule {
  return (config) => [() => judge(config)];
}

/** A rule that looks at each entry of a list by itself. The entries are read one by one: any of them may be broken. */
export function each<T>(
  listOf: (config: ClusterConfig) => readonly T[] | undefined,
  judge: (entry: T, index: number, config: ClusterConfig) => readonly Fault[],
): Rule {
  return (config) => {
    const list = listOf(config) ?? [];
    return Array.from({ length: list.length }, (_, i) => () => {
      const entry = list[i];
      return entry === undefined ? [] : judge(entry, i, config);
    });
  };
}

/** A rule that looks at what is said about target aws, when that counts. */
export function onAws(judge: (aws: AwsConfig, config: ClusterConfig) => readonly Fault[]): Rule {
  return whole((config) => (config.target === "aws" && config.aws !== undefined ? judge(config.aws, config) : []));
}

/** The first entry that fits, and where; one that cannot be read fits nothing, and keeps no other from being found. */
export function firstOf<T>(
  list: readonly T[],
  fits: (entry: T, index: number) => boolean,
): { readonly entry: T; readonly index: number } | undefined {
  for (let index = 0; index < list.length; index += 1) {
    const found = ifSound(() => {
      const entry = list[index];
      return entry !== undefined && fits(entry, index) ? { entry, index } : undefined;
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first entry before the given one that has the same key. */
export function earlierDuplicate<T>(list: readonly T[], entry: T, index: number, keyOf: (entry: T) => string) {
  const key = keyOf(entry);
  return firstOf(list, (other, i) => i < index && keyOf(other) === key);
}

/** An entry of a list, and where it is. */
export interface Found<T> {
  readonly entry: T;
  readonly index: number;
}

/**
 * Looks entries up by their key, in the order of the list; one whose key cannot be read has none. For lists as long as the bridges
 * of a mesh, where a search for each entry ({@link earlierDuplicate}) would take the square of their number.
 */
export function byKey<T>(list: readonly T[], keyOf: (entry: T) => string): (key: string) => readonly Found<T>[] {
  let found: Map<string, Found<T>[]> | undefined;
  return (key) => {
    found ??= grouped(list, keyOf);
    return found.get(key) ?? [];
  };
}

function grouped<T>(list: readonly T[], keyOf: (entry: T) => string): Map<string, Found<T>[]> {
  const found = new Map<string, Found<T>[]>();
  for (let index = 0; index < list.length; index += 1) {
    ifSound(() => {
      const entry = list[index];
      if (entry === undefined) return;
      const key = keyOf(entry);
      const alike = found.get(key);
      if (alike === undefined) found.set(key, [{ entry, index }]);
      else alike.push({ entry, index });
    });
  }
  return found;
}

/** Every fault that the rules find. */
export function judge(rules: readonly Rule[], config: ClusterConfig): Fault[] {
  return rules.flatMap((rule) => (ifSound(() => rule(config)) ?? []).flatMap((check) => ifSound(check) ?? []));
}
