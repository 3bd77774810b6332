import { create } from "xmlbuilder2";
import type { XMLBuilder } from "xmlbuilder2/lib/interfaces";
import { loadPlan } from "../../../operate/project";
import { topologySvg } from "../../../operate/plan/topology/svg";
import { planOf } from "../../support/plans";
import { expectGolden } from "../../support/golden";
import { type ClusterPlan, brokersOf } from "../../../core/plan/model";

interface Rect {
  readonly kind: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly rects: readonly Rect[];
  /** Points along every line. */
  readonly lines: readonly { readonly kind: string; readonly points: readonly Point[] }[];
  readonly texts: readonly string[];
  readonly titles: readonly string[];
}

type Point = readonly [x: number, y: number];

/** Parsed back, so that it is well-formed or throws. */
function draw(plan: ClusterPlan): Picture {
  const svg = topologySvg(plan);
  const rects: Rect[] = [];
  const lines: Picture["lines"][number][] = [];
  const texts: string[] = [];
  const titles: string[] = [];
  const root = create(svg).root();
  const elements: Element[] = [];
  const walk = (element: XMLBuilder) => {
    const node = element.node as unknown as Element;
    elements.push(node);
    element.each((child) => { if ((child.node.nodeType as number) === 1) walk(child); }); // prettier-ignore
  };
  walk(root);
  const number = (node: Element, name: string) => Number(node.getAttribute(name));
  for (const node of elements) {
    const kind = node.getAttribute("class");
    if (node.tagName === "rect" && kind !== null) {
      const [x, y] = [number(node, "x"), number(node, "y")];
      rects.push({ kind, x, y, width: number(node, "width"), height: number(node, "height") });
    }
    const parent = node.parentNode as Element;
    const connector = parent.nodeType === 1 ? parent.getAttribute("class") : null;
    if (node.tagName === "path" && node.getAttribute("fill") === "none" && connector !== null) {
      lines.push({ kind: connector, points: pointsOf(node.getAttribute("d") ?? "") });
    }
    if (node.tagName === "text") texts.push(node.textContent);
    if (node.tagName === "title") titles.push(node.textContent);
  }
  const top = root.node as unknown as Element;
  return { svg, width: number(top, "width"), height: number(top, "height"), rects, lines, texts, titles };
}

/** Points of a path of the commands M, L, C and Q, some on every piece. */
function pointsOf(d: string): Point[] {
  const points: Point[] = [];
  for (const [, command, numbers = ""] of d.matchAll(/([MLCQ])([^MLCQ]*)/g)) {
    const values = numbers.trim().split(/[ ,]+/).map(Number);
    const controls = values.flatMap((x, i): Point[] => (i % 2 === 0 ? [[x, values[i + 1] ?? NaN]] : []));
    const start = points.at(-1);
    if (command === "M" || start === undefined) points.push(...controls);
    else for (let t = 1; t <= 24; t++) points.push(bezier([start, ...controls], t / 24));
  }
  return points;
}

function bezier(points: readonly Point[], t: number): Point {
  const [only] = points;
  if (points.length === 1 && only !== undefined) return only;
  const next = points.slice(1).map(([x, y], i): Point => {
    const [px, py] = points[i] ?? [NaN, NaN];
    return [px + (x - px) * t, py + (y - py) * t];
  });
  return bezier(next, t);
}

const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const within = (a: Rect, b: Rect) =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
const holds = (box: Rect, [x, y]: Point) =>
  x > box.x + 1 && x < box.x + box.width - 1 && y > box.y + 1 && y < box.y + box.height - 1;

const groups = (n: number, brokers: number, role?: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => ({
    name: ["orders", "billing", "shipping", "stock", "audit", "mail"][i],
    brokers,
    ...(role && { role: role(i) }),
  }));

