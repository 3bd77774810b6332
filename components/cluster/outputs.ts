/**
 * The stack's outputs: an API. Downstream stacks read them through a StackReference, so names never change their meaning;
 * whatever would is a new `outputsVersion`. Flat, because one secret inside an object makes all of it secret.
 *
 * | output | what | since |
 * | ------ | ---- | ----- |
 * | `outputsVersion` | 1 | 1 |
 * | `failoverUrl` | clients' URL over all brokers; known once the cluster serves | 1 |
 * | `failoverUrl-<group>` | the same over one group's | 1 |
 * | `producerUrl`, `consumerUrl` | with topology spokes | 1 |
 * | `amqpUrl`, `stompUrl`, `mqttUrl` | of the transports that are on: a Qpid JMS failover URI, and lists of addresses | 1 |
 * | `amqpProducerUrl`, `amqpConsumerUrl`, ... | the same with topology spokes | 1 |
 * | `zookeeperConnect` | `address:port,...`; absent when nothing is elected | 1 |
 * | `brokers` | `name=address:port` of each | 1 |
 * | `brokerHosts` | addresses of the hosts that carry brokers | 1 |
 * | `password-<user>` | generated, secret | 1 |
 *
 * With target aws besides:
 *
 * | output | what |
 * | ------ | ---- |
 * | `vpcId` | where everything is |
 * | `clientSecurityGroupId` | applications join it to reach the brokers |
 * | `clientSecretArn`, `adminSecretArn` | JSON in Secrets Manager of the first user of the role: `url`, `user`, `password`, with spokes `producerUrl` and `consumerUrl`, and the other transports' URLs, named as above |
 * | `clientPolicyArn`, `adminPolicyArn` | a managed policy that reads the secrets of the role's users |
 * | `secretArn-<user>` | the secret of each user |
 * | `bastionAddress` | public address; absent without a bastion |
 * | `sshHostKeys` | public SSH host keys by host, for `amq` |
 * | `sshPrivateKey` | the generated log-in key, secret; absent when a key pair is given |
 */
import * as pulumi from "@pulumi/pulumi";
import type { TargetOutputs } from "../hosts/target";
import { namedTransportUrls } from "./clientUrls";
import type { ActiveMqCluster } from "./cluster";
import { type ClusterPlan, brokersOf } from "./plan";

export const OUTPUTS_VERSION = 1;

/** @param target what only the plan's target has */
export function stackOutputs(
  plan: ClusterPlan,
  cluster: ActiveMqCluster,
  target: TargetOutputs,
): Record<string, pulumi.Input<unknown>> {
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

/** Known when the cluster serves, as its other URLs. */
function transportOutputs(
  { urls }: ClusterPlan,
  { failoverUrl }: ActiveMqCluster,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries(namedTransportUrls(urls)).map(([name, url]) => [name, failoverUrl.apply(() => url)]),
  );
}

function prefixed<T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}-${name}`, value]));
}
