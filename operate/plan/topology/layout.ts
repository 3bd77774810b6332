/**
 * Where everything in the topology picture goes. Pure: plan in, boxes and lines out.
 *
 * Clients are above, the ensemble or the database below, the groups between them in one of three arrangements:
 *   row      side by side; bridges go straight to a neighbour and in arcs below to the others
 *   stack    one below the other, so that a machine with a broker of each group is a column (placement interleaved)
 *   spokes   producers on the left, consumers on the right
 */
import { MARGIN, clientBar, electorBar, groupBox, machineBoxes, machineStyle, moveBar, moveGroup } from "./boxes";
import type { Bar, GroupBox, MachineBox } from "./boxes";
import { along, around, bottom, centerX, centerY, curve, right, straight } from "./connectors";
import type { Box, Connector } from "./connectors";
import type { ClusterPlan, PlannedBridge, PlannedGroup } from "../../../core/plan/model";

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly machines: readonly MachineBox[];
  readonly clients: readonly Bar[];
  readonly groups: readonly GroupBox[];
  /** The ensemble or the database; absent when no master is elected. */
  readonly elector?: Bar;
  readonly connectors: readonly Connector[];
}

/** Beyond this, brokers are drawn one below the other: a wider picture is unreadable on a page. */
const WIDE = 1180;
const NARROW = 460;
const APART = 36;
const BRIDGED = 104;

/** Places everything; below the drawing the caller may add a legend. */
export function layout(plan: ClusterPlan): Drawing {
  const producers = plan.groups.filter((group) => group.role === "producers");
  if (plan.config.topology === "spokes" && producers.length > 0 && producers.length < plan.groups.length) {
    return spokes(plan, producers);
  }
  return machineStyle(plan) === "column" ? stack(plan) : row(plan);
}

/** A bridge between two groups, by their places in the order of drawing. */
interface Span {
  readonly bridge: PlannedBridge;
  readonly low: number;
  readonly high: number;
}

function spansOf(plan: ClusterPlan, order: readonly PlannedGroup[]): Span[] {
  const place = (name: string) => order.findIndex((group) => group.name === name);
  return plan.bridges.map((bridge) => {
    const [from, to] = [place(bridge.from), place(bridge.to)];
    return { bridge, low: Math.min(from, to), high: Math.max(from, to) };
  });
}

const isLong = (span: Span): boolean => span.high - span.low > 1;

function bridgeConnector(plan: ClusterPlan, bridge: PlannedBridge, ends: Pick<Connector, "d" | "heads">): Connector {
  return {
    kind: "bridge",
    ...ends,
    title: `bridge ${bridge.name}: ${bridge.from} dials ${bridge.to}, messages flow ${bridge.duplex ? "both ways" : "one way"}${bridge.filters ? ", not all of them" : ""}`,
    group: plan.groups.findIndex((group) => group.name === bridge.from),
  };
}

const clientConnector = (group: GroupBox, ends: Pick<Connector, "d" | "heads">): Connector => ({
  kind: "client",
  ...ends,
  title: `clients reach the master of ${group.name}`,
});

const electionConnector = (group: GroupBox, by: Bar, ends: Pick<Connector, "d" | "heads">): Connector => ({
  kind: "election",
  ...ends,
  title:
    by.kind === "database"
      ? `the brokers of ${group.name} have their messages and their lease in the database`
      : `the brokers of ${group.name} elect their master through ZooKeeper`,
});

/** How deep each long bridge's arc is: the further, the deeper, and a second one between the same two inside the first. */
function arcDepths(long: readonly Span[]): number[] {
  const drawn = new Set<string>();
  return long.map((span) => {
    const between = `${span.low} ${span.high}`;
    const inner = drawn.has(between);
    drawn.add(between);
    return 18 + (span.high - span.low - 1) * 22 - (inner ? 11 : 0);
  });
}

/**
 * Where a long bridge ends on its group's edge, as a part of the edge's length: those to earlier groups in the first half,
 * to later ones in the second, in the order that keeps arcs nested rather than crossed.
 */
function arcEnds(long: readonly Span[]): (span: Span, group: number) => number {
  const toLater = nested(
    long,
    ({ low }) => low,
    ({ high }) => -high,
    1,
  );
  const toEarlier = nested(
    long,
    ({ high }) => high,
    ({ low }) => -low,
    -1,
  );
  return (span, group) => {
    const later = group === span.low;
    const rivals = (later ? toLater : toEarlier).get(group);
    const share = ((rivals?.get(span) ?? 0) + 0.5) / (rivals?.size ?? 1);
    return later ? 0.58 + share * 0.36 : 0.06 + share * 0.36;
  };
}

