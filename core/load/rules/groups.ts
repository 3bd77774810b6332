/** Rules about groups: how large, how named, who is left. */
import { sizeFault } from "../../products/stores";
import type { ClusterConfig, GroupConfig } from "../../../config/schema";
import { earlierDuplicate, each, firstOf, type Rule, whole } from "./rule";
import { storeOf } from "../../products/storesOf";

const groups = (config: ClusterConfig) => config.groups;
const eachGroup = (judge: Parameters<typeof each<GroupConfig>>[1]) => each(groups, judge);
const brokerNameOf = (group: GroupConfig) => group.brokerName ?? group.name;

const size = eachGroup((group, i, config) => {
  const fault = sizeFault(storeOf(config, group), group.brokers);
  return fault === undefined ? [] : [{ path: `groups[${i}].brokers`, value: group.brokers, ...fault }];
});

const names = eachGroup((group, i, config) => {
  const at = { path: `groups[${i}].name`, value: group.name };
  const duplicate = earlierDuplicate(config.groups, group, i, (other) => other.name);
  if (duplicate !== undefined) {
    const problem = `groups[${duplicate.index}] has the same name.`;
    return [{ ...at, problem, allowed: "a name of its own for each group", fix: "rename one of the two" }];
  }
  if (group.name === "zookeeper") {
    return [
      {
        ...at,
        problem: "The brokers would be named zookeeper-1, zookeeper-2, ..., as the members of the ensemble are.",
        allowed: "any other name",
        fix: "rename the group",
      },
    ];
  }
  return [];
});

/** Group `a-1` would be mixed up with broker 1 of group `a`: services, folders and resources carry these names. */
const namesOfBrokers = eachGroup((group, i, config) => {
  const [, prefix, digits] = /^(.*)-([1-9])$/.exec(group.name) ?? [];
  if (prefix === undefined) return [];
  if (firstOf(config.groups, (other) => other.name === prefix && Number(digits) <= other.brokers) === undefined)
    return [];
  return [
    {
      path: `groups[${i}].name`,
      value: group.name,
      problem: `A broker of group \`${prefix}\` has this name.`,
      allowed: "a name that no broker has; brokers are <group>-<n>",
      fix: "rename the group",
    },
  ];
});

const brokerNames = eachGroup((group, i, config) => {
  const duplicate = earlierDuplicate(config.groups, group, i, brokerNameOf)?.entry;
  // Equal names of groups are reported as such.
  if (duplicate === undefined || duplicate.name === group.name) return [];
  return [
    {
      path: `groups[${i}].${group.brokerName === undefined ? "name" : "brokerName"}`,
      value: brokerNameOf(group),
      problem: `Group \`${duplicate.name}\` has this brokerName too: bridges between the two would refuse each other.`,
      allowed: "one brokerName for all brokers of a group, and another one for each group",
      fix: "leave brokerName out: the group's name is its default",
    },
  ];
});

/** Somebody has to serve the clients of the retired ones. */
const allRetired = whole((config) => {
  const isRetired = (group: GroupConfig) => group.retire !== false;
  const roles = config.topology === "spokes" ? (["producers", "consumers"] as const) : [undefined];
  return roles.flatMap((role) => {
    const concerned = config.groups.filter((group) => role === undefined || group.role === role);
    if (concerned.length === 0 || !concerned.every(isRetired)) return [];
    const whose = role ?? "clients";
    return [
      {
        path: "groups",
        problem: `Every group for ${whose} is retired: there would be no broker to connect to.`,
        allowed: `at least one group for ${whose} without \`retire\``,
        fix: "keep one, or take the whole cluster down with `amq down`",
      },
    ];
  });
});

export const groupRules: readonly Rule[] = [allRetired, size, names, namesOfBrokers, brokerNames];
