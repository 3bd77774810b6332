/** Who asks for the lab that plays EC2: nobody gets it by accident, or takes it for an account. */
import { join } from "node:path";

export const SWITCH = "AMQ_LAB";
const EC2 = "ec2";

/** @throws Error for a value that means nothing */
export function playsEc2(env: NodeJS.ProcessEnv = process.env): boolean {
  const value = env[SWITCH] ?? "";
  if (value === "" || value === EC2) return value === EC2;
  throw new Error(
    `${SWITCH}=${value} is not known. Allowed: ${SWITCH}=${EC2}, which lets a lab on this machine play EC2`,
  );
}

/** @param projectDir the folder of Pulumi.yaml */
export function labDirectory(projectDir: string): string {
  return join(projectDir, ".amq", "lab-ec2");
}
