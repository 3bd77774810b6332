/** Rules about what this project has a runtime for. */
import { availableReleases, releaseNamed, releasesWith, storesIn } from "../../products/releases";
import type { Fault } from "../../../config/faults";
import type { ClusterConfig } from "../../../config/schema";
import { nearest, oneOf } from "../../util/suggest";
import { each, type Rule, whole } from "./rule";
import type { StoreName } from "../../products/stores";

/** ZooKeeper servers that runtime/ has. */
const ZOOKEEPER_RELEASES = ["3.9.5"];

const release = whole((config) => {
  const name = config.release;
  const known = releaseNamed(name);
  if (known?.distribution !== undefined) return [];
  const allowed = `${oneOf(availableReleases())}: the releases this project has a runtime for`;
  const fix = `write ${availableReleases()
    .map((line) => `"${line}"`)
    .join(" or ")}, in quotes, or remove the key`;
  if (known === undefined) {
    const line = /^\d+\.\d+(?=\.\d+$)/.exec(name)?.[0];
    const hint = line !== undefined && releaseNamed(line) ? ` Name the line only: \`${line}\`.` : "";
    const problem = `There is no line of releases \`${name}\` of ActiveMQ Classic.${hint}`;
    return [{ path: "release", value: name, problem, allowed, fix }];
  }
  const ended = known.endOfLife === undefined ? "" : `, and it ended on ${known.endOfLife}`;
  return [{ path: "release", value: name, problem: `There is no runtime for ${name} here${ended}.`, allowed, fix }];
});

const clustersStore = whole((config) => withoutStore(config, "store", config.store));

const groupsStore = each(
  (config) => config.groups,
  ({ store }, i, config) => (store === undefined ? [] : withoutStore(config, `groups[${i}].store`, store)),
);

function withoutStore({ release: name }: Pick<ClusterConfig, "release">, path: string, value: StoreName): Fault[] {
  if (releaseNamed(name) === undefined || storesIn(name).includes(value)) return [];
  const having = releasesWith(value);
  return [
    {
      path,
      value,
      problem: `Release ${name} has no ${value}.`,
      allowed: `with release ${name}: ${oneOf(storesIn(name))}; ${value} is in ${having[0] ?? ""} to ${having[having.length - 1] ?? ""}`,
      fix: "choose a store that the release has, or a release that has the store; a cluster has one release",
    },
  ];
}

const zooKeeper = whole((config) => {
  const { version } = config.zookeeper;
  if (ZOOKEEPER_RELEASES.includes(version)) return [];
  const meant = nearest(version, ZOOKEEPER_RELEASES);
  return [
    {
      path: "zookeeper.version",
      value: version,
      problem: `There is no runtime for ZooKeeper ${version} here.`,
      allowed: oneOf(ZOOKEEPER_RELEASES),
      fix: `write "${meant ?? ZOOKEEPER_RELEASES[0] ?? ""}", or remove the key`,
    },
  ];
});

export const productRules: readonly Rule[] = [release, clustersStore, groupsStore, zooKeeper];
