/** The rules between values: what a stack file can get wrong although each of its values is right. Pure. */
import type { Fault } from "../../../config/faults";
import { awsRules } from "./aws";
import { awsDatabaseRules } from "./awsDatabase";
import { awsMachineRules } from "./awsMachines";
import { awsNetworkRules } from "./awsNetwork";
import { bridgeRules } from "./bridges";
import { groupRules } from "./groups";
import { groupPortRules } from "./groupPorts";
import { destinationRules } from "./destinations";
import { hostRules } from "./hosts";
import { planRules } from "./plan";
import { productRules } from "./products";
import { judge } from "./rule";
import { storeRules } from "./stores";
import { settingRules } from "./settings";
import { zooKeeperRules } from "./zookeeper";
import type { ClusterConfig } from "../../../config/schema";

const RULES = [
  ...productRules,
  ...groupRules,
  ...groupPortRules,
  ...bridgeRules,
  ...destinationRules,
  ...hostRules,
  ...zooKeeperRules,
  ...storeRules,
  ...settingRules,
  ...awsRules,
  ...awsNetworkRules,
  ...awsMachineRules,
  ...awsDatabaseRules,
  ...planRules,
];

/** Every rule that a configuration breaks. Parts of it may be unreadable, see partialConfig.ts. */
export function ruleFaults(config: ClusterConfig): Fault[] {
  return judge(RULES, config);
}
