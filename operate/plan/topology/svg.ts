/** The topology picture as SVG: a white card that reads on light and dark pages. Pure: the same plan, the same text. */
import { create } from "xmlbuilder2";
import type { XMLBuilder } from "xmlbuilder2/lib/interfaces";
import { shownUrl } from "../../../core/plan/database";
import { MARGIN, fit, textWidth } from "./boxes";
import type { Bar, GroupBox, MachineBox, NodeBox } from "./boxes";
import { type Drawing, layout } from "./layout";
import { type Box, type Connector, centerX, headPath, right, round } from "./connectors";
import type { ClusterPlan } from "../../../core/plan/model";

const SANS = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif";
const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace";

/** A hue per group, again from the start when there are more groups: its edge, and its light fill. */
const HUES = [
  ["#2563eb", "#eff5ff"],
  ["#0d9488", "#effcf9"],
  ["#c2610c", "#fff6ec"],
  ["#7c3aed", "#f6f2ff"],
  ["#d0325e", "#fff1f4"],
  ["#4d8b11", "#f5fbea"],
] as const;
const INK = "#0f172a";
const SOFT = "#64748b";
const LINE = "#94a3b8";
const DARK = "#1e293b";

/** The SVG document. */
export function topologySvg(plan: ClusterPlan): string {
  const drawing = layout(plan);
  const legend = legendRows(drawing);
  const height = drawing.height + legend.length * 22 + (legend.length > 0 ? 6 : 0);
  const [width, full] = [round(drawing.width), round(height)];
  const svg = create({ version: "1.0", encoding: "UTF-8" }).ele("http://www.w3.org/2000/svg", "svg", {
    width,
    height: full,
    viewBox: `0 0 ${width} ${full}`,
    role: "img",
    "aria-labelledby": "title desc",
    "font-family": SANS,
  });
  svg.ele("title", { id: "title" }).txt(`ActiveMQ cluster of stack ${plan.stack}`);
  svg.ele("desc", { id: "desc" }).txt(inWords(plan));
  svg.ele("rect", { x: 0.5, y: 0.5, width: width - 1, height: full - 1, rx: 14, fill: "#ffffff", stroke: "#e2e8f0" });
  for (const machine of drawing.machines) drawMachine(svg, machine);
  // Lines first: a box hides what passes behind it.
  for (const kind of ["election", "client", "bridge"] as const) {
    for (const connector of drawing.connectors.filter((candidate) => candidate.kind === kind))
      drawConnector(svg, connector);
  }
  for (const bar of drawing.clients) drawClients(svg, bar);
  drawing.groups.forEach((group, i) => {
    drawGroup(svg, group, hue(i));
  });
  if (drawing.elector) drawElector(svg, drawing.elector);
  drawLegend(svg, legend, drawing.height + 10);
  return svg.end({ prettyPrint: true }) + "\n";
}

/** The picture for those who cannot see it. */
function inWords(plan: ClusterPlan): string {
  const groups = plan.groups.map((group) => `${group.name} (${group.brokers.map((broker) => broker.name).join(", ")})`);
  const members = plan.ensemble?.members.map((member) => member.name) ?? [];
  const bridges = plan.bridges.map((bridge) => `${bridge.from} ${bridge.duplex ? "to and from" : "to"} ${bridge.to}`);
  return [
    `Groups of brokers: ${groups.join("; ")}.`,
    members.length > 0 ? `The ZooKeeper ensemble ${members.join(", ")} elects each group's master.` : "",
    plan.database === undefined ? "" : `A database, ${shownUrl(plan.database)}, leases the mastership of each group.`,
    bridges.length > 0 ? `Bridges: ${bridges.join("; ")}.` : "No bridges between the groups.",
    "Clients connect to the masters through a failover URL.",
  ]
    .filter(Boolean)
    .join(" ");
}

function hue(index: number): readonly [edge: string, fill: string] {
  return HUES[index % HUES.length] ?? HUES[0];
}

