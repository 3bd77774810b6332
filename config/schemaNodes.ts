/** The schema as plain JSON schema, to be asked what it says about a path. */
import { z } from "zod";
import type { Path } from "../core/util/path";
import { configSchema } from "./schema";
import { oneOf } from "../core/util/suggest";

declare module "zod" {
  interface GlobalMeta {
    /** What holds where the value is left out, in words: a default that follows from other values or from the target. */
    defaultText?: string;
  }
}

/** The parts of JSON schema that our schema uses. */
export interface SchemaNode {
  readonly type?: "string" | "number" | "integer" | "boolean" | "array" | "object";
  readonly description?: string;
  readonly default?: unknown;
  /** A default in words; see GlobalMeta. */
  readonly defaultText?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly SchemaNode[];
}

/** What a user may write. Draft 7, because editors' YAML support knows it best. */
export const ROOT = z.toJSONSchema(configSchema, { io: "input", target: "draft-07" }) as SchemaNode;

/** The schema of what a path leads to; undefined for keys that do not exist. */
export function nodeAt(path: Path): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>((node, part) => {
    const candidates = node?.anyOf ?? (node === undefined ? [] : [node]);
    for (const candidate of candidates) {
      if (typeof part === "number" && candidate.items !== undefined) return candidate.items;
      if (typeof part === "string" && candidate.properties !== undefined && Object.hasOwn(candidate.properties, part)) {
        return candidate.properties[part];
      }
    }
    return undefined;
  }, ROOT);
}

/** True when the value is taken as it is written; others arrive as JSON. */
export function isText(node: SchemaNode): boolean {
  return node.type === "string";
}

/** What a node accepts, in words. */
export function allowedBy(node: SchemaNode): string {
  if (node.anyOf !== undefined) return node.anyOf.map(allowedBy).join(", or ");
  if (node.enum !== undefined) return oneOf(node.enum);
  switch (node.type) {
    case "string":
      return "text";
    case "boolean":
      return "true or false";
    case "integer":
      return `a whole number${range(node)}`;
    case "number":
      return `a number${range(node)}`;
    case "array":
      return `a list${node.minItems === undefined ? "" : " with at least one entry"}${node.items?.properties ? `, each with ${keysOf(node.items)}` : ""}`;
    case "object":
      return `a map of ${keysOf(node)}`;
    case undefined:
      return "any value";
    default:
      return node.type satisfies never;
  }
}

function keysOf(node: SchemaNode): string {
  return Object.keys(node.properties ?? {})
    .map((key) => `\`${key}\``)
    .join(", ");
}

function range({ minimum, maximum }: SchemaNode): string {
  if (minimum === undefined) return maximum === undefined ? "" : ` up to ${maximum}`;
  return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`;
}