/** For each group the bridges that end there on one side, each with its rank: by distance, and with one distance as listed or reversed. */
function nested(
  long: readonly Span[],
  endOf: (span: Span) => number,
  far: (span: Span) => number,
  listed: 1 | -1,
): Map<number, Map<Span, number>> {
  const ends = new Map<number, Span[]>();
  for (const span of long) {
    const there = ends.get(endOf(span));
    if (there === undefined) ends.set(endOf(span), [span]);
    else there.push(span);
  }
  const ranked = (spans: readonly Span[]) => {
    const inOrder = listed === 1 ? [...spans] : [...spans].reverse();
    // Sorting is stable: with one distance the order stays.
    return new Map(inOrder.sort((a, b) => far(a) - far(b)).map((span, rank) => [span, rank]));
  };
  return new Map([...ends].map(([group, spans]) => [group, ranked(spans)]));
}

function row(plan: ClusterPlan): Drawing {
  const style = machineStyle(plan);
  const spans = spansOf(plan, plan.groups);
  const gapAfter = (i: number) => (spans.some((span) => span.low === i && span.high === i + 1) ? BRIDGED : APART);
  const widthOf = (boxes: readonly Box[]) =>
    boxes.reduce((sum, box, i) => sum + box.width + (i < boxes.length - 1 ? gapAfter(i) : 0), 0);
  const beside = plan.groups.map((group) => groupBox(plan, group, true, style));
  const sized = widthOf(beside) <= WIDE ? beside : plan.groups.map((group) => groupBox(plan, group, false, style));
  const elector = electorBar(plan, Math.max(NARROW, widthOf(sized)));
  const width = elector?.width ?? Math.max(NARROW, widthOf(sized));
  const clients = moveBar(allClients(plan, width), MARGIN, MARGIN);
  let x = MARGIN + (width - widthOf(sized)) / 2;
  const groups = sized.map((box, i) => {
    const placed = moveGroup(box, x, bottom(clients) + 54);
    x = right(placed) + gapAfter(i);
    return placed;
  });
  const base = Math.max(...groups.map(bottom));
  const long = spans.filter(isLong);
  const depths = arcDepths(long);
  const arcEnd = arcEnds(long);
  const lane = Math.max(0, ...depths) + (elector ? (long.length > 0 ? 40 : 50) : 8);
  const below = elector && moveBar(elector, MARGIN, base + lane);
  return {
    width: width + 2 * MARGIN,
    height: (below ? bottom(below) : base + lane) + MARGIN,
    machines: [],
    clients: [clients],
    groups,
    ...(below && { elector: below }),
    connectors: [
      ...groups.map((group) => clientConnector(group, straightDown(centerX(group), bottom(clients), group.y, true))),
      ...(below
        ? groups.map((group) =>
            electionConnector(group, below, straightDown(centerX(group), bottom(group), below.y, false)),
          )
        : []),
      ...neighbours(plan, spans, groups, (low, high, shift) => {
        const y = low.y + Math.min(low.height, high.height) / 2 + shift * 24;
        return [
          { x: right(low), y },
          { x: high.x, y },
        ];
      }),
      ...long.flatMap((span, i) => {
        const [a, b] = endsOf(span, groups);
        if (a === undefined || b === undefined) return [];
        const end = (box: GroupBox) => ({
          x: box.x + box.width * arcEnd(span, groups.indexOf(box)),
          y: bottom(box),
        });
        const arc = { base: base + 4, depth: depths[i] ?? 0 };
        return [bridgeConnector(plan, span.bridge, around(end(a), end(b), "down", arc, span.bridge.duplex))];
      }),
    ],
  };
}

const straightDown = (x: number, from: number, to: number, arrow: boolean) =>
  straight({ x, y: from }, { x, y: to }, false, arrow);

/** The group that dials, then the one that is dialled. */
function endsOf(span: Span, groups: readonly GroupBox[]): [GroupBox | undefined, GroupBox | undefined] {
  const find = (name: string) => groups.find((group) => group.name === name);
  return [find(span.bridge.from), find(span.bridge.to)];
}

type Line = readonly [{ readonly x: number; readonly y: number }, { readonly x: number; readonly y: number }];

