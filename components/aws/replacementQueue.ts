/** Machines that are replaced one after the other: whom each waits for, and who is asked in between whether all is whole. */
import * as ec2 from "@pulumi/aws/ec2";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Host } from "../host";
import { resourceName } from "../resourceNames";
import {
  type Found,
  type ReplacementChain,
  askedAfter,
  canBeAsked,
  inChainOrder,
  isThere,
  positionInChain,
} from "../../core/change/replacementOrder";
import { shellQuote } from "../../core/util/shell";
import { asRoot, EC2_USER, machineDirectory } from "../../core/host/ssh";
import type { ClusterPlan } from "../../core/plan/model";

/**
 * Seconds that a broker may take to be whole again after another one's machine came back, as `rejoin` has them; and how long a
 * group must have had no master to have lost it before: longer than a machine takes to boot and to rejoin.
 */
const WHOLE_SECONDS = 600;
const MASTERLESS_SECONDS = 1200;

/** What is known of a host beside its machine, so that it can be asked whichever machine it has. */
export interface QueuedHost {
  readonly connection: command.types.input.remote.ConnectionArgs;
  /** Another text for another machine, or one that was changed. */
  readonly fingerprint: pulumi.Input<string>;
}

export interface ReplacementQueueArgs {
  readonly plan: Pick<ClusterPlan, "stack" | "hosts" | "aws">;
  readonly chains: readonly ReplacementChain[];
}

/** The question to a host whether all on it is whole, once the machine of another one came back. */
interface Question {
  readonly after: string;
  readonly host: string;
  readonly resource: pulumi.Resource;
}

export class ReplacementQueue {
  /** What of each chain is in the account. */
  private readonly found: pulumi.Output<ReadonlyMap<ReplacementChain, Found>>;
  private readonly questions: Promise<readonly Question[]>;
  private known: (questions: readonly Question[]) => void = () => undefined;

  constructor(
    private readonly args: ReplacementQueueArgs,
    opts: pulumi.InvokeOptions,
  ) {
    const { chains } = args;
    this.found = pulumi
      .all(chains.map((chain) => machinesOf(args.plan, chain, opts)))
      .apply((all) => new Map(chains.flatMap((chain, i) => (all[i] === undefined ? [] : [[chain, all[i]]]))));
    this.questions = new Promise((resolve) => (this.known = resolve));
  }

  /**
   * What a machine waits for before it is changed or replaced: the host before it in its chain, serving again, and all those that
   * are to be whole then. Nothing while most of the chain's machines are not there: they are made side by side.
   * @param made hosts before this one
   */
  before(host: string, made: ReadonlyMap<string, Host>): pulumi.Output<pulumi.Resource[]> {
    const { chains } = this.args;
    const { chain, before } = positionInChain(chains, host);
    const last = before === undefined ? undefined : made.get(before);
    if (last === undefined) return pulumi.output([]);
    return this.found.apply(async (found) => {
      if (!isThere(chain, found.get(chain)?.machines ?? 0)) return [];
      const asked = (await this.questions).filter((one) => one.after === before && canBeAsked(chains, one, found));
      return [last.ready, ...asked.map(({ resource }) => resource)];
    });
  }

  /** Makes the questions, once all hosts are known. They ask again whenever the machine that they come after is another one. */
  ask(
    prefix: string,
    { made, hosts }: { readonly made: ReadonlyMap<string, Host>; readonly hosts: ReadonlyMap<string, QueuedHost> },
    parent: pulumi.Resource,
  ): void {
    const { chains } = this.args;
    const questions = inChainOrder(chains).flatMap((after) =>
      askedAfter(chains, after).flatMap((host): Question[] => {
        const [before, asked, machine] = [made.get(after), made.get(host), hosts.get(host)];
        if (before === undefined || asked === undefined || machine === undefined) return [];
        const resource = new command.remote.Command(
          resourceName("wholeAgain", prefix, { after, host }),
          {
            connection: machine.connection,
            create: pulumi.interpolate`${asRoot(EC2_USER, this.question(host))} # ${hosts.get(after)?.fingerprint ?? ""}`,
            addPreviousOutputInEnv: false,
            logging: "stdoutAndStderr",
          },
          {
            parent,
            // Not on the machine of who is asked, where that is there already: it may be the one that waits for the answer.
            dependsOn: this.found.apply((found) =>
              canBeAsked(chains, { after, host }, found) ? [before.ready] : [before.ready, asked.ready],
            ),
          },
        );
        return [{ after, host, resource }];
      }),
    );
    this.known(questions);
  }

  /** What was never set up has nothing to lose. By a verb that hosts have had from the beginning: they may have an older script. */
  private question(host: string): string {
    const { plan } = this.args;
    const script = shellQuote(`${machineDirectory(plan)}/bin/amq-host`);
    const services = plan.hosts.find(({ name }) => name === host)?.services ?? [];
    const limits = `AMQ_SETTLE_SECONDS=${WHOLE_SECONDS} AMQ_MASTERLESS_SECONDS=${MASTERLESS_SECONDS}`;
    return `[ ! -x ${script} ] || ${limits} ${script} await ${services.join(" ")}`;
  }
}

function machinesOf(
  { stack, aws }: ReplacementQueueArgs["plan"],
  { hosts }: ReplacementChain,
  opts: pulumi.InvokeOptions,
): pulumi.Output<Found> {
  const inStates = (instanceStateNames: string[]) =>
    ec2.getInstancesOutput(
      {
        filters: [
          { name: "tag:activemq-stack", values: [stack] },
          { name: "tag:activemq-host", values: [...hosts].sort() },
        ],
        instanceStateNames,
      },
      opts,
    );
  // Of a group whose machines were stopped nothing can be disturbed; one that is stopped beside others that run is missed there.
  const running = inStates(["pending", "running"]);
  const there = inStates(["pending", "running", "stopping", "stopped"]);
  const machines = (aws?.machines ?? []).filter(({ host }) => hosts.includes(host));
  // Each by its address, which is fixed: the answer does not say which id has which tag.
  return pulumi.all([running, there]).apply(([{ ids }, { privateIps }]) => ({
    machines: ids.length,
    inPlace: machines.filter(({ address }) => privateIps.includes(address)).map(({ host }) => host),
  }));
}
