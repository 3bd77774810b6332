/** Rules about limits, users and folders. */
import { isReplicated } from "../../products/stores";
import type { Fault } from "../../../config/faults";
import { limit, ownSettings } from "../../../config/groupSettings";
import type { ClusterConfig, GroupConfig } from "../../../config/schema";
import { earlierDuplicate, each, type Rule, whole } from "./rule";
import { logFileMiB } from "../../plan/sizes";
import { storeOf } from "../../products/storesOf";

/**
 * A slave joins by a list of all the master's files, which must fit in 64 KiB (ReplicationProtocolCodec): about 400 names. Above that
 * no slave can attach any more. 40 GiB of log files of 100 MiB.
 */
const MOST_LOG_FILES = 409.6;

/** activemq-broker takes as much by default; the rest is for connections, indexes and garbage. */
const MOST_MEMORY_PERCENT = 70;

/** The user that the program makes for the bridges. */
const BRIDGE_USER = "bridge";

type Limits = ClusterConfig["limits"];

/** A rule of limits: of the cluster's, and of each group's that has its own. */
const eachLimits =
  (
    judge: (
      limit: <K extends keyof Limits>(key: K) => Limits[K],
      at: string,
      config: ClusterConfig,
      group: GroupConfig | undefined,
    ) => readonly Fault[],
  ): Rule =>
  (config) =>
    ownSettings(config, "limits").map(
      ({ at, group }) =>
        () =>
          judge((key) => limit(config, group, key), at, config, group),
    );

const storeLimit = eachLimits((of, at, config, own) => {
  const storeMiB = of("storeMiB");
  const most = Math.floor(MOST_LOG_FILES * logFileMiB(config));
  if (storeMiB <= most) return [];
  const holdsFor = own === undefined ? config.groups.filter(({ limits }) => limits?.storeMiB === undefined) : [own];
  if (!holdsFor.some((group) => isReplicated(storeOf(config, group)))) return [];
  return [
    {
      path: `${at}.storeMiB`,
      value: storeMiB,
      problem:
        "With a store that large no slave could attach: the list of the store's files would not fit in the 64 KiB that the protocol allows.",
      allowed: `up to ${most} with replicatedLevelDB and log files of ${logFileMiB(config)} MiB`,
      fix: "lower it, or spread the messages over more groups",
    },
  ];
});

const memoryLimit = eachLimits((of, at) => {
  const [heapMiB, memoryMiB] = [of("heapMiB"), of("memoryMiB")];
  const most = Math.ceil((heapMiB * MOST_MEMORY_PERCENT) / 100) - 1;
  if (memoryMiB === undefined || memoryMiB <= most) return [];
  return [
    {
      path: `${at}.memoryMiB`,
      value: memoryMiB,
      problem: `Messages would fill the heap of ${heapMiB} MiB before the broker slows its producers down.`,
      allowed: `less than ${MOST_MEMORY_PERCENT} % of heapMiB: up to ${most}`,
      fix: `lower it, or raise ${at}.heapMiB`,
    },
  ];
});

const users = each(
  (config) => config.users,
  (user, i, config) => {
    const at = { path: `users[${i}].name`, value: user.name };
    const duplicate = earlierDuplicate(config.users, user, i, (other) => other.name);
    if (duplicate !== undefined) {
      const problem = `users[${duplicate.index}] has the same name.`;
      return [{ ...at, problem, allowed: "a name of its own for each user", fix: "rename or remove one of the two" }];
    }
    if (user.name === BRIDGE_USER) {
      const problem = "The program makes this user for the bridges.";
      return [{ ...at, problem, allowed: "any other name", fix: "rename the user" }];
    }
    return [];
  },
);

const directory = whole((config) => {
  if (config.directory === undefined || config.target === "local") return [];
  return [
    {
      path: "directory",
      value: config.directory,
      problem: `It is a folder on this machine, and target ${config.target} keeps nothing here.`,
      allowed: "a directory with target local only",
      fix: "remove the key",
    },
  ];
});

/** What only says how to log in means nothing where nobody logs in. */
const loginKeys = whole((config) => {
  if (config.target === "ssh") return [];
  const found = [
    ...(config.ssh === undefined ? [] : [{ path: "ssh", value: config.ssh }]),
    ...(config.hosts ?? []).flatMap((host, i) =>
      (["user", "port", "hostKey"] as const).flatMap((key) =>
        host[key] === undefined ? [] : [{ path: `hosts[${i}].${key}`, value: host[key] }],
      ),
    ),
  ];
  return found.map((at) => ({
    ...at,
    problem:
      config.target === "aws"
        ? "Target aws makes its machines, and logs in to them as aws.login says."
        : `Target ${config.target} logs in nowhere.`,
    allowed: "with target ssh only",
    fix: config.target === "aws" ? "remove the key; see aws.login" : "remove the key, or write target: ssh",
  }));
});

export const settingRules: readonly Rule[] = [storeLimit, memoryLimit, users, directory, loginKeys];
