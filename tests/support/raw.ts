import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ConfigError, type Fault } from "../../config/faults";
import { parseConfig } from "../../core/load/parseConfig";
import type { ClusterConfig } from "../../config/schema";

/** A stack file's values as a test writes them: any of them may be wrong. */
export type Values = Record<string, unknown>;

export const PROJECT = join(__dirname, "../..");

/** Values as the engine delivers them: text as it is, the rest as JSON. */
export function toRaw(values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

export function configOf(values: Values): ClusterConfig {
  return parseConfig("test", toRaw(values));
}

/** What is wrong with the values; empty when nothing is. */
export function faultsOf(values: Values): readonly Fault[] {
  return faultsOfRaw(toRaw(values));
}

export function faultsOfRaw(raw: Record<string, string>): readonly Fault[] {
  try {
    parseConfig("test", raw);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

/** The `config` of a YAML file, keys without their namespace. */
export function valuesOfFile(...path: string[]): Values {
  const file = parse(readFileSync(join(...path), "utf8")) as { config: Values };
  return Object.fromEntries(Object.entries(file.config).map(([key, value]) => [key.replace("activemq:", ""), value]));
}
