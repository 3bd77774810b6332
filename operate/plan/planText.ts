/** The plan as people read it: within 100 columns, but for URLs, which are there to be copied. */
import { STORES } from "../../core/products/stores";
import { type PlannedDatabase, shownUrl } from "../../core/plan/database";
import { fileSystemText, machinesText, rdsText, securityText } from "./planTextAws";
import { type Paint, indent, plain, table, wrap } from "../terminal/table";
import { storesOf } from "../../core/products/storesOf";
import { type ClusterPlan, type PlannedBridge, type PlannedGroup, brokersOf } from "../../core/plan/model";

const WIDTH = 96;

export function planText(plan: ClusterPlan, paint: Paint = plain): string {
  const section = (title: string, body: string) => `${paint("bold", title)}\n${indent(body)}\n`;
  const withHead = (rows: readonly (readonly string[])[]) =>
    table(rows, (text, row) => (row === 0 ? paint("dim", text) : text));
  return [
    `${paint("bold", `Stack ${plan.stack}`)}\n${indent(summary(plan))}\n`,
    section(
      "Hosts",
      plan.aws === undefined
        ? withHead([["host", "address", "runs"], ...plan.hosts.map(hostRow)])
        : machinesText(plan.aws, plan.hosts, withHead),
    ),
    ...plan.groups.map((group) => section(`Group ${group.name}`, groupText(group, paint, withHead))),
    plan.ensemble === undefined
      ? section(
          "ZooKeeper",
          `none: ${storesOf(plan.config)
            .flatMap((store) => STORES[store].withoutEnsemble ?? [])
            .join("; ")}`,
        )
      : section(
          "ZooKeeper ensemble",
          withHead([
            ["member", "host", "client", "peer", "election"],
            ...plan.ensemble.members.map(({ name, host, ports }) => [
              name,
              host,
              ...[ports.client, ports.peer, ports.election].map(String),
            ]),
          ]),
        ),
    ...(plan.database === undefined ? [] : [section("Database", databaseText(plan.database))]),
    ...(plan.aws?.fileSystem === undefined ? [] : [section("Shared file system", fileSystemText(plan.aws.fileSystem))]),
    plan.bridges.length === 0
      ? section("Bridges", "none: groups stand alone")
      : section(
          "Bridges",
          [
            withHead([["bridge", "dialled by", "messages go", "connector"], ...plan.bridges.map(bridgeRow)]),
            ...filterLines(plan.bridges),
          ].join("\n"),
        ),
    ...(plan.aws === undefined ? [] : [section("Who may connect to whom", securityText(plan.aws, withHead))]),
    section(
      "Client URLs",
      urlsOf(plan)
        .map(([who, url]) => `${paint("dim", who)}\n${indent(url)}`)
        .join("\n"),
    ),
    ...(plan.warnings.length === 0
      ? []
      : [section("Warnings", plan.warnings.map((text) => paint("yellow", bullet(text))).join("\n"))]),
  ]
    .join("\n")
    .trimEnd();
}

function databaseText(database: PlannedDatabase): string {
  const { user, server, rds } = database;
  const whose =
    server !== undefined
      ? `a PostgreSQL server that the program runs on host ${server.host}`
      : rds
        ? "made by the program"
        : "yours";
  return [`${shownUrl(database)}\nas user ${user}; ${whose}`, ...(rds === undefined ? [] : [rdsText(rds)])].join("\n");
}

/** Counts, so that a stack file's meaning shows at a glance. */
function summary(plan: ClusterPlan): string {
  const { target, placement, topology } = plan.config;
  const counts = [
    count(plan.groups.length, "group"),
    count(brokersOf(plan).length, "broker"),
    ...(plan.ensemble === undefined ? [] : [count(plan.ensemble.members.length, "ZooKeeper member")]),
    ...(plan.database?.server === undefined ? [] : ["1 database server"]),
    count(plan.bridges.length, "bridge"),
    count(plan.hosts.length, "host"),
  ].join(", ");
  return `target ${target}, placement ${placement}, topology ${topology}\n${counts}`;
}

