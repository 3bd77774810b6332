/** Which line of ActiveMQ Classic has which store, and which of them this project can run. */
import type { ClusterConfig, Transport } from "../../config/schema";

type Store = ClusterConfig["store"];

/** What is known of one line of releases, such as 5.16. */
export interface Release {
  /** The stores of ours that the line has. */
  readonly stores: readonly Store[];
  /** The oldest Java it runs on. */
  readonly jdk: number;
  /** The day it stopped being maintained, as YYYY-MM-DD; absent while it is. Fixes after that day were exceptions. */
  readonly endOfLife?: string;
  /** The folder below runtime/ that it runs from; absent when the project ships none. */
  readonly runtime?: "classic-5.16";
}

const BOTH: readonly Store[] = ["replicatedLevelDB", "kahaDB"];
const KAHADB: readonly Store[] = ["kahaDB"];

/**
 * Stores: activemq-leveldb-store is in the tags 5.8.0 to 5.16.8, its replicated form from 5.9.0; 5.17.0 removed it (commit
 * 52a2bd446a, AMQ-7502). KahaDB is in all of these.
 * Java: the `source` and `target` of the parent POM at each tag.
 * Ends: the project publishes no dates; these are endoflife.date's (read August 2026), who take the day a line left the download
 * page, or the release of the second line after it. That of 6.1 is our own reading by the same rule. Maintained in August 2026:
 * 5.19, 6.2 and 6.3 (apache/activemq-website, _data/current_releases.yml).
 */
export const RELEASES: Readonly<Record<string, Release>> = {
  "5.9": { stores: BOTH, jdk: 6, endOfLife: "2014-06-05" },
  "5.10": { stores: BOTH, jdk: 6, endOfLife: "2015-02-13" },
  "5.11": { stores: BOTH, jdk: 7, endOfLife: "2016-02-03" },
  "5.12": { stores: BOTH, jdk: 7, endOfLife: "2016-02-03" },
  "5.13": { stores: BOTH, jdk: 7, endOfLife: "2016-12-16" },
  "5.14": { stores: BOTH, jdk: 7, endOfLife: "2017-06-27" },
  "5.15": { stores: BOTH, jdk: 8, endOfLife: "2022-03-09" },
  // It went on to get security fixes until 5.16.8 of March 2025.
  "5.16": { stores: BOTH, jdk: 8, endOfLife: "2023-03-18", runtime: "classic-5.16" },
  "5.17": { stores: KAHADB, jdk: 11, endOfLife: "2024-04-12" },
  "5.18": { stores: KAHADB, jdk: 11, endOfLife: "2025-03-11" },
  "5.19": { stores: KAHADB, jdk: 11 },
  "6.0": { stores: KAHADB, jdk: 17, endOfLife: "2024-03-17" },
  "6.1": { stores: KAHADB, jdk: 17, endOfLife: "2026-07-27" },
  "6.2": { stores: KAHADB, jdk: 17 },
  "6.3": { stores: KAHADB, jdk: 17 },
};

/** What is known of a line; undefined for one that does not exist or is older than the stores. */
export function releaseNamed(name: string): Release | undefined {
  return Object.hasOwn(RELEASES, name) ? RELEASES[name] : undefined;
}

/** The lines that this project has a runtime for. */
export function availableReleases(): string[] {
  return Object.keys(RELEASES).filter((name) => RELEASES[name]?.runtime !== undefined);
}

/** The lines that have a store. */
export function releasesWith(store: Store): string[] {
  return Object.keys(RELEASES).filter((name) => RELEASES[name]?.stores.includes(store));
}

/** Transports that the schema knows and the runtimes lack, each with the reason. See runtime/classic-5.16/pom.xml. */
export const MISSING_TRANSPORTS: Readonly<Partial<Record<Transport, string>>> = {
  ws: "WebSocket is part of the module activemq-http, which the runtime leaves out because of CVE-2026-34197 and its kin",
};