interface TextStyle {
  readonly size: number;
  readonly fill?: string;
  readonly bold?: boolean;
  readonly mono?: boolean;
  readonly anchor?: "start" | "middle" | "end";
}

function text(parent: XMLBuilder, x: number, y: number, words: string, style: TextStyle): void {
  parent
    .ele("text", {
      x: round(x),
      y: round(y),
      "font-size": style.size,
      fill: style.fill ?? INK,
      ...(style.bold === true && { "font-weight": 600 }),
      ...(style.mono === true && { "font-family": MONO }),
      ...(style.anchor !== undefined && style.anchor !== "start" && { "text-anchor": style.anchor }),
    })
    .txt(words);
}

function rect(parent: XMLBuilder, kind: string, box: Box, look: Readonly<Record<string, string | number>>): void {
  const { x, y, width, height } = box;
  parent.ele("rect", {
    class: kind,
    x: round(x),
    y: round(y),
    width: round(width),
    height: round(height),
    ...look,
  });
}

function drawMachine(svg: XMLBuilder, machine: MachineBox): void {
  const g = svg.ele("g");
  rect(g, "machine", machine, { rx: 10, fill: "#f8fafc", stroke: "#cbd5e1", "stroke-dasharray": "5 4" });
  machine.lines.forEach((line, i) => {
    const style = {
      size: i === 0 ? 12 : 11,
      bold: i === 0,
      fill: i === 0 ? "#475569" : SOFT,
      anchor: "middle",
    } as const;
    text(g, centerX(machine), machine.y + 19 + i * 15, line, style);
  });
}

function drawNode(parent: XMLBuilder, node: NodeBox, edge: string): void {
  const g = parent.ele("g");
  g.ele("title").txt(node.title);
  rect(g, "node", node, { rx: 8, fill: "#ffffff", stroke: edge, "stroke-opacity": 0.55 });
  const middle = centerX(node);
  text(g, middle, node.y + 21, fit(node.name, node.width - 12, 13, "bold"), { size: 13, bold: true, anchor: "middle" });
  const [port = "", machine] = node.lines;
  text(g, middle, node.y + 38, port, { size: 12, mono: true, fill: "#334155", anchor: "middle" });
  if (machine !== undefined) text(g, middle, node.y + 54, machine, { size: 11, fill: SOFT, anchor: "middle" });
}

function drawGroup(svg: XMLBuilder, group: GroupBox, [edge, fill]: readonly [string, string]): void {
  const g = svg.ele("g");
  g.ele("title").txt(`group ${group.name}`);
  rect(g, "group", group, { rx: 14, fill, stroke: edge, "stroke-width": 1.5 });
  text(g, group.x + 14, group.y + 24, group.heading, { size: 15, bold: true, fill: edge });
  if (group.noteBelow) text(g, group.x + 14, group.y + 41, group.note, { size: 11, fill: SOFT });
  else text(g, right(group) - 14, group.y + 24, group.note, { size: 11, fill: SOFT, anchor: "end" });
  for (const node of group.nodes) drawNode(g, node, edge);
  if (group.foot !== undefined) {
    text(g, centerX(group), group.y + group.height - 12, group.foot, { size: 11, fill: SOFT, anchor: "middle" });
  }
}

function drawClients(svg: XMLBuilder, bar: Bar): void {
  const g = svg.ele("g");
  rect(g, "clients", bar, { rx: 14, fill: DARK });
  text(g, bar.x + 16, bar.y + 25, bar.heading, { size: 15, bold: true, fill: "#ffffff" });
  text(g, right(bar) - 16, bar.y + 25, bar.note, { size: 11, fill: "#cbd5e1", anchor: "end" });
  drawLines(g, bar, "#e2e8f0");
}