/** Bridges between neighbours, several between the same two side by side. `line` goes from the lower to the higher. */
function neighbours(
  plan: ClusterPlan,
  spans: readonly Span[],
  groups: readonly GroupBox[],
  line: (low: GroupBox, high: GroupBox, shift: number) => Line,
): Connector[] {
  const near = spans.filter((span) => !isLong(span));
  return near.flatMap((span) => {
    const [low, high] = [groups[span.low], groups[span.high]];
    if (low === undefined || high === undefined || low === high) return [];
    const same = near.filter((other) => other.low === span.low);
    const [a, b] = line(low, high, same.indexOf(span) - (same.length - 1) / 2);
    const forward = span.bridge.from === low.name;
    return [bridgeConnector(plan, span.bridge, straight(forward ? a : b, forward ? b : a, span.bridge.duplex))];
  });
}

function allClients(plan: ClusterPlan, width: number): Bar {
  return clientBar(
    "Clients",
    "one URL, to whichever broker is master",
    plan.groups.flatMap((group) => group.brokers),
    width,
  );
}

function stack(plan: ClusterPlan): Drawing {
  const spans = spansOf(plan, plan.groups);
  const long = spans.filter(isLong);
  const depths = arcDepths(long);
  const arcEnd = arcEnds(long);
  const sized = plan.groups.map((group) => groupBox(plan, group, true, "column"));
  const leftLane = 52;
  const rightLane = Math.max(0, ...depths) + 52;
  const widest = Math.max(...sized.map((box) => box.width));
  const needed = Math.max(NARROW, leftLane + widest + rightLane);
  const elector = electorBar(plan, needed);
  const width = elector?.width ?? needed;
  const clients = moveBar(allClients(plan, width), MARGIN, MARGIN);
  const x = MARGIN + leftLane + (width - leftLane - widest - rightLane) / 2;
  const top = bottom(clients) + 28;
  let y = top + 46;
  const groups = sized.map((box, i) => {
    const placed = moveGroup(box, x, y);
    y = bottom(placed) + (spans.some((span) => span.low === i && span.high === i + 1) ? 84 : APART);
    return placed;
  });
  const last = groups[groups.length - 1];
  const end = (last === undefined ? y : bottom(last)) + 14;
  const below = elector && moveBar(elector, MARGIN, end + 34);
  const edge = x + widest;
  return {
    width: width + 2 * MARGIN,
    height: (below ? bottom(below) : end) + MARGIN,
    machines: machineBoxes(plan, groups, top, end - top),
    clients: [clients],
    groups,
    ...(below && { elector: below }),
    connectors: [
      ...clientBus(groups, x - 30, bottom(clients)),
      ...(below ? electionBus(groups, edge + rightLane - 28, below, "right") : []),
      ...neighbours(plan, spans, groups, (low, high, shift) => {
        const px = betweenColumns(low, high) + shift * 16;
        return [
          { x: px, y: bottom(low) },
          { x: px, y: high.y },
        ];
      }),
      ...long.flatMap((span, i) => {
        const [a, b] = endsOf(span, groups);
        if (a === undefined || b === undefined) return [];
        const at = (box: GroupBox) => ({
          x: right(box),
          y: box.y + box.height * arcEnd(span, groups.indexOf(box)),
        });
        const arc = { base: edge + 4, depth: depths[i] ?? 0 };
        return [bridgeConnector(plan, span.bridge, around(at(a), at(b), "right", arc, span.bridge.duplex))];
      }),
    ],
  };
}

/** In the middle gap between the machines that both groups have: a line on a machine would seem to belong to it. */
function betweenColumns(low: GroupBox, high: GroupBox): number {
  const columns = Math.min(low.nodes.length, high.nodes.length);
  const before = low.nodes[Math.floor(columns / 2) - 1];
  const after = low.nodes[Math.floor(columns / 2)];
  if (before === undefined || after === undefined) return low.x + Math.min(low.width, high.width) / 2;
  return (right(before) + after.x) / 2;
}

/** A line from the clients down past the groups, with an arrow into each one's nearer side. */
function clientBus(groups: readonly GroupBox[], x: number, from: number, shift = 0): Connector[] {
  return groups.map((group, i) => {
    const y = centerY(group) + shift;
    const side = { x: x < group.x ? group.x : right(group), y };
    // One trunk, drawn with the lowest group: lines on top of each other would look thicker.
    const trunk = i === groups.length - 1;
    return clientConnector(
      group,
      trunk ? along([{ x, y: from }, { x, y }, side], true) : along([{ x, y }, side], true),
    );
  });
}

