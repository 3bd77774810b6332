import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { AwsConfig } from "../../config/awsSchema";
import { USER_ROLES } from "../../config/schema";
import { namedTransportUrls } from "../../core/plan/clientUrls";
import type { AwsOutputs } from "../outputs";
import { secretsManagerSecret } from "./secretsManagerSecret";
import { secretReaderPolicy } from "./policies";
import { named, type Tags } from "./tags";
import type { ClusterPlan } from "../../core/plan/model";

export interface ClientSecretsArgs {
  readonly plan: ClusterPlan;
  readonly config: AwsConfig;
  /** By user name; secret. */
  readonly passwords: Readonly<Record<string, pulumi.Output<string>>>;
  /** Known once the cluster serves: nobody is told where to connect before. */
  readonly ready: pulumi.Output<string>;
  readonly tags: Tags;
}

/** What each user needs to connect, in Secrets Manager, and a policy for each role that lets its bearer read it. */
export class ClientSecrets extends pulumi.ComponentResource {
  readonly outputs: Pick<
    AwsOutputs,
    "clientSecretArn" | "clientPolicyArn" | "adminSecretArn" | "adminPolicyArn" | `secretArn-${string}`
  >;

  constructor(name: string, args: ClientSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("activemq:index:ClientSecrets", name, {}, opts);
    const { plan, config } = args;
    const secrets = plan.config.users.map((user) => ({ ...user, arn: this.createSecret(name, user.name, args) }));
    const outputs: Record<string, pulumi.Output<string>> = Object.fromEntries(
      secrets.map((user) => [`secretArn-${user.name}`, user.arn]),
    );
    for (const role of USER_ROLES) {
      const arns = secrets.filter((user) => user.role === role).map(({ arn }) => arn);
      const [first] = arns;
      if (first === undefined) continue;
      const prefix = role === "application" ? "client" : role;
      const policy = new iam.Policy(
        `${name}-${prefix}`,
        {
          description: `Reads how to connect as ${role} to the brokers of ${plan.stack}`,
          path: config.iam.path,
          policy: pulumi.all(arns).apply((known) => secretReaderPolicy(known, config.volumes.kmsKeyArn)),
          tags: named(args.tags, `${prefix}-credentials`),
        },
        { parent: this },
      );
      outputs[`${prefix}SecretArn`] = first;
      outputs[`${prefix}PolicyArn`] = policy.arn;
    }
    this.outputs = outputs;
    this.registerOutputs({});
  }

  private createSecret(name: string, user: string, args: ClientSecretsArgs): pulumi.Output<string> {
    const { plan, config, passwords, ready, tags } = args;
    const { producers, consumers } = plan.urls;
    const text = pulumi.all([ready, passwords[user] ?? ""]).apply(([url, password]) =>
      JSON.stringify({
        url,
        ...(producers !== undefined && { producerUrl: producers }),
        ...(consumers !== undefined && { consumerUrl: consumers }),
        ...namedTransportUrls(plan.urls),
        user,
        password,
      }),
    );
    const description = `How to connect as ${user} to the brokers of ${plan.stack}`;
    return secretsManagerSecret(
      `${name}-${user}`,
      { description, label: `credentials-${user}`, config, text, tags },
      this,
    );
  }
}
