/**
 * The API for other programs: one component, what it takes, and what it says. Everything else in this package may change with any
 * release.
 */
export { ActiveMqCluster } from "./activeMqCluster";
export type * from "./args";
export type { AwsOutputs, ClusterOutputs, StackOutputs, TransportOutputs } from "./outputs";
export type * from "../config/clusterValues";
export { ConfigError, type Fault } from "../config/faults";