const sizes = [1, 2, 3, 4, 5, 6].flatMap((n) => [1, 2, 3, 4, 5].map((brokers) => [n, brokers] as const));
const cases = sizes.flatMap(([n, brokers]) => [
  ...["mesh", "duplex", "none"].flatMap((topology) =>
    ["hostPerBroker", "hostPerGroup", "interleaved"].map((placement): [string, Record<string, unknown>] => [
      `${n} groups of ${brokers}, ${topology}, ${placement}`,
      { groups: groups(n, brokers), topology, placement },
    ]),
  ),
  ...(n < 2
    ? []
    : ([1, n - 1].map((producers) => [
        `${n} groups of ${brokers}, spokes from ${producers}`,
        {
          groups: groups(n, brokers, (i) => (i < producers ? "producers" : "consumers")),
          topology: "spokes",
        },
      ]) satisfies [string, Record<string, unknown>][])),
]);

for (const count of [4, 5, 7]) {
  const roles = { roles: ["broker"] };
  const hosts = Array.from({ length: count }, (_, i) => ({ name: `h${i + 1}`, address: "127.0.0.1", ...roles }));
  const values = { placement: "interleaved", store: "sharedKahaDB", hosts };
  cases.push([`3 groups of 3 interleaved on ${count} hosts`, { ...values, groups: groups(3, 3) }]);
  const uneven = groups(5, 1).map((group, i) => ({ ...group, brokers: (i % 4) + 1 }));
  cases.push([`groups of 1 to 4 interleaved on ${count} hosts`, { ...values, groups: uneven }]);
}

for (const placement of ["hostPerBroker", "interleaved"]) {
  for (const database of [
    {},
    { url: "jdbc:postgresql://a-long-name-of-a-host.example.com:5432/activemq", passwordFile: "pw" },
  ]) {
    const values = { groups: groups(3, 2), placement, store: "jdbc", jdbc: database };
    cases.push([`3 groups of 2 with ${"url" in database ? "a given" : "a"} database, ${placement}`, values]);
  }
}

test.each(cases)("%s: nothing overlaps, nothing is left out", (_name, values) => {
  const plan = planOf(values);
  const { width, height, rects, lines, texts } = draw(plan);
  const of = (...kinds: string[]) => rects.filter(({ kind }) => kinds.includes(kind));
  const outer = of("clients", "group", "ensemble", "database");
  const nodes = of("node");
  const collisions = (boxes: readonly Rect[]) =>
    boxes.flatMap((a, i) => boxes.slice(i + 1).flatMap((b) => (overlap(a, b) ? [[a, b]] : [])));
  expect(collisions(outer)).toEqual([]);
  expect(collisions(nodes)).toEqual([]);
  expect(collisions([...of("clients", "ensemble", "database", "machine")])).toEqual([]);
  expect(nodes.filter((node) => !of("group", "ensemble", "database").some((box) => within(node, box)))).toEqual([]);
  expect(rects.filter((box) => !within(box, { kind: "card", x: 0, y: 0, width, height }))).toEqual([]);
  // A line that passed behind a box would seem to end there.
  expect(lines.filter(({ points }) => points.some((point) => outer.some((box) => holds(box, point))))).toEqual([]);
  expect(lines.flatMap(({ points }) => points).filter(([x, y]) => !(x >= 0 && x <= width && y >= 0 && y <= height))).toEqual([]); // prettier-ignore
  expect(of("group")).toHaveLength(plan.groups.length);
  expect(nodes).toHaveLength(
    brokersOf(plan).length + (plan.ensemble?.members.length ?? 0) + (plan.database?.server ? 1 : 0),
  );
  expect(lines.filter(({ kind }) => kind === "bridge")).toHaveLength(plan.bridges.length);
  for (const { name, ports } of brokersOf(plan)) {
    expect(texts).toContain(name);
    expect(texts).toContain(`:${ports.openwire}`);
  }
});

