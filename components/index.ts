/**
 * The API for other programs: one component, what it takes, and what it says. Everything else in this package may change with any
 * release.
 */
export { ActiveMqCluster } from "./cluster/activeMqCluster";
export type * from "./cluster/args";
export type { AwsOutputs, ClusterOutputs, StackOutputs, TransportOutputs } from "./cluster/outputs";
export type * from "../config/clusterValues";
export { ConfigError, type Fault } from "../config/faults";
