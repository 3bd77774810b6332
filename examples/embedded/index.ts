/** Two clusters in one program, one account, two regions, without a stack file: what it would say are arguments. */
import { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { ActiveMqCluster, type ActiveMqClusterArgs } from "activemq-cluster";

/** What both have in common. Images are another one in each region, and pinned: a newer one never replaces a machine unasked. */
function cluster(region: string, imageId: string): ActiveMqClusterArgs {
  return {
    target: "aws",
    store: "replicatedLevelDB",
    groups: [{ name: "orders" }, { name: "payments" }],
    limits: { heapMiB: 2048, storeMiB: 20480 },
    aws: {
      region,
      zones: [`${region}a`, `${region}b`, `${region}c`],
      image: { id: imageId },
      instanceTypes: { broker: "m7g.large", zookeeper: "t4g.small" },
      login: { bastion: { cidrs: ["192.0.2.0/24"] } },
    },
  };
}

/** A provider of yours wins: here with an account of its own choosing, and tags for the bill. */
const frankfurt = new Provider("frankfurt", {
  region: "eu-central-1",
  defaultTags: { tags: { "cost-center": "messaging" } },
});
const europe = new ActiveMqCluster("europe", cluster("eu-central-1", "ami-0123456789abcdef0"), {
  providers: [frankfurt],
});

/** Without one, the cluster makes its own for its region. */
const america = new ActiveMqCluster("america", cluster("us-east-1", "ami-0fedcba9876543210"));

/** How each is told to its clients: the same outputs that a stack of the cluster's own project has. */
const told = ({ outputs }: ActiveMqCluster) => ({
  failoverUrl: outputs.failoverUrl,
  clientSecretArn: outputs.clientSecretArn,
  clientPolicyArn: outputs.clientPolicyArn,
  clientSecurityGroupId: outputs.clientSecurityGroupId,
});

export = { europe: pulumi.output(told(europe)), america: pulumi.output(told(america)) };
