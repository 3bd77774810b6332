/** Who the clients of a drill log in as. */
import type { Account } from "./client";
import type { ClusterPlan } from "../../core/plan/model";
import { engineFor } from "../engine/engineFor";

export interface Accounts {
  readonly account: Account;
  /** Undefined when the stack has no admin. */
  readonly admin: Account | undefined;
}

/**
 * The stack's own application and admin users, with the passwords from its outputs.
 * @param projectDir the folder of Pulumi.yaml
 * @throws Error when there is no application user to log in as
 */
export async function accountsOf(projectDir: string, plan: ClusterPlan): Promise<Accounts> {
  const outputs = await engineFor(projectDir, plan.stack).outputs();
  const of = (role: "application" | "admin"): Account | undefined => {
    const user = plan.config.users.find((candidate) => candidate.role === role)?.name;
    const password = outputs[`password-${user ?? ""}`]?.value;
    return user === undefined || typeof password !== "string" ? undefined : { user, password };
  };
  const account = of("application");
  if (account === undefined)
    throw new Error(`stack ${plan.stack} has no user with role application, or no password for it in its outputs`);
  return { account, admin: of("admin") };
}
