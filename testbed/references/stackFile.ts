/** docs/reference/stack-file.md: every key of a stack file, from the schema. */
import { NAMESPACE } from "../../config/schema";
import { ROOT, type SchemaNode, allowedBy } from "../../config/schemaNodes";
import { anchorOf, code, head, plain, table } from "./markdown";

/** Units, by how keys end. */
const UNITS: readonly (readonly [ending: RegExp, unit: string])[] = [
  [/MiB$/, "MiB"],
  [/GiB$/, "GiB"],
  [/Millis$/, "ms"],
  [/Ticks$/, "ticks"],
  [/Days$/, "days"],
];

const INTRODUCTION = `A stack file is \`config/Pulumi.<stack>.yaml\`. Its keys stand under \`config:\`, each with the prefix \`${NAMESPACE}:\`.
[Stack files](../stack-files.md) explains how to write one. This page has no rules between keys: \`amq plan\` reports each
violation with its fix.

- The types "list" and "map" link to the keys inside.
- A default "of each key" means: leave the map out, and each of its keys has its own default.
- ZooKeeper counts some times in ticks; a tick lasts \`zookeeper.tickTimeMillis\`.`;

/** The page's text. */
export function stackFileReference(): string {
  const sections: string[] = [];
  section("All keys", "", ROOT, sections);
  return (
    [head("Keys of a stack file", "config/schema.ts"), INTRODUCTION, ...sections, ""].join("\n\n").trimEnd() + "\n"
  );
}

/** Adds the table of a map, and those of the maps in it. */
function section(heading: string, path: string, node: SchemaNode, sections: string[]): void {
  const below: [string, SchemaNode][] = [];
  const rows = Object.entries(node.properties ?? {}).map(([key, child]) => {
    const at = path === "" ? `${NAMESPACE}:${key}` : `${path}.${key}`;
    const inside = mapIn(at, child);
    if (inside !== undefined) below.push(inside);
    return [
      code(path === "" ? at : key),
      typeOf(child, inside?.[0]),
      node.required?.includes(key) === true ? "required" : defaultOf(child),
      UNITS.find(([ending]) => ending.test(key))?.[1] ?? "-",
      plain(child.description ?? ""),
    ];
  });
  sections.push(`## ${heading}`, table(["key", "type", "default", "unit", "meaning"], rows));
  for (const [at, child] of below) section(code(at), at, child, sections);
}

/** The map that a value is, or that each entry of a list is; with its path. */
function mapIn(path: string, node: SchemaNode): [string, SchemaNode] | undefined {
  if (node.properties !== undefined) return [path, node];
  return node.items?.properties === undefined ? undefined : [`${path}[]`, node.items];
}

function typeOf(node: SchemaNode, inside?: string): string {
  const link = (word: string) => `[${word}](#${anchorOf(inside ?? "")})`;
  if (node.anyOf !== undefined) return node.anyOf.map((one) => typeOf(one)).join(" or ");
  if (node.const !== undefined) return code(node.const);
  if (node.enum !== undefined) return node.enum.map(code).join(", ");
  if (node.type === "object") return link("map");
  if (node.type === "array") return inside === undefined ? `list of ${typeOf(node.items ?? {})}` : link("list");
  const { maximum, ...open } = node;
  return allowedBy(maximum === Number.MAX_SAFE_INTEGER ? open : node).replace(/^a /, "");
}

function defaultOf({ default: value, defaultText, type }: SchemaNode): string {
  if (value !== undefined && JSON.stringify(value) !== "{}") return code(JSON.stringify(value));
  if (defaultText !== undefined) return plain(defaultText);
  return type === "object" && value !== undefined ? "of each key" : "none";
}
