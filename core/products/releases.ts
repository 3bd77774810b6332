/** Lines of ActiveMQ Classic, which stores they have, and which of them this project can run. */
import { STORE_NAMES, STORES, type StoreName } from "./stores";

/** The runtimes of brokers, each a folder below runtime/. */
export type ClassicRuntime = "classic-5.16" | "classic-6.3";

/** What this project starts brokers of a line from. */
export interface Distribution {
  /** The folder below runtime/. */
  readonly runtime: ClassicRuntime;
  /** The release that its POM pins, as in 6.3.1: what decides which vulnerabilities are fixed. */
  readonly version: string;
}

/** What is known of one line of releases, such as 5.16. */
export interface Release {
  /** The oldest Java it runs on. */
  readonly jdk: number;
  /** The day it stopped being maintained, as YYYY-MM-DD; absent while it is. Fixes after that day were exceptions. */
  readonly endOfLife?: string;
  /** Absent when the project ships none. */
  readonly distribution?: Distribution;
}

/**
 * Oldest first.
 *
 * Stores: stores.ts.
 * Java: the `source` and `target` of the parent POM at each tag.
 * Ends: the project publishes no dates; these are endoflife.date's (read August 2026), who take the day a line left the download
 * page, or the release of the second line after it. That of 6.1 is our own reading by the same rule. Maintained in August 2026:
 * 5.19, 6.2 and 6.3 (apache/activemq-website, _data/current_releases.yml).
 * Vulnerabilities: vulnerabilities.ts.
 */
export const RELEASES: Readonly<Record<string, Release>> = {
  "5.9": { jdk: 6, endOfLife: "2014-06-05" },
  "5.10": { jdk: 6, endOfLife: "2015-02-13" },
  "5.11": { jdk: 7, endOfLife: "2016-02-03" },
  "5.12": { jdk: 7, endOfLife: "2016-02-03" },
  "5.13": { jdk: 7, endOfLife: "2016-12-16" },
  "5.14": { jdk: 7, endOfLife: "2017-06-27" },
  "5.15": { jdk: 8, endOfLife: "2022-03-09" },
  // It went on to get security fixes until 5.16.8 of March 2025.
  "5.16": {
    jdk: 8,
    endOfLife: "2023-03-18",
    distribution: { runtime: "classic-5.16", version: "5.16.8" },
  },
  "5.17": { jdk: 11, endOfLife: "2024-04-12" },
  "5.18": { jdk: 11, endOfLife: "2025-03-11" },
  "5.19": { jdk: 11 },
  "6.0": { jdk: 17, endOfLife: "2024-03-17" },
  "6.1": { jdk: 17, endOfLife: "2026-07-27" },
  "6.2": { jdk: 17 },
  "6.3": { jdk: 17, distribution: { runtime: "classic-6.3", version: "6.3.1" } },
};

/** What is known of a line; undefined for one that does not exist or is older than the stores. */
export function releaseNamed(name: string): Release | undefined {
  return Object.hasOwn(RELEASES, name) ? RELEASES[name] : undefined;
}

/**
 * What brokers of a line start from.
 * @throws Error when the project ships none, which the rules report as a fault first
 */
export function distributionOf(name: string): Distribution {
  const found = releaseNamed(name)?.distribution;
  if (found === undefined) throw new Error(`there is no runtime for release ${name}`);
  return found;
}

/** The lines that this project has a runtime for, and that have all these stores; oldest first. */
export function availableReleases(wanted: readonly StoreName[] = []): string[] {
  return Object.keys(RELEASES).filter(
    (name) => RELEASES[name]?.distribution !== undefined && wanted.every((store) => hasStore(name, store)),
  );
}

/**
 * The line that a stack with these stores gets unless it names one: the newest we have that has them all. Where none has, the
 * newest that has the first, and the rules say what does not fit.
 */
export function defaultRelease(stores: readonly StoreName[]): string {
  const found = availableReleases(stores).at(-1) ?? availableReleases(stores.slice(0, 1)).at(-1);
  if (found === undefined) throw new Error(`no release here has the store ${stores.join(", ")}`);
  return found;
}

/** The lines that have a store. */
export function releasesWith(store: StoreName): string[] {
  return Object.keys(RELEASES).filter((name) => hasStore(name, store));
}

/** The stores that a line has; it must be known. */
export function storesIn(name: string): StoreName[] {
  return STORE_NAMES.filter((store) => hasStore(name, store));
}

function hasStore(name: string, store: StoreName): boolean {
  const { first, last } = STORES[store].lines;
  return !isOlder(name, first) && (last === undefined || !isOlder(last, name));
}

/** True when line `a` is older than line `b`; both must be known. */
export function isOlder(a: string, b: string): boolean {
  const lines = Object.keys(RELEASES);
  return lines.indexOf(a) < lines.indexOf(b);
}
