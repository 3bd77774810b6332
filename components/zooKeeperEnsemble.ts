import * as pulumi from "@pulumi/pulumi";
import type { Host } from "./host";
import { TYPES } from "./resourceNames";
import { type RolloutArgs, rollOut } from "./rollout";
import type { Service } from "../core/host/service";

export interface ZooKeeperEnsembleArgs {
  /** The members' services, as rendered. */
  readonly services: readonly Service[];
  readonly hosts: ReadonlyMap<string, Host>;
  /** What must be done before a member is touched. */
  readonly after: readonly pulumi.Resource[];
  /** Waits, after a member's visit, for those who need the ensemble to be well again. */
  readonly between: NonNullable<RolloutArgs["between"]>;
  /** `address:port,...` */
  readonly connect: string;
}

/** The ZooKeeper ensemble that elects the masters. */
export class ZooKeeperEnsemble extends pulumi.ComponentResource {
  /** `address:port,...`, known once every member is leader or follower. */
  readonly connect: pulumi.Output<string>;
  /** Resources that whoever needs a quorum waits for. */
  readonly ready: readonly pulumi.Resource[];
  /** Members have their files, and run, unless they run another version: enough to start beside them. */
  readonly staged: readonly pulumi.Resource[];

  constructor(name: string, args: ZooKeeperEnsembleArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TYPES.ensemble, name, {}, opts);
    const { stages, done } = rollOut(name, args, this);
    this.staged = stages;
    this.ready = done;
    this.connect = pulumi.all(done.map((visit) => visit.stdout)).apply(() => args.connect);
    this.registerOutputs({ connect: this.connect });
  }
}
