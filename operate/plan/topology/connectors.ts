/** Lines of the topology picture: straight, curved or along a bus, each ending exactly at a box. Pure. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export type Direction = "up" | "down" | "left" | "right";

export interface Connector {
  readonly kind: "client" | "election" | "bridge";
  /** The path's `d`. */
  readonly d: string;
  /** Arrow heads: where the tip is and which way it points. */
  readonly heads: readonly (Point & { readonly direction: Direction })[];
  /** What it is, in words, for the tooltip. */
  readonly title: string;
  /** Which group's colour it has; absent: neutral. */
  readonly group?: number;
}

/** A line stops short of the tip of its arrow head, or it would show through. */
const HEAD = 7;
const UNIT: Record<Direction, Point> = {
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
};
const BACK = { up: "down", down: "up", left: "right", right: "left" } as const;

export const centerX = (box: Box): number => box.x + box.width / 2;
export const centerY = (box: Box): number => box.y + box.height / 2;
export const right = (box: Box): number => box.x + box.width;
export const bottom = (box: Box): number => box.y + box.height;

/** A tenth of a pixel: enough to draw, few enough digits to read a diff. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const at = (point: Point): string => `${round(point.x)} ${round(point.y)}`;

function step(from: Point, direction: Direction, distance: number): Point {
  const unit = UNIT[direction];
  return { x: from.x + unit.x * distance, y: from.y + unit.y * distance };
}

type Ends = Pick<Connector, "d" | "heads">;

/** From a to b, which are on one horizontal or vertical line. */
export function straight(a: Point, b: Point, both: boolean, arrow = true): Ends {
  const direction: Direction = a.y === b.y ? (a.x < b.x ? "right" : "left") : a.y < b.y ? "down" : "up";
  const start = both ? step(a, direction, HEAD) : a;
  const end = arrow ? step(b, direction, -HEAD) : b;
  const heads = arrow ? [{ ...b, direction }] : [];
  return {
    d: `M${at(start)}L${at(end)}`,
    heads: both ? [{ ...a, direction: BACK[direction] }, ...heads] : heads,
  };
}

/** Leaves a towards `out`, arrives at b in the direction `into`, in one smooth curve that bends by `bend`. */
export function curve(a: Point, out: Direction, b: Point, into: Direction, bend: number, both: boolean): Ends {
  const start = both ? step(a, out, HEAD) : a;
  const end = step(b, into, -HEAD);
  return {
    d: `M${at(start)}C${at(step(start, out, bend))} ${at(step(end, into, -bend))} ${at(end)}`,
    heads: [...(both ? [{ ...a, direction: BACK[out] }] : []), { ...b, direction: into }],
  };
}

/**
 * Round whatever stands between two boxes: leaves both on the side `out`, first straight to the line `base`, clear of every
 * box, then in an arc that is `depth` deep.
 */
export function around(
  a: Point,
  b: Point,
  out: "down" | "right",
  lane: { readonly base: number; readonly depth: number },
  both: boolean,
): Ends {
  const onBase = (point: Point): Point => (out === "down" ? { ...point, y: lane.base } : { ...point, x: lane.base });
  // A cubic's summit is at three quarters of its handles.
  const handle = (point: Point): Point => step(onBase(point), out, (lane.depth * 4) / 3);
  const start = both ? step(a, out, HEAD) : a;
  const end = step(b, out, HEAD);
  return {
    d: `M${at(start)}L${at(onBase(a))}C${at(handle(a))} ${at(handle(b))} ${at(onBase(b))}L${at(end)}`,
    heads: [...(both ? [{ ...a, direction: BACK[out] }] : []), { ...b, direction: BACK[out] }],
  };
}

/** Straight lines through the points, with round corners. */
export function along(points: readonly Point[], arrow: boolean): Ends {
  const radius = 10;
  const first = points[0];
  const last = points[points.length - 1];
  const before = points[points.length - 2];
  if (first === undefined || last === undefined || before === undefined) return { d: "", heads: [] };
  const direction = towards(before, last);
  const end = arrow ? step(last, direction, -HEAD) : last;
  const corners = points.slice(1, -1).map((corner, i) => {
    const from = points[i] ?? corner;
    const to = points[i + 2] ?? corner;
    const reach = Math.min(radius, distance(from, corner) / 2, distance(corner, to) / 2);
    const entry = step(corner, towards(corner, from), reach);
    const exit = step(corner, towards(corner, to), reach);
    return `L${at(entry)}Q${at(corner)} ${at(exit)}`;
  });
  return { d: `M${at(first)}${corners.join("")}L${at(end)}`, heads: arrow ? [{ ...last, direction }] : [] };
}

function towards(from: Point, to: Point): Direction {
  if (Math.abs(to.x - from.x) > Math.abs(to.y - from.y)) return to.x > from.x ? "right" : "left";
  return to.y > from.y ? "down" : "up";
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** The outline of an arrow head. */
export function headPath(head: Point & { readonly direction: Direction }): string {
  const back = step(head, head.direction, -9);
  const across = UNIT[head.direction];
  const side = (sign: number): Point => ({ x: back.x + across.y * 4.5 * sign, y: back.y + across.x * 4.5 * sign });
  return `M${at(head)}L${at(side(1))}L${at(side(-1))}Z`;
}
