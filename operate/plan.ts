/** `amq plan`: what a stack file means, without touching anything. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ClusterPlan, brokersOf } from "../components/cluster/plan";
import { render } from "../components/cluster/render";
import { runtimeIds } from "../components/cluster/runtimes";
import { loadPlan } from "./project";
import { table } from "./table";
import { topologySvg } from "./topology/svg";

export interface PlanOptions {
  readonly json?: boolean;
  /** Folder to write every rendered file to. */
  readonly out?: string;
  /** File to draw the topology to. */
  readonly svg?: string;
}

/**
 * @returns the exit code
 * @throws ConfigError with every fault of the stack file
 * @throws Error when the folder of --out holds files that are not ours
 */
export function plan(stack: string, options: PlanOptions): number {
  const planned = loadPlan(stack);
  if (options.out !== undefined) writeFiles(planned, options.out);
  if (options.svg !== undefined) writeFileSync(options.svg, topologySvg(planned));
  console.log(options.json === true ? JSON.stringify(planJson(planned), undefined, 2) : planText(planned));
  return 0;
}

/** The JSON that `amq plan --json` prints: an API. */
export function planJson(plan: ClusterPlan) {
  return {
    hosts: plan.hosts.map(({ name, address, role }) => ({ name, address, role })),
    brokers: brokersOf(plan).map(({ name, group, host, ports }) => ({ name, group, host, ports })),
    ensemble: (plan.ensemble?.members ?? []).map(({ name, host, ports }) => ({ name, host, clientPort: ports.client })),
    bridges: plan.bridges.map(({ from, to, uri, duplex }) => ({ from, to, uri, duplex })),
    urls: plan.urls,
  };
}

/** The plan as people read it. */
export function planText(plan: ClusterPlan): string {
  const ports = (all: object) =>
    Object.entries(all)
      .map(([purpose, port]) => `${purpose} ${String(port)}`)
      .join(", ");
  const urls = [
    ["all brokers", plan.urls.failover],
    ...(plan.urls.producers === undefined ? [] : [["producers", plan.urls.producers]]),
    ...(plan.urls.consumers === undefined ? [] : [["consumers", plan.urls.consumers]]),
    ...Object.entries(plan.urls.groups).map(([group, url]) => [`group ${group}`, url]),
  ];
  return [
    section("hosts", table(plan.hosts.map((host) => [host.name, host.address, host.services.join(", ")]))),
    ...plan.groups.map((group) =>
      section(
        `group ${group.name} (${group.store}${group.role === undefined ? "" : `, ${group.role}`}${group.zkPath === undefined ? "" : `, elected below ${group.zkPath}`})`,
        table(group.brokers.map((broker) => [broker.name, `on ${broker.host}`, ports(broker.ports)])),
      ),
    ),
    ...(plan.ensemble === undefined
      ? ["no ZooKeeper: no group has slaves to elect from\n"]
      : [
          section(
            "zookeeper",
            table(plan.ensemble.members.map((member) => [member.name, `on ${member.host}`, ports(member.ports)])),
          ),
        ]),
    plan.bridges.length === 0
      ? "no bridges: groups stand alone\n"
      : section(
          "bridges",
          table(
            plan.bridges.map((bridge) => [
              `${bridge.from} dials ${bridge.to}`,
              bridge.duplex ? "duplex" : "one way",
              bridge.uri,
            ]),
          ),
        ),
    section("clients", urls.map(([who = "", url = ""]) => `${who}\n  ${url}`).join("\n")),
    ...(plan.warnings.length === 0 ? [] : [section("notes", plan.warnings.join("\n"))]),
  ].join("\n");
}

function section(title: string, body: string): string {
  return [title, ...body.split("\n").map((line) => `  ${line}`), ""].join("\n");
}

/** Marks a folder as ours, so that a second run may replace it and no other folder is ever emptied. */
const MARKER = ".amq-plan";

function writeFiles(plan: ClusterPlan, directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length > 0 && !existsSync(join(directory, MARKER))) {
    throw new Error(`--out ${directory}: the folder is not empty and was not written by amq plan; name another one`);
  }
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, MARKER), `${plan.stack}\n`);
  for (const service of render(plan, runtimeIds())) {
    for (const file of service.files) {
      const path = join(directory, service.host, service.name, file.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.text, { mode: file.executable === true ? 0o755 : 0o644 });
    }
  }
}
