/** `amq plan`: what a stack file means, without touching anything. */
import { writeFileSync } from "node:fs";
import { type ClusterPlan, type PlannedBroker, brokersOf } from "../components/cluster/plan";
import { render } from "../components/cluster/render";
import { runtimeIds } from "../components/cluster/runtimes";
import { planText } from "./planText";
import { loadPlan } from "./project";
import { painterFor } from "./table";
import { topologySvg } from "./topology/svg";
import { writeRendered } from "./writeRendered";

export interface PlanOptions {
  readonly json?: boolean;
  /** Folder to write every rendered file to. */
  readonly out?: string;
  /** File to draw the topology to. */
  readonly svg?: string;
}

/** The JSON that `amq plan --json` prints: an API. */
export interface PlanJson {
  readonly hosts: readonly { readonly name: string; readonly address: string; readonly role: string }[];
  readonly brokers: readonly Pick<PlannedBroker, "name" | "group" | "host" | "ports">[];
  readonly ensemble: readonly { readonly name: string; readonly host: string; readonly clientPort: number }[];
  readonly bridges: readonly {
    readonly from: string;
    readonly to: string;
    readonly uri: string;
    readonly duplex: boolean;
  }[];
  readonly urls: ClusterPlan["urls"];
}

/**
 * @returns the exit code
 * @throws ConfigError with every fault of the stack file
 * @throws Error when the folder of --out holds files that are not ours
 */
export function plan(stack: string, options: PlanOptions): number {
  const planned = loadPlan(stack);
  const written: string[] = [];
  if (options.out !== undefined) {
    const files = writeRendered(planned, render(planned, runtimeIds()), options.out);
    written.push(`${files} rendered files are in ${options.out}`);
  }
  if (options.svg !== undefined) {
    writeFileSync(options.svg, topologySvg(planned));
    written.push(`the topology is drawn in ${options.svg}`);
  }
  console.log(
    options.json === true
      ? JSON.stringify(planJson(planned), undefined, 2)
      : planText(planned, painterFor(process.stdout)),
  );
  for (const line of written) console.error(line);
  return 0;
}

export function planJson(plan: ClusterPlan): PlanJson {
  return {
    hosts: plan.hosts.map(({ name, address, role }) => ({ name, address, role })),
    brokers: brokersOf(plan).map(({ name, group, host, ports }) => ({ name, group, host, ports })),
    ensemble: (plan.ensemble?.members ?? []).map(({ name, host, ports }) => ({ name, host, clientPort: ports.client })),
    bridges: plan.bridges.map(({ from, to, uri, duplex }) => ({ from, to, uri, duplex })),
    urls: plan.urls,
  };
}
