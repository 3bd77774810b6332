/** The rules between values: what a stack file can get wrong although each of its values is right. Pure. */
import type { Fault } from "./faults";
import { awsRules } from "./rules/aws";
import { awsDatabaseRules } from "./rules/awsDatabase";
import { awsMachineRules } from "./rules/awsMachines";
import { awsNetworkRules } from "./rules/awsNetwork";
import { bridgeRules } from "./rules/bridges";
import { groupRules } from "./rules/groups";
import { groupPortRules } from "./rules/groupPorts";
import { destinationRules } from "./rules/destinations";
import { hostRules } from "./rules/hosts";
import { planRules } from "./rules/plan";
import { productRules } from "./rules/products";
import { jdbcRules } from "./rules/jdbc";
import { judge } from "./rules/rule";
import { sharedKahaDbRules } from "./rules/sharedKahaDb";
import { settingRules } from "./rules/settings";
import { zooKeeperRules } from "./rules/zookeeper";
import type { ClusterConfig } from "./schema";

const RULES = [
  ...productRules,
  ...groupRules,
  ...groupPortRules,
  ...bridgeRules,
  ...destinationRules,
  ...hostRules,
  ...zooKeeperRules,
  ...jdbcRules,
  ...sharedKahaDbRules,
  ...settingRules,
  ...awsRules,
  ...awsNetworkRules,
  ...awsMachineRules,
  ...awsDatabaseRules,
  ...planRules,
];

/** Every rule that a configuration breaks. Parts of it may be unreadable, see judgeable.ts. */
export function ruleFaults(config: ClusterConfig): Fault[] {
  return judge(RULES, config);
}
