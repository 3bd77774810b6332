/** Machines that are replaced one after the other: in which order, and whether the cluster can lose one. Pure. */
import { replacementChains } from "../../core/change/replacementOrder";
import type { Fault } from "../../config/faults";
import { unhealthy, unknownServices } from "../drain/drainRules";
import type { Observed } from "../status/status";
import type { ClusterPlan } from "../../core/plan/model";

type Seen = Pick<Observed, "facts">;

export interface ReplacementContext {
  /** Hosts whose machines go first. */
  readonly order: readonly string[];
  /** Hosts whose machines run, as far as anybody knows: what could not be asked there may serve. */
  readonly running: ReadonlySet<string>;
}

/** All hosts: first those that lack something, which nobody misses, then slaves and followers, at the end masters and leaders. */
export function replacementOrder(plan: ClusterPlan, seen: Seen): string[] {
  const missing = new Set(unhealthy(seen));
  const services = [...seen.facts.groups.flatMap(({ brokers }) => brokers), ...seen.facts.ensemble];
  const primary = new Set(
    services.filter(({ role }) => role === "master" || role === "leader").map(({ name }) => name),
  );
  const rank = ({ services: here }: ClusterPlan["hosts"][number]) => {
    if (here.some((name) => missing.has(name))) return 0;
    return here.some((name) => primary.has(name)) ? 2 : 1;
  };
  return [...plan.hosts].sort((a, b) => rank(a) - rank(b)).map(({ name }) => name);
}

/**
 * Why machines must not be replaced now: another one would be away beside the first. A host that lacks something and goes
 * first is what the change may be there to mend.
 */
export function replacementFaults(
  plan: ClusterPlan,
  changed: readonly string[],
  seen: Pick<Observed, "facts" | "silent">,
  { order, running }: ReplacementContext,
): Fault[] {
  const missing = new Set(unhealthy(seen));
  const unasked = new Set(unknownServices(seen));
  const lacking = (host: string) =>
    plan.hosts.find(({ name }) => name === host)?.services.filter((name) => missing.has(name)) ?? [];
  const chains = replacementChains(plan, order);
  const [ensemble] = chains.filter(({ first }) => first);
  return chains
    .filter(({ hosts }) => hosts.some((host) => changed.includes(host)))
    .flatMap((chain): Fault[] => {
      // A member that is away leaves no room for a broker that is.
      const beside = chain === ensemble ? [] : (ensemble?.hosts ?? []).filter((host) => !changed.includes(host));
      // Of a group that is down as a whole nothing can be disturbed; of one that cannot be asked, nobody knows.
      if (chain.hosts.every((host) => lacking(host).length > 0)) {
        const unknown = chain.hosts.filter((host) => running.has(host) && lacking(host).some((name) => unasked.has(name))); // prettier-ignore
        return unknown.length === 0 ? [] : [cannotBeAsked(plan, chain.hosts.filter((host) => changed.includes(host)), unknown, reasonOf(plan, seen, unknown))]; // prettier-ignore
      }
      const lame = [...beside, ...chain.hosts].filter((host) => lacking(host).length > 0);
      if (lame.length === 0 || (lame.length === 1 && lame[0] === chain.hosts[0])) return [];
      const services = lame.flatMap(lacking).join(", ");
      return [
        {
          path: "aws",
          problem: `The machines ${chain.hosts.filter((host) => changed.includes(host)).join(", ")} would be replaced one after the other, and ${services} ${lame.length === 1 ? "is" : "are"} missing already: with another one away nobody might serve.`,
          allowed: "a cluster that is whole; or one host that lacks something and goes first, as `amq up` has it",
          fix: `\`amq status ${plan.stack}\` says what is missing: repair it, then run up again`,
        },
      ];
    });
}

/** Why the first one cannot be asked. */
function reasonOf(plan: ClusterPlan, { silent }: Pick<Observed, "silent">, [host]: readonly string[]): string {
  const services = plan.hosts.find(({ name }) => name === host)?.services ?? [];
  return services.map((name) => silent.get(name)).find((said) => said !== undefined && said !== "") ?? "no answer";
}

function cannotBeAsked(
  { stack }: ClusterPlan,
  changed: readonly string[],
  unknown: readonly string[],
  reason: string,
): Fault {
  return {
    path: "aws",
    problem: `The machines ${changed.join(", ")} would be replaced one after the other, and nobody can say whether they serve: ${unknown.join(", ")} cannot be asked (${reason}), and ${unknown.length === 1 ? "runs" : "run"}, by the engine's state.`,
    allowed: "hosts that answer; or machines that do not run",
    fix: `see to it that \`amq status ${stack}\` gets answers (aws.login: the bastion, the networks, the key), then run up again. If the machines were stopped or are gone, \`pulumi refresh --stack ${stack}\` tells the engine`,
  };
}