function drawElector(svg: XMLBuilder, bar: Bar): void {
  const g = svg.ele("g");
  rect(g, bar.kind, bar, { rx: 14, fill: "#f1f5f9", stroke: LINE, "stroke-width": 1.5 });
  text(g, bar.x + 16, bar.y + 24, bar.heading, { size: 15, bold: true, fill: "#475569" });
  text(g, right(bar) - 16, bar.y + 24, bar.note, { size: 11, fill: SOFT, anchor: "end" });
  drawLines(g, bar, "#334155");
  for (const node of bar.nodes) drawNode(g, node, LINE);
}

function drawLines(parent: XMLBuilder, bar: Bar, fill: string): void {
  bar.lines.forEach((line, i) => {
    text(parent, bar.x + 16, bar.y + 46 + i * 16, line, { size: 11, mono: true, fill });
  });
}

const LOOKS: Record<Connector["kind"], Readonly<Record<string, string | number>>> = {
  client: { "stroke-width": 1.3 },
  election: { "stroke-width": 1.2, "stroke-dasharray": "3 4" },
  bridge: { "stroke-width": 2.2 },
};

function drawConnector(svg: XMLBuilder, connector: Connector): void {
  const colour =
    connector.kind === "bridge" ? hue(connector.group ?? 0)[0] : connector.kind === "client" ? "#475569" : LINE;
  const g = svg.ele("g", { class: connector.kind });
  g.ele("title").txt(connector.title);
  g.ele("path", { d: connector.d, fill: "none", stroke: colour, ...LOOKS[connector.kind] });
  for (const head of connector.heads) g.ele("path", { d: headPath(head), fill: colour });
}

interface LegendItem {
  readonly x: number;
  readonly kind: Connector["kind"];
  readonly both: boolean;
  readonly words: string;
}

/** Only what the picture shows, in as many rows as its width asks for. */
function legendRows(drawing: Drawing): LegendItem[][] {
  const shows = (kind: Connector["kind"], heads?: number) =>
    drawing.connectors.some(
      (connector) => connector.kind === kind && (heads === undefined || connector.heads.length === heads),
    );
  const items = [
    ...(shows("client") ? [{ kind: "client", both: false, words: "clients, to the master" } as const] : []),
    ...(shows("bridge", 1) ? [{ kind: "bridge", both: false, words: "bridge, coloured like who dials" } as const] : []),
    ...(shows("bridge", 2)
      ? [{ kind: "bridge", both: true, words: "duplex bridge, coloured like who dials" } as const]
      : []),
    ...(shows("election")
      ? [{ kind: "election", both: false, words: drawing.elector?.kind === "database" ? "lease" : "election" } as const]
      : []),
  ];
  const GAP = 16;
  const rows: LegendItem[][] = [];
  let x = Infinity;
  for (const item of items) {
    const width = 44 + textWidth(item.words, 11) + GAP;
    if (x + width - GAP > drawing.width - MARGIN) {
      rows.push([]);
      x = MARGIN;
    }
    rows[rows.length - 1]?.push({ ...item, x });
    x += width;
  }
  return rows;
}

function drawLegend(svg: XMLBuilder, rows: readonly (readonly LegendItem[])[], top: number): void {
  rows.forEach((row, i) => {
    const y = top + i * 22;
    for (const { x, kind, both, words } of row) {
      const colour = kind === "bridge" ? SOFT : kind === "client" ? "#475569" : LINE;
      const arrow = kind !== "election";
      const g = svg.ele("g");
      const d = `M${round(x + (both ? 7 : 0))} ${round(y)}L${round(x + 34 - (arrow ? 7 : 0))} ${round(y)}`;
      g.ele("path", { d, fill: "none", stroke: colour, ...LOOKS[kind] });
      if (arrow) g.ele("path", { d: headPath({ x: x + 34, y, direction: "right" }), fill: colour });
      if (both) g.ele("path", { d: headPath({ x, y, direction: "left" }), fill: colour });
      text(g, x + 42, y + 4, words, { size: 11, fill: SOFT });
    }
  });
}
