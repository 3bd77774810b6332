import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import type { AwsConfig } from "../../config/awsSchema";
import { named, type Tags } from "./tags";

/** Days in which a deleted secret of a protected stack can be had back. */
const RECOVERY_DAYS = 30;

export interface SecretsManagerSecretArgs {
  readonly description: string;
  /** What the `Name` tag ends in. */
  readonly label: string;
  readonly config: AwsConfig;
  /** JSON; need not be secret yet. */
  readonly text: pulumi.Output<string>;
  readonly tags: Tags;
}

/** A secret in Secrets Manager with what it says. @returns its ARN */
export function secretsManagerSecret(
  name: string,
  args: SecretsManagerSecretArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { config, tags } = args;
  const { kmsKeyArn } = config.volumes;
  const secret = new secretsmanager.Secret(
    name,
    {
      description: args.description,
      recoveryWindowInDays: config.protect ? RECOVERY_DAYS : 0,
      ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
      tags: named(tags, args.label),
    },
    { parent },
  );
  new secretsmanager.SecretVersion(name, { secretId: secret.id, secretString: pulumi.secret(args.text) }, { parent });
  return secret.arn;
}
