/** `amq forget`: a host that is gone for good leaves the engine's state, where its removal would be tried in vain. */
import { nearest } from "../../core/util/suggest";
import { forgetRefusal } from "../up/awsRefusals";
import type { StateHost } from "../engine/hostsInState";
import { PROJECT_DIR, loadPlan } from "../project";
import { type Reach, reach } from "../hosts/reach";
import type { ClusterPlan } from "../../core/plan/model";
import { engineFor } from "../engine/engineFor";

export interface ForgetOptions {
  readonly json?: boolean;
  /** Forgets it although it may still be there. */
  readonly force?: boolean;
}

/**
 * Takes everything on a host out of the state; nothing is run on it.
 * @returns the exit code: 0 when it is forgotten
 * @throws Error saying why it was refused; then nothing was changed
 * @throws ConfigError for a faulty stack file
 */
export async function forget(stack: string, name: string, options: ForgetOptions): Promise<number> {
  const plan = loadPlan(stack);
  const refused = forgetRefusal(plan, name);
  if (refused !== undefined) throw new Error(refused);
  const engine = engineFor(PROJECT_DIR, stack);
  const known = await engine.hosts();
  const host = known.find((candidate) => candidate.name === name);
  if (host === undefined) throw new Error(nothingOf(plan, name, known));
  const reason = options.force === true ? undefined : await reasonToRefuse(plan, host, known);
  if (reason !== undefined) {
    throw new Error(
      `${name} was not forgotten, nothing was changed: ${reason}\nTo forget it all the same: npx amq forget ${stack} ${name} --force`,
    );
  }
  const forgotten = await engine.forget(name);
  if (options.json === true) console.log(JSON.stringify({ stack, host: name, forgotten }));
  else console.log(inWords(plan, name, forgotten.length));
  return 0;
}

async function reasonToRefuse(
  plan: ClusterPlan,
  host: StateHost,
  known: readonly StateHost[],
): Promise<string | undefined> {
  const [found, ...others] = await Promise.all(
    [host, ...known.filter(({ name }) => name !== host.name)].map((one) => reach(plan, one)),
  );
  return found === undefined ? undefined : refusal(plan, host.name, found, others);
}

/** Why a host that was found so must not be forgotten; undefined when it may be. Pure. @param others how its neighbours were found */
export function refusal(plan: ClusterPlan, host: string, found: Reach, others: readonly Reach[]): string | undefined {
  switch (found.kind) {
    case "there":
      return `it answers, and ${found.services.join(", ")} would go on there with nobody to stop or change them. Remove the host from the stack file and run npx amq up ${plan.stack}, or npx amq down ${plan.stack}: both stop what is on it.`;
    case "unsure":
      return `something is at its address, and may serve, but cannot be asked (${found.reason}).`;
    case "gone":
      // Then it is rather this machine that has left.
      return others.length > 0 && others.every(({ kind }) => kind === "gone")
        ? `no host of ${plan.stack} answers (${found.reason}): is it the network of this machine?`
        : undefined;
    case "empty":
      return undefined;
    default:
      return found satisfies never;
  }
}

function nothingOf(plan: ClusterPlan, name: string, known: readonly StateHost[]): string {
  const names = known.map((host) => host.name);
  if (names.length === 0) return `nothing of ${plan.stack} is in the state: there is nothing to forget`;
  const meant = nearest(name, names);
  const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
  return `nothing of a host ${name} is in the state of ${plan.stack}.${hint} Hosts there: ${names.join(", ")}`;
}

function inWords(plan: ClusterPlan, host: string, count: number): string {
  const planned = plan.hosts.some(({ name }) => name === host);
  return [
    `${host} is forgotten: ${count} resources left the state, nothing was run on it`,
    planned
      ? `it is in the stack file: npx amq up ${plan.stack} sets up the machine of that name anew; for another one write its address and count up its generation first`
      : `npx amq up ${plan.stack} goes on without it`,
    `should the old machine come back, its services start by themselves: wipe it before it is plugged in`,
  ].join("\n");
}
