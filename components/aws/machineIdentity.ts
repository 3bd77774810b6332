import * as iam from "@pulumi/aws/iam";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { roleName } from "../../core/plan/aws/names";
import { machinePolicy, machineTrust } from "./policies";
import { named, type Tags } from "./tags";
import type { ArtefactBucket } from "./artefacts";
import { hostKeyObject } from "../../core/render/host/userData";

export interface MachineIdentityArgs {
  /** The machine's short name. */
  readonly machine: string;
  readonly region: string;
  readonly artefacts: ArtefactBucket;
  readonly iam: { readonly path: string; readonly permissionsBoundary?: string | undefined };
  readonly tags: Tags;
}

/** Who a machine is: its SSH host key, known before it boots, and a role that can read that key and the runtimes. */
export class MachineIdentity extends pulumi.ComponentResource {
  /** The public host key, as `ssh-ed25519 AAAA...`. */
  readonly hostKey: pulumi.Output<string>;
  readonly instanceProfile: pulumi.Output<string>;
  /** What must be there before the machine boots. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: MachineIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("activemq:index:MachineIdentity", name, {}, opts);
    const { machine, region, artefacts, tags } = args;
    const parent = { parent: this };
    const key = new tls.PrivateKey(`${name}-host-key`, { algorithm: "ED25519" }, parent);
    const object = new s3.BucketObjectv2(
      `${name}-host-key`,
      {
        bucket: artefacts.bucket,
        key: hostKeyObject(machine),
        content: pulumi.secret(key.privateKeyOpenssh),
        tags: named(tags, machine),
      },
      parent,
    );
    const role = new iam.Role(
      roleName(`${name}-role`),
      {
        assumeRolePolicy: machineTrust(region),
        path: args.iam.path,
        ...(args.iam.permissionsBoundary !== undefined && { permissionsBoundary: args.iam.permissionsBoundary }),
        tags: named(tags, machine),
      },
      parent,
    );
    const policy = new iam.RolePolicy(
      `${name}-policy`,
      { role: role.id, policy: artefacts.arn.apply((arn) => machinePolicy(arn, machine)) },
      parent,
    );
    const profile = new iam.InstanceProfile(
      `${name}-profile`,
      { role: role.name, path: args.iam.path, tags: named(tags, machine) },
      parent,
    );
    this.hostKey = key.publicKeyOpenssh.apply((text) => text.trim());
    this.instanceProfile = profile.name;
    this.ready = [object, policy, profile];
    this.registerOutputs({ hostKey: this.hostKey });
  }
}
