/** The boxes of the topology picture, sized but not yet placed: every box starts at 0,0. Pure. */
import { type PlannedDatabase, type PlannedDatabaseServer, shownUrl } from "../../../core/plan/database";
import { addressText } from "../../../core/products/transports";
import type { Box } from "./connectors";
import {
  type ClusterPlan,
  type PlannedBroker,
  type PlannedGroup,
  type PlannedMember,
  brokersOf,
} from "../../../core/plan/model";

/** A broker or a ZooKeeper member: its name, then a port and, unless the picture says it otherwise, its machine. */
export interface NodeBox extends Box {
  readonly name: string;
  readonly lines: readonly string[];
  /** Everything, for the tooltip. */
  readonly title: string;
}

export interface GroupBox extends Box {
  readonly name: string;
  /** The name, shortened to fit. */
  readonly heading: string;
  readonly note: string;
  /** Where the note is: beside the heading, or below it when there is no room. */
  readonly noteBelow: boolean;
  /** The machine that carries the whole group. */
  readonly foot?: string;
  readonly nodes: readonly NodeBox[];
}

/** A machine that carries a broker of several groups. */
export interface MachineBox extends Box {
  readonly name: string;
  readonly lines: readonly string[];
}

/** The clients, or who elects the masters: as wide as what it serves. */
export interface Bar extends Box {
  readonly kind: "clients" | "ensemble" | "database";
  readonly heading: string;
  readonly note: string;
  readonly lines: readonly string[];
  readonly nodes: readonly NodeBox[];
}

export const MARGIN = 24;
const PAD = 14;
const NODE_GAP = 10;
/** Between the brokers of an interleaved group: room for the edges of two machines and a pair of bridges. */
const MACHINE_GAP = 56;
/** How far a machine reaches beyond its brokers. */
const MACHINE_EDGE = 9;
const HEADER = 36;
const NOTE = 16;
const LINE = 16;

/** How wide a text is drawn, guessed on the safe side: fonts differ from reader to reader. */
export function textWidth(text: string, size: number, style: "plain" | "bold" | "mono" = "plain"): number {
  return text.length * size * { plain: 0.54, bold: 0.6, mono: 0.61 }[style];
}

/** The text, its middle left out when it is too wide: the end of a name tells brokers apart. */
export function fit(text: string, width: number, size: number, style: "plain" | "bold" | "mono" = "plain"): string {
  const room = Math.floor(width / textWidth("x", size, style));
  if (text.length <= room) return text;
  const tail = Math.max(1, Math.floor((room - 1) / 2));
  return `${text.slice(0, Math.max(1, room - 1 - tail))}…${text.slice(-tail)}`;
}

export function translate<B extends Box>(box: B, x: number, y: number): B {
  return { ...box, x: box.x + x, y: box.y + y };
}

export function moveGroup(group: GroupBox, x: number, y: number): GroupBox {
  return { ...translate(group, x, y), nodes: group.nodes.map((node) => translate(node, x, y)) };
}

/** How a plan's machines are shown: in each node, below each group, or as columns. */
export type MachineStyle = "node" | "group" | "column";

export function machineStyle(plan: ClusterPlan): MachineStyle {
  if (plan.config.placement === "interleaved") return "column";
  return plan.config.placement === "hostPerGroup" ? "group" : "node";
}

/** The host's name, or its address when the name would only repeat the service's. */
function machineOf(service: { readonly name: string; readonly host: string; readonly address: string }): string {
  return service.host === service.name ? service.address : service.host;
}

/** One width for all brokers and members, so that the picture is calm. */
export function nodeWidth(plan: ClusterPlan): number {
  const { server } = plan.database ?? {};
  const services = [...brokersOf(plan), ...(plan.ensemble?.members ?? []), ...(server === undefined ? [] : [server])];
  const widest = Math.max(
    ...services.map((service) =>
      Math.max(textWidth(service.name, 13, "bold"), textWidth(machineOf(service), 11, "plain")),
    ),
  );
  return Math.round(Math.min(200, Math.max(112, widest + 24)));
}

function node(
  service: PlannedBroker | PlannedMember | PlannedDatabaseServer,
  port: number,
  width: number,
  withMachine: boolean,
): NodeBox {
  const lines = [`:${port}`, ...(withMachine ? [fit(machineOf(service), width - 12, 11)] : [])];
  return {
    x: 0,
    y: 0,
    width,
    height: 30 + lines.length * LINE,
    name: service.name,
    lines,
    title: `${service.name} on host ${service.host}, ${service.address}:${port}`,
  };
}

/** A group with its brokers side by side, or one below the other. */
export function groupBox(plan: ClusterPlan, group: PlannedGroup, sideBySide: boolean, style: MachineStyle): GroupBox {
  const width = nodeWidth(plan);
  const [gap, pad] = style === "column" ? [MACHINE_GAP, PAD + MACHINE_EDGE] : [NODE_GAP, PAD];
  const note = groupNote(group);
  const columns = columnsOf(plan, group, style);
  const inner = sideBySide ? (Math.max(...columns) + 1) * (width + gap) - gap : width;
  const noteBelow = textWidth(group.name, 15, "bold") + 16 + textWidth(note, 11) > inner;
  const top = HEADER + (noteBelow ? NOTE : 0);
  const nodes = group.brokers.map((broker, i) => {
    const box = node(broker, broker.ports.openwire, width, style === "node");
    return sideBySide
      ? translate(box, pad + (columns[i] ?? i) * (width + gap), top)
      : translate(box, pad, top + i * (box.height + NODE_GAP));
  });
  const first = group.brokers[0];
  const foot = style === "group" && first !== undefined ? fit(`on ${hostLabel(first)}`, inner, 11) : undefined;
  return {
    x: 0,
    y: 0,
    width: inner + 2 * pad,
    height: Math.max(...nodes.map((box) => box.y + box.height)) + PAD + (foot === undefined ? 0 : NOTE),
    name: group.name,
    heading: fit(group.name, inner, 15, "bold"),
    note,
    noteBelow,
    ...(foot !== undefined && { foot }),
    nodes,
  };
}

