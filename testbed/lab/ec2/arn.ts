import { ACCOUNT_ID } from "./account";

export function arn(what: string, id: string): string {
  return `arn:aws:ec2:lab:${ACCOUNT_ID}:${what}/${id}`;
}
