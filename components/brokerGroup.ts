import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Host } from "./host";
import { TYPES, resourceName } from "./resourceNames";
import { rollOut } from "./rollout";
import type { Service } from "../core/host/service";
import { REPLICATION_TOKEN, credentialsText } from "../core/plan/users";

export interface BrokerGroupArgs {
  /** The brokers' services, as rendered. */
  readonly services: readonly Service[];
  readonly hosts: ReadonlyMap<string, Host>;
  /** What must be done before a broker gets files; one that does not run yet is started then. */
  readonly after: readonly pulumi.Resource[];
  /** What must be done, too, before a broker that runs is touched. */
  readonly settleAfter: readonly pulumi.Resource[];
  /** Values of the credential keys that all groups share; the group adds its own. */
  readonly credentials: Readonly<Record<string, pulumi.Output<string>>>;
  readonly failoverUrl: string;
}

/** One group: a master and its slaves under one brokerName. */
export class BrokerGroup extends pulumi.ComponentResource {
  /** The group's client URL, known once the group has a master and every slave is in sync. */
  readonly failoverUrl: pulumi.Output<string>;
  /** Resources that wait for the group wait for these. */
  readonly ready: readonly pulumi.Resource[];
  /** Changes whenever a broker's files or credentials did. */
  readonly staged: pulumi.Output<string>;

  constructor(name: string, args: BrokerGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TYPES.group, name, {}, opts);
    // Of its own for each group, so that a broker of another group cannot attach as a slave and read the store.
    const token = new random.RandomPassword(
      resourceName("replicationToken", name),
      { length: 40, special: false },
      { parent: this },
    );
    const values = { ...args.credentials, [REPLICATION_TOKEN]: token.result };
    const needed = new Set(args.services.flatMap((service) => service.credentials));
    const credentials = pulumi
      .all(Object.fromEntries(Object.entries(values).filter(([key]) => needed.has(key))))
      .apply((known) => credentialsText(known));
    const { done, staged } = rollOut(name, { ...args, credentials: pulumi.secret(credentials) }, this);
    this.ready = done;
    this.staged = staged;
    this.failoverUrl = pulumi.all(done.map((visit) => visit.stdout)).apply(() => args.failoverUrl);
    this.registerOutputs({ failoverUrl: this.failoverUrl });
  }
}
