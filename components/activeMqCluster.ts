/** The cluster as other programs use it: what a stack file says, as arguments. */
import * as pulumi from "@pulumi/pulumi";
import { relative, join } from "node:path";
import { parseConfig } from "../core/load/parseConfig";
import { deploymentOf } from "./deployment";
import { shellQuote } from "../core/util/shell";
import type { ActiveMqClusterArgs } from "./args";
import { PlannedCluster } from "./plannedCluster";
import { nameFaults, throwFaults } from "./clusterName";
import { PendingInputs } from "./pendingInputs";
import type { StackOutputs } from "./outputs";
import { plan as planCluster } from "../core/plan/plan";
import type { ClusterPlan } from "../core/plan/model";

/**
 * ActiveMQ with high availability and load balancing: groups of brokers, the ensemble that elects their masters, the bridges
 * between them, and with target aws the machines and the network that they run on.
 *
 * Options reach everything below it: `transforms`, `protect`, and the `providers` of `aws`, `command`, `random` and `tls`. Without a
 * provider of aws it makes one for `aws.region`.
 */
export class ActiveMqCluster extends PlannedCluster {
  /** The same that a stack of this project puts out, target by target. */
  readonly outputs: StackOutputs;

  /**
   * @param name a letter, then letters, digits and hyphens. Resources' names begin with it; on hosts and in tags the cluster is
   *   called `<stack>-<name>`, so that several live in one program, account or machine.
   * @throws ConfigError with every fault of the arguments, before anything is registered
   * @throws Error when this machine lacks what reaching the hosts takes
   */
  constructor(name: string, args: ActiveMqClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const pendingInputs = new PendingInputs();
    const plan = planOf(name, args, pendingInputs);
    const deployment = deploymentOf(plan, { projectDir: process.cwd(), check: CHECK, resolve: pendingInputs.resolve });
    // First: what its user transforms has the ids themselves.
    super(name, deployment.args, {
      ...opts,
      transformations: [pendingInputs.transformation, ...(opts?.transformations ?? [])],
    });
    this.outputs = deployment.outputs(this);
  }
}

/** By its place below the program's folder, where the check runs: an absolute path would be another one on the next machine. */
const CHECK = `node ${shellQuote(relative(process.cwd(), join(__dirname, "../operate/change/embedded.js")))}`;

function planOf(name: string, args: ActiveMqClusterArgs, pendingInputs: PendingInputs): ClusterPlan {
  const source = `ActiveMqCluster ${name}`;
  throwFaults(source, nameFaults(name));
  // As the engine would deliver them from a stack file.
  const raw = Object.entries(args).flatMap(([key, value]: [string, unknown]) => {
    const plain = pendingInputs.plain(value, key);
    return value === undefined ? [] : [[key, typeof plain === "string" ? plain : JSON.stringify(plain)] as const];
  });
  throwFaults(source, pendingInputs.faults);
  return planCluster(`${pulumi.getStack()}-${name}`, parseConfig(source, Object.fromEntries(raw)));
}
