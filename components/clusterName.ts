/** What a cluster may be called in a program that names it itself. Pure. */
import { ConfigError, type Fault } from "../config/faults";

/** Why a cluster may not be called so. */
export function nameFaults(name: string): Fault[] {
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
  return [];
}

/** @throws ConfigError when there are any */
export function throwFaults(source: string, faults: readonly Fault[]): void {
  if (faults.length > 0) throw new ConfigError(source, faults);
}
