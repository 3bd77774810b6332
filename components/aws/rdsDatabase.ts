import * as rds from "@pulumi/aws/rds";
import * as pulumi from "@pulumi/pulumi";
import type { AwsConfig } from "../../config/awsSchema";
import { placeholder } from "../../core/plan/users";
import { secretsManagerSecret } from "./secretsManagerSecret";
import { named, type Tags } from "./tags";
import { DATABASE_ADDRESS, DATABASE_NAME, type PlannedDatabase } from "../../core/plan/database";
import type { PlannedRds } from "../../core/plan/aws/rds";

export interface RdsDatabaseArgs {
  readonly plan: PlannedDatabase & { readonly rds: PlannedRds };
  readonly stack: string;
  readonly config: AwsConfig;
  /** A private subnet of each zone. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Lets the brokers in, and nobody else. */
  readonly securityGroupId: pulumi.Input<string>;
  readonly password: pulumi.Output<string>;
  /** Another text for every deployment: the last snapshot is named after it. */
  readonly deployment: pulumi.Output<string>;
  readonly tags: Tags;
}

/** The authority of AWS that signs the server's certificate; all of the region's are believed, so it can be changed. */
const AUTHORITY = "rds-ca-rsa2048-g1";

/** An RDS for PostgreSQL that brokers keep their messages in, and a secret that says how to log in to it. */
export class RdsDatabase extends pulumi.ComponentResource {
  /** Its endpoint, without the port: the name stays when a standby takes over. */
  readonly address: pulumi.Output<string>;
  readonly secretArn: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: RdsDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("activemq:index:RdsDatabase", name, {}, opts);
    const instance = this.createInstance(name, args);
    this.address = instance.address;
    this.ready = [instance];
    const { plan, config, password, tags } = args;
    this.secretArn = secretsManagerSecret(
      `${name}-credentials`,
      {
        description: `The database of the brokers of ${args.stack}`,
        label: "credentials-database",
        config,
        text: pulumi.all([instance.address, password]).apply(([address, known]) =>
          JSON.stringify({
            url: plan.url.replace(placeholder(DATABASE_ADDRESS), address),
            user: plan.user,
            password: known,
          }),
        ),
        tags,
      },
      this,
    );
    this.registerOutputs({ address: this.address });
  }

  private createInstance(name: string, args: RdsDatabaseArgs): rds.Instance {
    const { config, tags, plan } = args;
    const { rds: planned } = plan;
    const { kmsKeyArn } = config.volumes;
    const parent = { parent: this };
    const namePrefix = prefixOf(name);
    const subnets = new rds.SubnetGroup(
      `${name}-subnets`,
      {
        namePrefix,
        description: "Private subnets of the brokers",
        subnetIds: [...args.subnetIds],
        tags: named(tags, "database"),
      },
      parent,
    );
    const parameters = new rds.ParameterGroup(
      `${name}-postgres${planned.major}`,
      {
        namePrefix,
        description: "Encrypted connections only",
        family: `postgres${planned.major}`,
        // It is a static one in some versions, which AWS refuses to set at once. A server that is made begins with it.
        parameters: [{ name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" }],
        tags: named(tags, "database"),
      },
      parent,
    );
    return new rds.Instance(
      `${name}-instance`,
      {
        identifierPrefix: namePrefix,
        engine: "postgres",
        engineVersion: planned.engineVersion,
        autoMinorVersionUpgrade: planned.keptNew,
        // The plan refuses an older one; a newer one was written down.
        allowMajorVersionUpgrade: true,
        instanceClass: planned.instanceClass,
        multiAz: planned.multiZone,
        storageType: "gp3",
        allocatedStorage: planned.storageGiB,
        ...(planned.maxStorageGiB !== undefined && { maxAllocatedStorage: planned.maxStorageGiB }),
        storageEncrypted: true,
        ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
        dbName: DATABASE_NAME,
        username: plan.user,
        password: pulumi.secret(args.password),
        port: planned.port,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [args.securityGroupId],
        publiclyAccessible: false,
        parameterGroupName: parameters.name,
        caCertIdentifier: AUTHORITY,
        backupRetentionPeriod: planned.backupDays,
        copyTagsToSnapshot: true,
        deletionProtection: planned.protect,
        skipFinalSnapshot: !planned.finalSnapshot,
        ...(planned.finalSnapshot && { finalSnapshotIdentifier: pulumi.interpolate`${args.deployment}-last` }),
        // What `up` says is done when it ends, not in the next maintenance window.
        applyImmediately: true,
        tags: named(tags, "database"),
      },
      { parent: this, protect: planned.protect },
    );
  }
}

/** AWS adds 26 characters to it, and takes small letters, digits and single hyphens: at most 63, at the end no hyphen. */
function prefixOf(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return `${plain.slice(0, 35).replace(/-$/, "")}-`;
}
