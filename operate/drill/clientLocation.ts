/** Where the clients of a drill run: here, or with EC2 played by a lab inside its VPC, as an application's instance would. */
import { ec2Clients, labDirectory, playsEc2 } from "../engine/standIn/ec2Switch";
import { PROJECT_DIR } from "../project";
import type { ClusterPlan } from "../../core/plan/model";
import { engineFor } from "../engine/engineFor";

export interface ClientLocation {
  /** Words that run a client there; absent when that is here. */
  readonly through?: readonly string[];
  readonly leave?: () => Promise<void>;
}

/** @throws Error when another run works on the lab */
export async function clientLocationFor(plan: ClusterPlan, projectDir = PROJECT_DIR): Promise<ClientLocation> {
  if (plan.aws === undefined || !playsEc2()) return {};
  const { Ec2Lab, openClientLocation, closeClientLocation } = ec2Clients();
  const group = (await engineFor(projectDir, plan.stack).outputs())["clientSecurityGroupId"]?.value;
  /** The lab is held for a moment only: it may be changed while clients are in it. */
  const atWork = async <T>(work: (lab: Parameters<typeof openClientLocation>[0]) => Promise<T>) => {
    const lab = await Ec2Lab.open(labDirectory(projectDir), console.error);
    try {
      return await work(lab);
    } finally {
      lab.close();
    }
  };
  return {
    through: await atWork((lab) => openClientLocation(lab, String(group))),
    leave: () => atWork(closeClientLocation),
  };
}
