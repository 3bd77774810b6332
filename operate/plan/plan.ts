/** `amq plan`: what a stack file means, and what `up` would do to a cluster that runs; without touching anything. */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as rendering from "../../core/render/render";
import { runtimeIds } from "../../core/render/runtimes";
import { shownUrl } from "../../core/plan/database";
import type { PlannedRds } from "../../core/plan/aws/rds";
import type * as forecasting from "../change/forecast";
import { forecastText } from "../change/forecastText";
import { runningPlan } from "../change/record";
import { planText } from "./planText";
import { connections } from "./planTextAws";
import { PROJECT_DIR, loadPlan } from "../project";
import { painterFor } from "../terminal/table";
import type * as svg from "./topology/svg";
import { writeRendered } from "./writeRendered";
import {
  type BridgeFilters,
  type ClusterPlan,
  type PlannedBroker,
  type PlannedGroup,
  brokersOf,
} from "../../core/plan/model";
import type { PlannedMachine, PlannedFileSystem, PlannedAws } from "../../core/plan/aws/model";

/** For what only some calls need: building XML takes a third of the start. As in main.ts, not import(). */
const load = createRequire(__filename);

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
  /** What holds for each group's brokers. */
  readonly groups: readonly {
    readonly name: string;
    readonly limits: PlannedGroup["limits"];
    readonly maximumConnections: number;
    readonly maxFrameSizeMiB: number;
  }[];
  readonly ensemble: readonly { readonly name: string; readonly host: string; readonly clientPort: number }[];
  /** Absent when the store needs none; without `host` when it is not run by the program, with `rds` when that makes it in AWS. */
  readonly database?: { readonly url: string; readonly host?: string; readonly rds?: PlannedRds };
  readonly bridges: readonly {
    readonly from: string;
    readonly to: string;
    readonly uri: string;
    readonly duplex: boolean;
    /** Absent when everything crosses; see config/schema.ts. */
    readonly filters?: BridgeFilters;
  }[];
  readonly urls: ClusterPlan["urls"];
  /** With target aws only. */
  readonly aws?: {
    readonly region: string;
    readonly machines: readonly Pick<
      PlannedMachine,
      "host" | "zone" | "address" | "instanceType" | "placementGroup" | "dataGiB"
    >[];
    /** Absent when no group shares a directory. */
    readonly fileSystem?: PlannedFileSystem;
    /** TCP; what is not here is closed. */
    readonly rules: readonly {
      readonly from: string;
      readonly to: string;
      readonly port: number;
      readonly description: string;
    }[];
  };
  /** Absent when the stack is not up. */
  readonly change?: forecasting.Forecast;
}

/**
 * @returns the exit code
 * @throws ConfigError with every fault of the stack file
 * @throws Error when the folder of --out holds files that are not ours
 */
export async function plan(stack: string, options: PlanOptions): Promise<number> {
  const planned = loadPlan(stack);
  const written: string[] = [];
  if (options.out !== undefined) {
    const { render } = load("../../core/render/render") as typeof rendering;
    const files = writeRendered(planned, render(planned, runtimeIds()), options.out);
    written.push(`${files} rendered files are in ${options.out}`);
  }
  if (options.svg !== undefined) {
    const { topologySvg } = load("./topology/svg") as typeof svg;
    writeFileSync(options.svg, topologySvg(planned));
    written.push(`the topology is drawn in ${options.svg}`);
  }
  const change = await changeOf(stack, planned);
  if (options.json === true) {
    console.log(JSON.stringify({ ...planJson(planned), ...(change && { change }) }, undefined, 2));
  } else {
    const paint = painterFor(process.stdout);
    console.log([planText(planned, paint), ...(change ? [forecastText(change, paint)] : [])].join("\n\n"));
  }
  for (const line of written) console.error(line);
  return 0;
}

/** A state that cannot be read is told and keeps nobody from the plan itself. */
async function changeOf(stack: string, planned: ClusterPlan): Promise<forecasting.Forecast | undefined> {
  try {
    const before = await runningPlan(PROJECT_DIR, stack);
    if (before === undefined) return undefined;
    return await (load("../change/forecast") as typeof forecasting).forecast(before, planned);
  } catch (error) {
    console.error(`what runs could not be compared: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

export function planJson(plan: ClusterPlan): PlanJson {
  return {
    hosts: plan.hosts.map(({ name, address, role }) => ({ name, address, role })),
    brokers: brokersOf(plan).map(({ name, group, host, ports }) => ({ name, group, host, ports })),
    groups: plan.groups.map(({ name, limits, transports }) => ({
      name,
      limits,
      maximumConnections: transports.maximumConnections,
      maxFrameSizeMiB: transports.maxFrameSizeMiB,
    })),
    ensemble: (plan.ensemble?.members ?? []).map(({ name, host, ports }) => ({ name, host, clientPort: ports.client })),
    ...(plan.database && {
      database: {
        url: shownUrl(plan.database),
        ...(plan.database.server && { host: plan.database.server.host }),
        ...(plan.database.rds && { rds: plan.database.rds }),
      },
    }),
    bridges: plan.bridges.map(({ from, to, uri, duplex, filters }) => ({
      from,
      to,
      uri,
      duplex,
      ...(filters && { filters }),
    })),
    urls: plan.urls,
    ...(plan.aws && { aws: awsJson(plan.aws) }),
  };
}

function awsJson({ config, machines, security, fileSystem }: PlannedAws): NonNullable<PlanJson["aws"]> {
  return {
    region: config.region,
    machines: machines.map(({ host, zone, address, instanceType, placementGroup, dataGiB }) => ({
      host,
      zone,
      address,
      instanceType,
      placementGroup,
      dataGiB,
    })),
    ...(fileSystem && { fileSystem }),
    rules: connections(security.rules),
  };
}
