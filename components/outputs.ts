/**
 * The stack's outputs: an API. Downstream stacks read them through a StackReference, so names never change their meaning;
 * whatever would is a new `outputsVersion`. Flat, because one secret inside an object makes all of it secret. What is not there
 * for this stack is absent, never empty. All of them are of version 1.
 */
import type * as pulumi from "@pulumi/pulumi";
import {
  type GroupTransportOutput,
  type TransportOutput,
  groupTransportUrls,
  namedTransportUrls,
} from "../core/plan/clientUrls";
import type { PlannedCluster } from "./plannedCluster";
import { type ClusterPlan, brokersOf } from "../core/plan/model";

export const OUTPUTS_VERSION = 1;

type Text = pulumi.Output<string>;

/** Whatever the target is. */
export interface ClusterOutputs {
  /** Counted up when an output changes its meaning. */
  readonly outputsVersion: number;
  /** Clients' URL over all brokers; known once the cluster serves. */
  readonly failoverUrl: Text;
  /** `failoverUrl-<group>`: the same over one group's brokers. */
  readonly [ofGroup: `failoverUrl-${string}`]: Text;
  /** With topology spokes: where producers connect. */
  readonly producerUrl?: Text;
  /** With topology spokes: where consumers connect. */
  readonly consumerUrl?: Text;
  /** `address:port,...`; absent when nothing is elected through ZooKeeper. */
  readonly zookeeperConnect?: Text;
  /** `name=address:port` of each broker. */
  readonly brokers: readonly string[];
  /** Addresses of the hosts that carry brokers. */
  readonly brokerHosts: readonly string[];
  /** `password-<user>`: generated, secret. */
  readonly [ofUser: `password-${string}`]: Text;
}

/**
 * With a transport on, the URL in the form that its row in core/products/transports.ts gives it: `amqpUrl` is a failover URI of
 * Qpid JMS, `stompUrl`, `mqttUrl` and `wsUrl` are addresses to be tried in turn, separated by commas. With topology spokes also
 * those of each side: `amqpProducerUrl`, `amqpConsumerUrl`, ... `amqpUrl-<group>` and so on list one group's brokers.
 */
export type TransportOutputs = Partial<Readonly<Record<TransportOutput | GroupTransportOutput, Text>>>;

/** With target aws besides. */
export interface AwsOutputs {
  /** Where everything is. */
  readonly vpcId: Text;
  /** A security group that applications join to reach the brokers. */
  readonly clientSecurityGroupId: Text;
  /**
   * The secret in Secrets Manager of the first user of role application: JSON with `url`, `user` and `password`, with topology
   * spokes also `producerUrl` and `consumerUrl`, and the URLs of further transports under the names of their outputs.
   */
  readonly clientSecretArn?: Text;
  /** A managed policy that reads the secrets of all users of role application. */
  readonly clientPolicyArn?: Text;
  /** As `clientSecretArn`, for role admin. */
  readonly adminSecretArn?: Text;
  /** As `clientPolicyArn`, for role admin. */
  readonly adminPolicyArn?: Text;
  /** `secretArn-<user>`: the secret of each user. */
  readonly [ofUser: `secretArn-${string}`]: Text;
  /**
   * With store jdbc, where the program makes the database: the secret with its JSON `url`, `user` and `password`, for administrators;
   * no policy reads it.
   */
  readonly databaseSecretArn?: Text;
  /** The bastion's public address; absent without one. */
  readonly bastionAddress?: Text;
  /** Public SSH host keys by host, for `amq`. */
  readonly sshHostKeys: Readonly<Record<string, Text>>;
  /** The generated log-in key, secret; absent when a key pair is given. */
  readonly sshPrivateKey?: Text;
}

/** Everything that a stack can say. */
export type StackOutputs = ClusterOutputs & TransportOutputs & Partial<AwsOutputs>;

/** @param target what only the plan's target has */
export function stackOutputs(plan: ClusterPlan, cluster: PlannedCluster, target: Partial<AwsOutputs>): StackOutputs {
  const carrying = new Set(brokersOf(plan).map(({ host }) => host));
  return {
    outputsVersion: OUTPUTS_VERSION,
    failoverUrl: cluster.failoverUrl,
    ...prefixed("failoverUrl", cluster.groupFailoverUrls),
    ...(cluster.producerUrl && { producerUrl: cluster.producerUrl }),
    ...(cluster.consumerUrl && { consumerUrl: cluster.consumerUrl }),
    ...transportOutputs(plan, cluster),
    ...(cluster.zookeeperConnect && { zookeeperConnect: cluster.zookeeperConnect }),
    brokers: brokersOf(plan).map((broker) => `${broker.name}=${broker.address}:${broker.ports.openwire}`),
    brokerHosts: plan.hosts.filter(({ name }) => carrying.has(name)).map(({ address }) => address),
    ...prefixed("password", cluster.passwords),
    ...target,
  };
}

/** Known once the cluster serves, as the others are. */
function transportOutputs({ urls }: ClusterPlan, { failoverUrl }: PlannedCluster): TransportOutputs {
  return Object.fromEntries(
    Object.entries({ ...namedTransportUrls(urls), ...groupTransportUrls(urls) }).map(([name, url]) => [
      name,
      failoverUrl.apply(() => url),
    ]),
  );
}

function prefixed<P extends string, T>(prefix: P, values: Readonly<Record<string, T>>): Record<`${P}-${string}`, T> {
  const entries = Object.entries(values).map(([name, value]) => [`${prefix}-${name}`, value] as const);
  return Object.fromEntries(entries) as Record<`${P}-${string}`, T>;
}
