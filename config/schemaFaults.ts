/** Says in plain words what the schema found. */
import type { z } from "zod";
import type { Fault } from "./faults";
import { formatPath, type Path, valueAt } from "../core/util/path";
import { NAMESPACE } from "./schema";
import { mistakenKey, mistakenValue } from "./knownMistakes";
import { allowedBy, nodeAt, type SchemaNode } from "./schemaNodes";
import { nearest } from "../core/util/suggest";

type Issue = z.core.$ZodIssue;

/** A fault of the schema, and what cannot be judged any further because of it. */
export interface Broken {
  readonly fault: Fault;
  /** A value that is not to be relied on; absent when everything else is as it was meant. */
  readonly hides?: Path;
}

/** Every issue as a fault, at most one for each path. */
export function schemaFaults(issues: readonly Issue[], values: unknown): Broken[] {
  const found = issues.flatMap((issue) => translate(issue, values));
  // A number that is no integer and too large as well is one thing to mend.
  return found.filter(({ fault }, i) => found.findIndex((other) => other.fault.path === fault.path) === i);
}

function translate(issue: Issue, values: unknown): Broken[] {
  const path = pathOf(issue.path);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(path, key, values));
  if (issue.code === "invalid_union") {
    const meant = issue.errors.find((branch) => branch.every((inner) => inner.path.length > 0));
    if (meant !== undefined) {
      return meant.flatMap((inner) => translate({ ...inner, path: [...issue.path, ...inner.path] }, values));
    }
  }
  return [{ fault: brokenValue(path, issue, valueAt(values, path)), hides: path }];
}

/** Our data has no symbols for keys. */
function pathOf(path: readonly PropertyKey[]): Path {
  return path.map((part) => (typeof part === "number" ? part : String(part)));
}

/** The key as it stands in a stack file. */
function keyOf(path: Path): string {
  return path.length === 1 ? `${NAMESPACE}:${formatPath(path)}` : formatPath(path);
}

function unknownKey(parent: Path, key: string, values: unknown): Broken {
  const mistake = mistakenKey(key);
  if (mistake !== undefined) {
    const path = [...parent, key];
    return { fault: { path: formatPath(path), value: valueAt(values, path), ...mistake } };
  }
  const known = Object.keys(nodeAt(parent)?.properties ?? {});
  const meant = nearest(key, known);
  const suggested = meant === undefined ? undefined : [...parent, meant];
  const fault: Fault = {
    path: formatPath([...parent, key]),
    value: valueAt(values, [...parent, key]),
    problem: `There is no key \`${key}\`${parent.length === 0 ? "" : ` in ${formatPath(parent)}`}.${meant === undefined ? "" : ` Did you mean \`${meant}\`?`}`,
    allowed: `the keys ${known.join(", ")}`,
    fix: meant === undefined ? "remove the line, or use one of the known keys" : `write \`${meant}\``,
  };
  // A misspelt key leaves its default in force: rules that read it would judge what nobody meant.
  return suggested === undefined || valueAt(values, suggested) !== undefined ? { fault } : { fault, hides: suggested };
}

function brokenValue(path: Path, issue: Issue, value: unknown): Fault {
  const node = nodeAt(path) ?? {};
  const allowed = issue.code === "invalid_format" ? issue.message : allowedBy(node);
  const at = { path: formatPath(path), ...(value !== undefined && { value: readable(value) }), allowed };
  if (value === undefined) {
    return {
      ...at,
      problem: `\`${keyOf(path)}\` is missing${node.description === undefined ? "." : `: ${node.description}`}`,
      fix:
        path.length > 1
          ? `add \`${String(path[path.length - 1])}\` to ${formatPath(path.slice(0, -1))}`
          : `add the key \`${keyOf(path)}\``,
    };
  }
  const mistake = issue.code === "invalid_value" ? mistakenValue(formatPath(path), value) : undefined;
  return { ...at, problem: problemOf(issue, node, value), fix: fixOf(issue, node, value), ...mistake };
}

function problemOf(issue: Issue, node: SchemaNode, value: unknown): string {
  switch (issue.code) {
    case "invalid_value": {
      if (typeof value !== "string") return `Expected text, found ${kindOf(value)}.`;
      const meant = nearest(value, node.enum ?? []);
      return `\`${value}\` is not one of the choices.${meant === undefined ? "" : ` Did you mean \`${meant}\`?`}`;
    }
    case "too_small":
      return Array.isArray(value)
        ? "The list is empty."
        : value === ""
          ? "The text is empty."
          : `${String(value)} is too small.`;
    case "too_big":
      return `${String(value)} is too large.`;
    case "invalid_format":
      return value === "" ? "The text is empty." : `\`${String(value)}\` does not have the form that is needed here.`;
    case "invalid_type":
      if (value === Infinity || value === -Infinity) return "The number is too large.";
      if (typeof value === "number" && node.type === "integer") return `${value} is not a whole number.`;
      return `Expected ${expected(node)}, found ${kindOf(value)}.`;
    default:
      return node.anyOf === undefined ? issue.message : `Expected ${expected(node)}, found ${kindOf(value)}.`;
  }
}

function fixOf(issue: Issue, node: SchemaNode, value: unknown): string {
  if (value === null || value === "") return "give it a value, or remove the line";
  if (issue.code === "invalid_value" && typeof value === "string") {
    const meant = nearest(value, node.enum ?? []);
    if (meant !== undefined) return `write \`${meant}\``;
  }
  const types = (node.anyOf ?? [node]).map((candidate) => candidate.type);
  const wantsText = types.includes("string");
  if (wantsText && (typeof value === "number" || typeof value === "boolean"))
    return `put it in quotes: "${String(value)}"`;
  if (typeof value === "string" && !wantsText) {
    const meant = /^(true|yes|on)$/i.test(value) ? "true" : /^(false|no|off)$/i.test(value) ? "false" : value;
    if (types.includes("boolean") && meant !== value) return `write ${meant}, without quotes`;
    if (types.some((type) => type === "integer" || type === "number") && Number.isFinite(Number(value))) {
      return `write ${value}, without quotes`;
    }
  }
  if (types.includes("array") && !Array.isArray(value)) return "write a list: each entry on its own line, after a dash";
  if (Array.isArray(value) && value.length === 0) return "add an entry, or remove the key";
  return node.default === undefined || typeof node.default === "object"
    ? "replace the value by one that is allowed"
    : `replace the value, or remove the line for the default, ${JSON.stringify(node.default)}`;
}

function expected(node: SchemaNode): string {
  if (node.anyOf !== undefined) return node.anyOf.map(expected).join(" or ");
  const words: Record<NonNullable<SchemaNode["type"]>, string> = {
    string: "text",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "a map",
  };
  return node.type === undefined ? "something else" : words[node.type];
}

function kindOf(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
      return "a number";
    case "boolean":
      return String(value);
    default:
      return "a map";
  }
}

/** JSON has no infinity: a number that overflows is shown by name. */
function readable(value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
