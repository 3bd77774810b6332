/** A downstream stack without a cloud: sends three messages to the cluster of stack `local`, and receives them. */
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const cluster = new pulumi.StackReference(config.require("cluster"));
const url = cluster.requireOutput("failoverUrl") as pulumi.Output<string>;

const exchange = new command.local.Command("exchange", {
  create: `java -jar ${config.require("jar")} once example 3`,
  // The password comes on standard input: a command line is for everybody on the machine to read.
  stdin: pulumi.secret(pulumi.jsonStringify({ url, user: "app", password: cluster.requireOutput("password-app") })),
  addPreviousOutputInEnv: false,
  logging: "stderr",
});

export = { said: exchange.stdout };