/** A line from who elects up past the groups, with a branch to each. */
function electionBus(groups: readonly GroupBox[], x: number, by: Bar, side: "left" | "right", shift = 0): Connector[] {
  return groups.map((group, i) => {
    const y = centerY(group) + shift;
    const start = { x: side === "right" ? right(group) : group.x, y };
    return electionConnector(group, by, along(i === 0 ? [start, { x, y }, { x, y: by.y }] : [start, { x, y }], false));
  });
}

function spokes(plan: ClusterPlan, producers: readonly PlannedGroup[]): Drawing {
  const consumers = plan.groups.filter((group) => !producers.includes(group));
  const style = machineStyle(plan);
  const middle = 240;
  const outer = 60;
  const sides = [producers, consumers].map((side) => side.map((group) => groupBox(plan, group, true, style)));
  const heights = sides.map((side) => side.reduce((sum, box) => sum + box.height, (side.length - 1) * 30));
  const widths = sides.map((side) => Math.max(...side.map((box) => box.width)));
  const [leftWidth = 0, rightWidth = 0] = widths;
  const needed = Math.max(680, 2 * outer + leftWidth + middle + rightWidth);
  const elector = electorBar(plan, needed);
  const width = elector?.width ?? needed;
  const gap = width - 2 * outer - leftWidth - rightWidth;
  const barWidth = (side: number) => Math.max(outer + (widths[side] ?? 0), 310);
  const bar = (side: number, heading: string, groups: readonly PlannedGroup[]) =>
    clientBar(
      heading,
      "",
      groups.flatMap((group) => group.brokers),
      barWidth(side),
    );
  const bars = [bar(0, "Producers", producers), bar(1, "Consumers", consumers)];
  const barHeight = Math.max(...bars.map((box) => box.height));
  const clients = bars.map((box, side) =>
    moveBar({ ...box, height: barHeight }, side === 0 ? MARGIN : MARGIN + width - box.width, MARGIN),
  );
  const top = MARGIN + barHeight + 40;
  const tallest = Math.max(...heights);
  const placed = sides.map((boxes, side) => {
    let y = top + (tallest - (heights[side] ?? 0)) / 2;
    return boxes.map((box) => {
      const x = side === 0 ? MARGIN + outer + leftWidth - box.width : MARGIN + outer + leftWidth + gap;
      const group = moveGroup(box, x, y);
      y = bottom(group) + 30;
      return group;
    });
  });
  const [left = [], rightSide = []] = placed;
  const below = elector && moveBar(elector, MARGIN, top + tallest + 44);
  const [leftEdge, rightEdge] = [MARGIN + outer, MARGIN + width - outer];
  return {
    width: width + 2 * MARGIN,
    height: (below ? bottom(below) : top + tallest) + MARGIN,
    machines: [],
    clients,
    groups: plan.groups.flatMap((group) => [...left, ...rightSide].filter((box) => box.name === group.name)),
    ...(below && { elector: below }),
    connectors: [
      ...clientBus(left, leftEdge - 24, MARGIN + barHeight, -12),
      ...clientBus(rightSide, rightEdge + 24, MARGIN + barHeight, -12),
      ...(below
        ? [
            ...electionBus(left, leftEdge - 44, below, "left", 14),
            ...electionBus(rightSide, rightEdge + 44, below, "right", 14),
          ]
        : []),
      ...spokeConnectors(plan, left, rightSide, gap),
    ],
  };
}

function spokeConnectors(
  plan: ClusterPlan,
  left: readonly GroupBox[],
  rightSide: readonly GroupBox[],
  gap: number,
): Connector[] {
  return plan.bridges.flatMap((bridge) => {
    const [a, b] = [left.find((box) => box.name === bridge.from), rightSide.find((box) => box.name === bridge.to)];
    if (a === undefined || b === undefined) return [];
    const start = { x: right(a), y: a.y + (a.height * (rightSide.indexOf(b) + 1)) / (rightSide.length + 1) };
    const end = { x: b.x, y: b.y + (b.height * (left.indexOf(a) + 1)) / (left.length + 1) };
    return [bridgeConnector(plan, bridge, curve(start, "right", end, "right", gap * 0.45, bridge.duplex))];
  });
}
