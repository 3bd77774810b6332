/** What `amq` does not do on target aws, each with the reason and with what does it. */
import { SWITCH, playsEc2 } from "../engine/standIn/ec2Switch";
import type { ClusterPlan } from "../../core/plan/model";

/** The switch chooses the engine, and so the state: another target's stack that runs would not be found in it. */
function labRefusal({ config, stack }: ClusterPlan): string | undefined {
  if (config.target === "aws" || !playsEc2()) return undefined;
  return `${stack} was not touched: ${SWITCH} lets a lab play EC2, and ${stack} is of target ${config.target}. Take ${SWITCH} out of the environment, and run it again.`;
}

/** @param isStandIn as the engine says. @returns undefined when it may be brought up */
export function upRefusal(plan: ClusterPlan, isStandIn: boolean): string | undefined {
  const { config, stack } = plan;
  const wrongLab = labRefusal(plan);
  if (wrongLab !== undefined) return wrongLab;
  if (config.target !== "aws" || !isStandIn || playsEc2()) return undefined;
  return `${stack} was not brought up: target aws makes machines in an AWS account, which takes the pulumi CLI and an account to log in to. There is no pulumi on the PATH, and the stand-in engine makes nothing of AWS. \`amq plan ${stack}\` shows what would be made; with AMQ_LAB=ec2 in the environment a lab on this machine plays EC2 (Linux, as root).`;
}

/** @returns undefined when the stack may be taken down */
export function downRefusal(plan: ClusterPlan, keepData: boolean): string | undefined {
  const { aws, stack } = plan;
  const wrongLab = labRefusal(plan);
  if (wrongLab !== undefined) return wrongLab;
  if (aws === undefined || !keepData || aws.config.protect) return undefined;
  return `${stack} was not taken down: it is not protected (aws.protect), so that its data volumes would go with it. To keep them, write protect: true into the stack file, run \`amq up ${stack}\`, then \`amq down ${stack} --keep-data\` again.`;
}

/** @param volumes names of data volumes that would be deleted */
export function notYetProtected({ stack }: ClusterPlan, volumes: readonly string[]): string {
  return `${stack} was not taken down: ${volumes.join(", ")} would be deleted, because protect: true has not been brought up yet. Run \`amq up ${stack}\`, then \`amq down ${stack} --keep-data\` again.`;
}

/** What a protected stack leaves, and how that goes, too. */
export function keptVolumes({ stack }: ClusterPlan): string {
  return `the data volumes are protected and stay, tagged activemq-stack=${stack}: \`amq up ${stack}\` attaches them again. To delete them with all their messages: \`pulumi state unprotect --all --stack ${stack}\`, then \`amq down ${stack}\` again`;
}

/** @returns undefined when a host may be forgotten */
export function forgetRefusal(plan: ClusterPlan, host: string): string | undefined {
  const { config, stack } = plan;
  if (config.target !== "aws") return labRefusal(plan);
  return `${host} was not forgotten: on target aws a machine that is gone is simply made again, with its address and its data: run \`amq up ${stack}\` (or \`pulumi up --refresh --stack ${stack}\`). A host that shall go leaves the stack file, with its group.`;
}

/** @returns undefined when a drill can be run from here */
export function drillRefusal({ aws, stack }: ClusterPlan): string | undefined {
  if (aws === undefined || playsEc2()) return undefined;
  return `${stack} was not drilled: a drill connects as clients do, and the brokers' names (${aws.config.dnsZone}) are known in their VPC alone.`;
}
