/** Where the clients of a drill run: here, or with EC2 played by a lab inside its VPC, as an application's instance would. */
import { createRequire } from "node:module";
import type * as Ec2LabModule from "../../lab/ec2/ec2Lab";
import { labDirectory, playsEc2 } from "../../lab/ec2/switch";
import { PROJECT_DIR } from "../project";
import type { ClusterPlan } from "../../components/cluster/model";
import { engineFor } from "../engines/engineFor";

export interface ClientPlace {
  /** Words that run a client there; absent when that is here. */
  readonly through?: readonly string[];
  readonly leave?: () => Promise<void>;
}

const load = createRequire(__filename);

/** @throws Error when another run works on the lab */
export async function clientPlace(plan: ClusterPlan, projectDir = PROJECT_DIR): Promise<ClientPlace> {
  if (plan.aws === undefined || !playsEc2()) return {};
  const { Ec2Lab } = load("../../lab/ec2/ec2Lab") as typeof Ec2LabModule;
  const place = load("../../lab/ec2/clientPlace") as typeof import("../../lab/ec2/clientPlace");
  const group = (await engineFor(projectDir, plan.stack).outputs())["clientSecurityGroupId"]?.value;
  /** The lab is held for a moment only: it may be changed while clients are in it. */
  const atWork = async <T>(work: (lab: Ec2LabModule.Ec2Lab) => Promise<T>) => {
    const lab = await Ec2Lab.open(labDirectory(projectDir), console.error);
    try {
      return await work(lab);
    } finally {
      lab.close();
    }
  };
  return {
    through: await atWork((lab) => place.openClientPlace(lab, String(group))),
    leave: () => atWork(place.closeClientPlace),
  };
}