/** Where a group's brokers are from left to right: side by side, or each in the column of its machine. */
function columnsOf(plan: ClusterPlan, group: PlannedGroup, style: MachineStyle): number[] {
  if (style !== "column") return group.brokers.map((_, i) => i);
  const machines = [...new Set(brokersOf(plan).map(({ host }) => host))];
  return group.brokers.map(({ host }) => machines.indexOf(host));
}

function hostLabel(broker: PlannedBroker): string {
  return broker.host === broker.address ? broker.host : `${broker.host} · ${broker.address}`;
}

function groupNote(group: PlannedGroup): string {
  const slaves = group.brokers.length - 1;
  if (slaves === 0) return "one broker";
  return `1 master, ${slaves} slave${slaves === 1 ? "" : "s"}`;
}

/** The columns of an interleaved placement, behind groups that are already placed. */
export function machineBoxes(
  plan: ClusterPlan,
  groups: readonly GroupBox[],
  top: number,
  height: number,
): MachineBox[] {
  const placed = new Map(groups.flatMap((group) => group.nodes.map((box) => [box.name, box] as const)));
  const machines = new Map<string, { readonly broker: PlannedBroker; readonly box: NodeBox }>();
  for (const broker of brokersOf(plan)) {
    const box = placed.get(broker.name);
    if (box !== undefined && !machines.has(broker.host)) machines.set(broker.host, { broker, box });
  }
  return [...machines].map(([name, { broker, box }]) => ({
    x: box.x - MACHINE_EDGE,
    y: top,
    width: box.width + 2 * MACHINE_EDGE,
    height,
    name,
    lines: [
      fit(name, box.width + 6, 12, "bold"),
      ...(broker.address === name ? [] : [fit(broker.address, box.width + 6, 11)]),
    ],
  }));
}

/** The clients of some brokers, with the list their failover URL carries, as much of it as three lines hold. */
export function clientBar(heading: string, note: string, brokers: readonly PlannedBroker[], width: number): Bar {
  const room = Math.floor((width - 2 * PAD) / textWidth("x", 11, "mono"));
  const addresses = brokers.map((broker) => addressText("openwire", broker.address, broker.ports.openwire));
  const lines = failoverLines(addresses, room);
  const shown = lines.length <= 3 ? lines : [...lines.slice(0, 2), `… ${addresses.length} brokers in all)`];
  return {
    kind: "clients",
    x: 0,
    y: 0,
    width,
    height: HEADER + shown.length * LINE + 8,
    heading,
    note,
    lines: shown.map((line) => fit(line, width - 2 * PAD, 11, "mono")),
    nodes: [],
  };
}

/** `failover:(a,b,...)` in as few lines of at most `room` characters as hold it, with as many addresses in each. */
function failoverLines(addresses: readonly string[], room: number): string[] {
  const last = addresses.length - 1;
  const pieces = addresses.map((item, i) => `${i === 0 ? "failover:(" : ""}${item}${i === last ? ")" : ","}`);
  const inLines = (count: number) => {
    const each = Math.ceil(pieces.length / count);
    return pieces.flatMap((_, i) => (i % each === 0 ? [pieces.slice(i, i + each).join("")] : []));
  };
  const counts = pieces.map((_, i) => i + 1);
  const enough = counts.find((count) => inLines(count).every((line) => line.length <= room));
  return inLines(enough ?? pieces.length);
}

/** The ensemble or the database that the groups' masters are decided by, `width` wide or wider; undefined when none are elected. */
export function electorBar(plan: ClusterPlan, width: number): Bar | undefined {
  if (plan.ensemble !== undefined) return ensembleBar(plan, plan.ensemble.members, width);
  return plan.database && databaseBar(plan, plan.database, width);
}

function ensembleBar(plan: ClusterPlan, members: readonly PlannedMember[], width: number): Bar {
  const each = nodeWidth(plan);
  const needed = members.length * (each + NODE_GAP) - NODE_GAP;
  const total = Math.max(width, needed + 2 * PAD);
  const nodes = members.map((member, i) =>
    translate(node(member, member.ports.client, each, true), (total - needed) / 2 + i * (each + NODE_GAP), HEADER),
  );
  return {
    kind: "ensemble",
    x: 0,
    y: 0,
    width: total,
    height: HEADER + (nodes[0]?.height ?? 0) + PAD,
    heading: "ZooKeeper ensemble",
    note: "elects the master of every group",
    lines: [],
    nodes,
  };
}

function databaseBar(plan: ClusterPlan, database: PlannedDatabase, width: number): Bar {
  const { server, rds } = database;
  const each = nodeWidth(plan);
  const lines = [fit(shownUrl(database), width - 2 * PAD, 11, "mono")];
  const top = HEADER + lines.length * LINE + 4;
  const nodes = server === undefined ? [] : [translate(node(server, server.port, each, true), (width - each) / 2, top)];
  return {
    kind: "database",
    x: 0,
    y: 0,
    width,
    height: top + (nodes[0] === undefined ? 4 : nodes[0].height + PAD),
    heading: rds ? "Database, RDS" : server ? "Database" : "Database, yours",
    note: "leases mastership, keeps the messages",
    lines,
    nodes,
  };
}

export function moveBar(bar: Bar, x: number, y: number): Bar {
  return { ...translate(bar, x, y), nodes: bar.nodes.map((box) => translate(box, x, y)) };
}