/** `1 group`, `2 groups`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function hostRow({ name, address, services }: ClusterPlan["hosts"][number]): string[] {
  return [name, address, services.join(", ")];
}

function groupText(group: PlannedGroup, paint: Paint, withHead: (rows: string[][]) => string): string {
  const { heapMiB, memoryMiB, storeMiB, tempMiB } = group.limits;
  const facts = [
    group.store,
    ...(group.role === undefined ? [] : [`for ${group.role}`]),
    ...(group.brokerName === group.name ? [] : [`brokerName ${group.brokerName}`]),
    ...(group.zkPath === undefined ? [] : [`elected below ${group.zkPath}`]),
    ...(group.directory === undefined ? [] : [`shared directory ${group.directory}`]),
  ];
  const purposes = [...new Set(group.brokers.flatMap(({ ports }) => Object.keys(ports)))];
  const rows = group.brokers.map(({ name, host, ports }) => {
    const byPurpose = new Map<string, number>(Object.entries(ports));
    return [name, host, ...purposes.map((purpose) => portText(byPurpose.get(purpose)))];
  });
  const limits = `heap ${heapMiB} MiB; messages: ${memoryMiB} MiB in memory, ${storeMiB} MiB stored, ${tempMiB} MiB temporary`;
  return `${paint("dim", facts.join(", "))}\n${paint("dim", limits)}\n${withHead([["broker", "host", ...purposes], ...rows])}`;
}

/** Port 0 is one that the system chooses at every start. */
function portText(port: number | undefined): string {
  return port === undefined ? "-" : port === 0 ? "random" : String(port);
}

function bridgeRow(bridge: PlannedBridge): string[] {
  const { from, to, duplex, uri } = bridge;
  return [arrow(bridge), from, duplex ? "both ways (duplex)" : `to ${to} only`, uri.slice(0, uri.indexOf(":") + 1)];
}

const arrow = ({ from, to, duplex }: PlannedBridge) => `${from} ${duplex ? "<->" : "-->"} ${to}`;

/** What bridges do not carry, or carry unasked; those that agree share a line. */
function filterLines(bridges: readonly PlannedBridge[]): string[] {
  const alike = new Map<string, PlannedBridge[]>();
  for (const bridge of bridges) {
    if (bridge.filters === undefined) continue;
    const { dynamicallyIncludedDestinations, excludedDestinations, staticallyIncludedDestinations } = bridge.filters;
    const list = (words: string, names: readonly string[]) =>
      names.length === 0 ? [] : [`${words} ${names.join(", ")}`];
    const text = [
      ...list("only", dynamicallyIncludedDestinations),
      ...list("without", excludedDestinations),
      ...list("always", staticallyIncludedDestinations),
    ].join("; ");
    const some = alike.get(text);
    if (some === undefined) alike.set(text, [bridge]);
    else some.push(bridge);
  }
  return [...alike].flatMap(([text, some]) =>
    wrap(`${some.length === bridges.length ? "every bridge" : some.map(arrow).join(", ")}: ${text}`, WIDTH).split("\n"),
  );
}

function urlsOf({ urls }: ClusterPlan): [who: string, url: string][] {
  return [
    ["everybody", urls.failover],
    ...(urls.producers === undefined ? [] : ([["producers", urls.producers]] as [string, string][])),
    ...(urls.consumers === undefined ? [] : ([["consumers", urls.consumers]] as [string, string][])),
    ...Object.entries(urls.groups).map(([group, url]): [string, string] => [`group ${group} only`, url]),
    ...Object.entries(urls.transports ?? {}).flatMap(([transport, { groups, ...urlOf }]) => [
      ...Object.entries({ ...urlOf }).map(([who, url]): [string, string] => [`${transport}, ${who}`, url]),
      ...Object.entries(groups).map(([group, url]): [string, string] => [`${transport}, group ${group} only`, url]),
    ]),
  ];
}

function bullet(text: string): string {
  return `- ${wrap(text, WIDTH - 2).replaceAll("\n", "\n  ")}`;
}
