/** How `amq` logs in to machines that the program made: addresses are in the plan, keys are outputs of the stack. */
import { BASTION } from "../../core/plan/aws/bastionName";
import { keyFile } from "../../core/host/openSsh";
import { EC2_USER, type SshAccess } from "../../core/host/ssh";
import type { StackOutput } from "../engine/engine";
import { PROJECT_DIR } from "../project";
import type { ClusterPlan } from "../../core/plan/model";
import { engineFor } from "../engine/engineFor";

type Outputs = Readonly<Record<string, StackOutput>>;

/** Asked once for each stack: a question to the engine takes seconds, and every host is asked many. */
const outputsOf = new Map<string, Promise<Outputs>>();

/** @returns how to log in to a host; undefined when the stack has not been brought up */
export async function awsAccess(plan: ClusterPlan, host: string): Promise<SshAccess | undefined> {
  const known = outputsOf.get(plan.stack) ?? engineFor(PROJECT_DIR, plan.stack).outputs();
  outputsOf.set(plan.stack, known);
  return accessFrom(plan, host, await known);
}

/** Takes a stack's outputs from a copy of the project, where that one was brought up. */
export function takeOutputsFrom(projectDir: string, stack: string): void {
  outputsOf.set(stack, engineFor(projectDir, stack).outputs());
}

/** Outputs are another stack's after a change. */
export function forgetOutputs(): void {
  outputsOf.clear();
}

/** What a stack's outputs say about logging in to a host of its plan; undefined when they say nothing of it. */
export function accessFrom(plan: ClusterPlan, host: string, outputs: Outputs): SshAccess | undefined {
  const machine = plan.aws?.machines.find((candidate) => candidate.host === host);
  const hostKeys = (outputs["sshHostKeys"]?.value ?? {}) as Readonly<Record<string, string>>;
  const hostKey = hostKeys[host];
  if (plan.aws === undefined || machine === undefined || hostKey === undefined) return undefined;
  const generated = outputs["sshPrivateKey"]?.value;
  const privateKeyFile = typeof generated === "string" ? keyFile(generated) : plan.aws.config.login.privateKeyFile;
  const bastion = outputs["bastionAddress"]?.value;
  const bastionKey = hostKeys[BASTION];
  return {
    address: machine.address,
    port: 22,
    user: EC2_USER,
    hostKey,
    ...(privateKeyFile !== undefined && { privateKeyFile }),
    ...(typeof bastion === "string" && {
      bastion: { address: bastion, port: 22, user: EC2_USER, ...(bastionKey !== undefined && { hostKey: bastionKey }) },
    }),
  };
}
