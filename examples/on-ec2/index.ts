/** A downstream stack: reads what the cluster's stack says of itself, and runs a client with it. */
import * as pulumi from "@pulumi/pulumi";
import { ClientMachine } from "./clientMachine";

/** The version of the outputs that this program was written for. */
const OUTPUTS_VERSION = 1;

const config = new pulumi.Config();
const cluster = new pulumi.StackReference(config.require("cluster"));
const output = (name: string) => cluster.requireOutput(name) as pulumi.Output<string>;

/** Asked for with the first output that is used: nothing is made from outputs that mean something else. */
const vpcId = pulumi.all([cluster.requireOutput("outputsVersion"), output("vpcId")]).apply(([version, id]) => {
  if (version === OUTPUTS_VERSION) return id;
  throw new pulumi.RunError(
    `the cluster's outputs are of version ${String(version)}, this program knows ${OUTPUTS_VERSION}: see components/outputs.ts of its release`,
  );
});

const machine = new ClientMachine("client", {
  vpcId,
  subnetId: config.require("subnetId"),
  imageId: config.require("imageId"),
  jar: config.require("jar"),
  // What a client of the cluster needs, and nothing else: to be let in, and to read how.
  clientSecurityGroupId: output("clientSecurityGroupId"),
  clientPolicyArn: output("clientPolicyArn"),
  clientSecretArn: output("clientSecretArn"),
});

export = { instanceId: machine.instanceId };
