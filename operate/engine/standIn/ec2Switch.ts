/**
 * Who asks for the lab that plays EC2: nobody gets it by accident, or takes it for an account. And the one place below testbed/
 * that loads it, late, so that whoever does not ask for it never loads a line of it.
 */
import { createRequire } from "node:module";
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

const load = createRequire(__filename);
const LAB = "../../../testbed/lab/ec2";

/** The account that the lab keeps, as a file. Not import(): tsx/cjs leaves that to Node, which reads no TypeScript. */
export const ec2Account = () => ({
  ...(load(`${LAB}/account`) as typeof import("../../../testbed/lab/ec2/account")),
  ...(load(`${LAB}/folders`) as typeof import("../../../testbed/lab/ec2/folders")),
});
/** What plays EC2 for the engine. */
export const ec2Plays = () => load(`${LAB}/handlers`) as typeof import("../../../testbed/lab/ec2/handlers");
/** The lab itself, and the place of clients in it. */
export const ec2Clients = () => ({
  ...(load(`${LAB}/ec2Lab`) as typeof import("../../../testbed/lab/ec2/ec2Lab")),
  ...(load(`${LAB}/clientLocation`) as typeof import("../../../testbed/lab/ec2/clientLocation")),
});
