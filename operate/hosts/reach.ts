/** Whether a host is still there, as far as this machine can tell. */
import { shellQuote } from "../../core/util/shell";
import { machineDirectory, throughSettings } from "../../core/host/ssh";
import type { StateHost } from "../engine/hostsInState";
import { type HostAnswer, NOT_SET_UP, UNREACHABLE, onAccess, onHost } from "./askHost";
import type { ClusterPlan } from "../../core/plan/model";

export type Reach =
  /** It answers, and these services of the stack are on it. */
  | { readonly kind: "there"; readonly services: readonly string[] }
  /** It answers, and nothing of the stack is on it. */
  | { readonly kind: "empty" }
  /** Nobody answers at its address. */
  | { readonly kind: "gone"; readonly reason: string }
  /** Something is at its address, and cannot be asked. */
  | { readonly kind: "unsure"; readonly reason: string };

/** Asks a host where and how the state says it was reached, so that one that left the stack file can be asked, too. */
export async function reach(plan: ClusterPlan, { name, login }: StateHost): Promise<Reach> {
  if (plan.config.target === "aws") {
    return reachOf(await onHost(plan, name, ["list"]), plan.aws?.bastion !== undefined);
  }
  if (login === undefined) {
    // No command was ever carried out there.
    if (plan.config.target !== "local") return { kind: "empty" };
    return reachOf(await onHost(plan, name, ["list"]), false);
  }
  const access = throughSettings(plan.config, login);
  const script = shellQuote(`${machineDirectory(plan)}/bin/amq-host`);
  const answer = await onAccess(access, `[ -x ${script} ] || exit ${NOT_SET_UP}; exec ${script} list`);
  return reachOf(answer, access.bastion !== undefined);
}

/** What ssh says where nobody answers; "connection refused" is an answer. */
const NOBODY = /timed out|No route to host|Network is unreachable|Host is down|Could not resolve|not known/;

/** Pure. @param behindBastion whether another machine is asked first: only what that one says about the host counts */
export function reachOf({ code, stdout, stderr }: HostAnswer, behindBastion: boolean): Reach {
  const services = stdout.split("\n").filter(Boolean);
  if (code === NOT_SET_UP || (code === 0 && services.length === 0)) return { kind: "empty" };
  if (code === 0) return { kind: "there", services };
  const lines = stderr.split("\n").filter((line) => line !== "");
  const forwarded = lines.filter((line) => line.includes("open failed"));
  // Of another key than the one in the stack file ssh says nine lines, this one with the address.
  const telling = lines.find((line) => line.startsWith("Host key for ")) ?? forwarded[0] ?? lines[0];
  const reason = telling ?? `exit code ${code}`;
  const words = behindBastion ? forwarded.join("\n") : stderr;
  return code === UNREACHABLE && NOBODY.test(words) ? { kind: "gone", reason } : { kind: "unsure", reason };
}

/**
 * What to know about hosts that do not answer, for the error of a run that failed; empty when all answer.
 * @param verb the command that is to be run again
 */
export async function absentHosts(plan: ClusterPlan, hosts: readonly StateHost[], verb: string): Promise<string> {
  if (plan.config.target === "local") return "";
  const answers = await Promise.all(hosts.map(async (host) => ({ name: host.name, found: await reach(plan, host) })));
  return answers
    .flatMap(({ name, found }) => {
      if (found.kind === "there" || found.kind === "empty") return [];
      const what =
        found.kind === "gone"
          ? `${name} does not answer (${found.reason}): switch it on`
          : `${name} cannot be asked (${found.reason}): see to it that amq can log in there`;
      const again = `${what}, then run npx amq ${verb} ${plan.stack} again.`;
      // On target aws that makes another machine, or finds that there is nothing to remove.
      if (plan.config.target === "aws") return [`${again} If its machine is gone, do just that.`];
      return [`${again} If it is gone for good, npx amq forget ${plan.stack} ${name} first.`];
    })
    .join("\n");
}
