/**
 * The API for other programs: one component, what it takes, and what it says. Everything else in this package may change with any
 * release.
 */
export { ActiveMqCluster, type ActiveMqClusterArgs } from "./cluster/activeMqCluster";
export type { AwsOutputs, ClusterOutputs, StackOutputs, TransportOutputs } from "./cluster/outputs";
export type * from "../config/clusterValues";
export { ConfigError, type Fault } from "../config/faults";