test("the database is where the ensemble would be, and every group is joined with it", () => {
  const own = draw(planOf({ store: "jdbc" }));
  expect(own.texts).toEqual(expect.arrayContaining(["Database", "postgresql", ":5432", "lease"]));
  expect(own.lines.filter(({ kind }) => kind === "election")).toHaveLength(2);
  expect(own.titles).toContain("the brokers of a have their messages and their lease in the database");
  const url = "jdbc:postgresql://db.lan/mq";
  const given = draw(planOf({ store: "jdbc", jdbc: { url, passwordFile: "~/pw" } }));
  expect(given.texts).toEqual(expect.arrayContaining(["Database, yours", url]));
  expect(given.rects.filter(({ kind }) => kind === "database")).toHaveLength(1);
});

test("interleaved: a machine is a column that holds one broker of each group", () => {
  const { rects, texts } = draw(loadPlan("interleaved"));
  const machines = rects.filter(({ kind }) => kind === "machine");
  const brokers = rects.filter(
    ({ kind, y }) => kind === "node" && y < Math.max(...machines.map((m) => m.y + m.height)),
  );
  expect(machines.map((machine) => brokers.filter((broker) => within(broker, machine)).length)).toEqual([2, 2, 2]);
  expect(texts).toEqual(expect.arrayContaining(["host-86", "127.0.1.86", "host-87", "host-88"]));
});

test("interleaved on more hosts than a group has brokers: each broker is in the column of its machine", () => {
  const hosts = ["h1", "h2", "h3", "h4", "h5"].map((name) => ({ name, address: "127.0.0.1", roles: ["broker"] }));
  const more = [...hosts, { name: "z", address: "127.0.0.1", roles: ["zookeeper"] }];
  const plan = planOf({ placement: "interleaved", hosts: more, groups: groups(3, 3) });
  const { rects } = draw(plan);
  const machines = rects.filter(({ kind }) => kind === "machine");
  const brokers = rects.filter(({ kind }) => kind === "node").slice(0, 9);
  expect(machines.map((machine) => brokers.filter((broker) => within(broker, machine)).length)).toEqual([
    2, 2, 2, 2, 1,
  ]);
});

test("one host for a group is named below it", () => {
  expect(draw(planOf({ placement: "hostPerGroup" })).texts).toContain("on a-host · 127.0.0.1");
});

test("spokes: producers and consumers have their own lists", () => {
  const { texts } = draw(loadPlan("spokes"));
  expect(texts).toEqual(expect.arrayContaining(["Producers", "Consumers"]));
  expect(texts).not.toContain("Clients");
});

test("duplex bridges have two heads, one-way bridges one", () => {
  const heads = (stack: string) =>
    /<g class="bridge">[\s\S]*?<\/g>/.exec(draw(loadPlan(stack)).svg)?.[0].match(/Z" fill/g)?.length;
  expect(heads("duplex")).toBe(2);
  expect(heads("local")).toBe(1);
});

test("long names are shortened, their ends kept and the whole in the tooltip", () => {
  const name = "a-group-with-a-really-long-name-in-it";
  const { texts, titles } = draw(planOf({ groups: [{ name }] }));
  expect(texts.filter((text) => /^a-group.*….*in-it-1$/.test(text))).toHaveLength(1);
  expect(titles.some((title) => title.startsWith(`${name}-1 on host`))).toBe(true);
});

test("it says in words what it shows", () => {
  const { svg } = draw(loadPlan("duplex"));
  expect(svg).toMatch(/<svg [^>]*role="img"[^>]*aria-labelledby="title desc"/);
  expect(svg).toContain('<title id="title">ActiveMQ cluster of stack duplex</title>');
  expect(svg).toMatch(/<desc id="desc">.*group1-1.*Bridges: group1 to and from group2\./);
});

test("the same plan draws the same picture, and the one in the README is of today", () => {
  const picture = topologySvg(loadPlan("local"));
  expect(topologySvg(loadPlan("local"))).toBe(picture);
  expectGolden("topology.svg", picture);
});
