/** Two clusters in one program, one account, two regions, without a stack file: what it would say are arguments. */
import * as ec2 from "@pulumi/aws/ec2";
import { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { ActiveMqCluster, type ActiveMqClusterArgs, type AwsArgs } from "activemq-cluster";

/** What both have in common. Images are another one in each region, and pinned: a newer one never replaces a machine unasked. */
function cluster(region: string, imageId: string, more: Pick<AwsArgs, "login" | "network">): ActiveMqClusterArgs {
  return {
    target: "aws",
    store: "replicatedLevelDB",
    groups: [{ name: "orders" }, { name: "payments" }],
    limits: { heapMiB: 2048, storeMiB: 20480 },
    aws: {
      region,
      zones: zonesOf(region),
      image: { id: imageId },
      instanceTypes: { broker: "m7g.large", zookeeper: "t4g.small" },
      ...more,
    },
  };
}

const zonesOf = (region: string) => ["a", "b", "c"].map((letter) => `${region}${letter}`);

/** A provider of yours wins: here with an account of its own choosing, and tags for the bill. */
const frankfurt = new Provider("frankfurt", {
  region: "eu-central-1",
  defaultTags: { tags: { "cost-center": "messaging" } },
});
const europe = new ActiveMqCluster(
  "europe",
  cluster("eu-central-1", "ami-0123456789abcdef0", { login: { bastion: { cidrs: ["192.0.2.0/24"] } } }),
  { providers: [frankfurt] },
);

/** A network of your own: ids may be outputs of your resources, while zones and addresses, which decide, are plain values. */
const virginia = { provider: new Provider("virginia", { region: "us-east-1" }) };
const vpc = new ec2.Vpc("apps", { cidrBlock: "10.60.0.0/16", enableDnsHostnames: true }, virginia);
const routes = new ec2.RouteTable("apps", { vpcId: vpc.id }, virginia);
const subnets = zonesOf("us-east-1").map((zone, i) => {
  const cidr = `10.60.${i}.0/24`;
  const subnet = new ec2.Subnet(`apps-${zone}`, { vpcId: vpc.id, availabilityZone: zone, cidrBlock: cidr }, virginia);
  new ec2.RouteTableAssociation(`apps-${zone}`, { subnetId: subnet.id, routeTableId: routes.id }, virginia);
  return { zone, cidr, id: subnet.id };
});

/** Without a provider of yours, the cluster makes its own for its region. */
const america = new ActiveMqCluster(
  "america",
  cluster("us-east-1", "ami-0fedcba9876543210", {
    // As from a VPN that reaches the VPC; this one needs no bastion.
    login: { cidrs: ["10.8.0.0/16"] },
    network: { vpcId: vpc.id, subnets, routeTableIds: [routes.id] },
  }),
);

/** How each is told to its clients: the same outputs that a stack of the cluster's own project has. */
const told = ({ outputs }: ActiveMqCluster) => ({
  failoverUrl: outputs.failoverUrl,
  clientSecretArn: outputs.clientSecretArn,
  clientPolicyArn: outputs.clientPolicyArn,
  clientSecurityGroupId: outputs.clientSecurityGroupId,
});

export = { europe: pulumi.output(told(europe)), america: pulumi.output(told(america)) };
