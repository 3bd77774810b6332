/** Values as they travel between program and engine: JSON, with Pulumi's own markers for secrets and resources. */
import { isDeepStrictEqual } from "node:util";

export type Wire = null | boolean | number | string | Wire[] | WireMap;
export interface WireMap {
  [name: string]: Wire;
}

// Pulumi's wire format (sdk/go/common/resource/properties.go).
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

export function isMap(value: Wire | undefined): value is WireMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: Wire | undefined): value is WireMap {
  return isMap(value) && value[SIGNATURE] === SECRET;
}

export function secret(value: Wire): Wire {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** Copies a value; an object for which `replace` answers is replaced by the answer, all others are walked. */
export function rewrite(value: Wire, replace: (node: WireMap) => Wire | undefined): Wire {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, replace));
  if (!isMap(value)) return value;
  return replace(value) ?? rewriteMap(value, replace);
}

export function rewriteMap(map: WireMap, replace: (node: WireMap) => Wire | undefined): WireMap {
  return Object.fromEntries(Object.entries(map).map(([name, item]) => [name, rewrite(item, replace)]));
}

/** The value with every secret marker taken off. */
export function plain(value: Wire): Wire {
  return rewrite(value, (node) => (isSecret(node) ? plain(node["value"] ?? null) : undefined));
}

export function plainMap(map: WireMap): WireMap {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, plain(value)]));
}

export function hasSecret(value: Wire): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return isMap(value) && Object.values(value).some(hasSecret);
}

/** A resource used as a value counts as its id, a component as its URN. */
export function withoutResources(map: WireMap): WireMap {
  return rewriteMap(map, (node) => (node[SIGNATURE] === RESOURCE ? (node["id"] ?? node["urn"] ?? null) : undefined));
}

/** The top-level names whose values differ. As for the real engine, becoming secret is a difference. */
export function changedNames(before: WireMap, after: WireMap): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

export interface Output {
  readonly value: unknown;
  readonly secret: boolean;
}
