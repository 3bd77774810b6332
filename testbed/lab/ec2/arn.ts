import { ACCOUNT_ID } from "./account";

/** The name that AWS gives a thing of EC2, in the lab's account and region `lab`. */
export function arn(what: string, id: string): string {
  return `arn:aws:ec2:lab:${ACCOUNT_ID}:${what}/${id}`;
}
