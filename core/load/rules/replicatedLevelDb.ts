/** Rules about what only store replicatedLevelDB has: a path of the election, and a port for the copies. Its limit is in settings.ts. */
import { isReplicated } from "../../products/stores";
import { storeOf } from "../../products/storesOf";
import { zkPathOf } from "../../plan/plan";
import type { ClusterConfig, GroupConfig } from "../../../config/schema";
import { earlierDuplicate, each, firstOf, type Rule } from "./rule";

const eachGroup = (judge: Parameters<typeof each<GroupConfig>>[1]) => each((config) => config.groups, judge);

/** Where a group elects; of one that does not, something that is no path. */
const electedBelow = (config: ClusterConfig) => (group: GroupConfig) =>
  isReplicated(storeOf(config, group)) ? zkPathOf(group) : `no path of ${group.name}`;

const zkPaths = eachGroup((group, i, config) => {
  const isElected = isReplicated(storeOf(config, group));
  if (group.zkPath !== undefined && !isElected) {
    return [
      {
        path: `groups[${i}].zkPath`,
        value: group.zkPath,
        problem: `With ${storeOf(config, group)} no master is elected through ZooKeeper, so the path would mean nothing.`,
        allowed: "zkPath with replicatedLevelDB only",
        fix: "remove the key",
      },
    ];
  }
  if (!isElected) return [];
  const path = zkPathOf(group);
  const at = { path: `groups[${i}].${group.zkPath === undefined ? "name" : "zkPath"}`, value: path };
  const allowed = "a path for each group that is not part of another's";
  if (path === "/zookeeper" || path.startsWith("/zookeeper/")) {
    const problem = "ZooKeeper keeps its own data below /zookeeper.";
    return [{ ...at, problem, allowed: "any other path", fix: "write a path such as /activemq/leveldb-stores/a" }];
  }
  const same = earlierDuplicate(config.groups, group, i, electedBelow(config))?.entry;
  if (same !== undefined) {
    if (same.name === group.name) return [];
    const problem = `Group \`${same.name}\` has the same path.`;
    return [{ ...at, problem, allowed, fix: "leave zkPath out: its default differs for each group" }];
  }
  return [];
});

/** The elector takes every child for a candidate, so nothing of another group may live below. */
const nestedZkPaths = eachGroup((group, i, config) => {
  if (!isReplicated(storeOf(config, group))) return [];
  const path = zkPathOf(group);
  const parent = firstOf(config.groups, (other) => path.startsWith(`${electedBelow(config)(other)}/`))?.entry;
  if (parent === undefined) return [];
  return [
    {
      path: `groups[${i}].${group.zkPath === undefined ? "name" : "zkPath"}`,
      value: path,
      problem: `${path} lies below the path of group \`${parent.name}\`, ${zkPathOf(parent)}, whose election would count it as a candidate.`,
      allowed: "a path for each group that is not part of another's",
      fix: "place the two side by side",
    },
  ];
});

const unusedReplication = each(
  (config) => config.groups,
  (group, i, config) => {
    const port = group.ports.replication;
    if (port === undefined || isReplicated(storeOf(config, group))) return [];
    return [
      {
        path: `groups[${i}].ports.replication`,
        value: port,
        problem: `Nothing is replicated with ${storeOf(config, group)}, so nothing would listen there.`,
        allowed: "a replication port with replicatedLevelDB only",
        fix: "remove the port",
      },
    ];
  },
);

export const replicatedLevelDbRules: readonly Rule[] = [zkPaths, nestedZkPaths, unusedReplication];
