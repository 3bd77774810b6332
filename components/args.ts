/** What other programs give a cluster: the keys of a stack file, some of whose values another resource may make. */
import type * as pulumi from "@pulumi/pulumi";
import type {
  AwsIamValues,
  AwsLoginValues,
  AwsNetworkSubnetValues,
  AwsNetworkValues,
  AwsValues,
  AwsVolumesValues,
  ClusterValues,
} from "../config/clusterValues";

/** The same with some keys as inputs; whether they are optional, and what they mean, stays. */
type WithInputs<T, K extends keyof T> = { readonly [P in keyof T]: P extends K ? InputOf<T[P]> : T[P] };
type InputOf<V> = V extends readonly (infer E)[] ? readonly pulumi.Input<E>[] : V extends string ? pulumi.Input<V> : V;

/** A private subnet: its id may be another resource's output, its zone and its addresses are plain values. */
export type AwsNetworkSubnetArgs = WithInputs<AwsNetworkSubnetValues, "id">;

/** A new VPC's addresses, or which VPC there is: one that the same program makes, too. */
export type AwsNetworkArgs = Omit<
  WithInputs<AwsNetworkValues, "vpcId" | "publicSubnetId" | "routeTableIds">,
  "subnets"
> & {
  /**
   * With vpcId: the private subnet of each zone of aws.zones.
   * @default none
   */
  readonly subnets?: readonly AwsNetworkSubnetArgs[];
};

/** With target aws: region, network, machines and who may log in. */
export type AwsArgs = Omit<AwsValues, "network" | "login" | "volumes" | "iam"> & {
  /**
   * A new VPC's addresses, or which VPC there is.
   * @default that of each key
   */
  readonly network?: AwsNetworkArgs;
  /** How the program and amq log in to the hosts. */
  readonly login: WithInputs<AwsLoginValues, "keyPair">;
  /**
   * Disks and their key.
   * @default that of each key
   */
  readonly volumes?: WithInputs<AwsVolumesValues, "kmsKeyArn">;
  /**
   * Where roles and policies are made, and what bounds them.
   * @default that of each key
   */
  readonly iam?: WithInputs<AwsIamValues, "permissionsBoundary">;
};

/**
 * What a cluster is made from: the keys of a stack file. They are plain values, because they decide what exists, but for the ids
 * and ARNs of `aws` that decide nothing: those may be outputs of other resources of the program, such as its own VPC.
 */
export type ActiveMqClusterArgs = Omit<ClusterValues, "aws"> & {
  /**
   * With target aws: region, network, machines and who may log in.
   * @default none
   */
  readonly aws?: AwsArgs;
};
