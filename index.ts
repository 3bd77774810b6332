/** The program: load -> plan -> render -> deploy -> outputs. */
import * as pulumi from "@pulumi/pulumi";
import { ActiveMqCluster } from "./components/cluster/cluster";
import { plan as planCluster } from "./components/cluster/plan";
import { render } from "./components/cluster/render";
import { runtimeIds, runtimesOf } from "./components/cluster/runtimes";
import { deployTarget } from "./components/hosts/target";
import { givenPassword } from "./components/postgresql/password";
import { fromPulumi } from "./config/fromPulumi";
import { parseConfig } from "./config/load";

const stack = pulumi.getStack();
const plan = planCluster(stack, parseConfig(`stack ${stack}`, fromPulumi()));
for (const warning of plan.warnings) void pulumi.log.warn(warning);

const databasePassword = givenPassword(plan.config);
const cluster = new ActiveMqCluster("activemq", {
  plan,
  services: render(plan, runtimeIds()),
  check: "node operate/amq.js allow",
  ...(databasePassword !== undefined && { databasePassword }),
  ...deployTarget(__dirname, plan, runtimesOf(plan)),
});

/** Flat names, because they are an API: downstream stacks read them through a StackReference. */
export = {
  outputsVersion: 1,
  failoverUrl: cluster.failoverUrl,
  ...prefixed("failoverUrl", cluster.groupFailoverUrls),
  ...(cluster.producerUrl && { producerUrl: cluster.producerUrl }),
  ...(cluster.consumerUrl && { consumerUrl: cluster.consumerUrl }),
  ...(cluster.zookeeperConnect && { zookeeperConnect: cluster.zookeeperConnect }),
  brokers: plan.groups.flatMap((group) =>
    group.brokers.map((broker) => `${broker.name}=${broker.address}:${broker.ports.openwire}`),
  ),
  ...prefixed("password", cluster.passwords),
};

function prefixed<T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}-${name}`, value]));
}
