/** From the text of a stack file's values to a configuration, or to every fault at once. Pure. */
import { ConfigError, type Fault } from "../../config/faults";
import { partialConfig } from "./partialConfig";
import type { Path } from "../util/path";
import { ruleFaults } from "./rules";
import { type ClusterConfig, configSchema, NAMESPACE } from "../../config/schema";
import { allowedBy, isText, nodeAt } from "../../config/schemaNodes";
import { schemaFaults } from "../../config/schemaFaults";
import { oneOf } from "../util/suggest";
import { STORE_NAMES } from "../products/stores";

export { readStackFile } from "./stackFile";

/**
 * The configuration that the values describe, defaults filled in, frozen through and through.
 *
 * @param source where the values come from, as the head of the report
 * @param raw values by key without `activemq:`, as the Pulumi engine delivers them: text, or JSON for all that is not text
 * @throws ConfigError with every fault of the values and of what they say together
 */
export function parseConfig(source: string, raw: Readonly<Record<string, string>>): ClusterConfig {
  const { values, faults: unreadable } = readValues(raw);
  const faults = [...unreadable, ...unchosenStore(values)];
  const result = configSchema.safeParse(values);
  if (result.success && faults.length === 0) {
    const broken = ruleFaults(result.data);
    if (broken.length > 0) throw new ConfigError(source, broken);
    // A copy, because defaults are the schema's own objects; everything here came from JSON.
    return deepFreeze(JSON.parse(JSON.stringify(result.data)) as ClusterConfig);
  }
  // What could not be read is not missing as well.
  const unread = new Set(faults.map((fault) => fault.path));
  const issues = (result.error?.issues ?? []).filter((issue) => !unread.has(String(issue.path[0])));
  const broken = schemaFaults(issues, values);
  const hidden: Path[] = [...[...unread].map((key) => [key]), ...broken.flatMap(({ hides }) => (hides ? [hides] : []))];
  const rest = partialConfig(readValues(raw).values, hidden);
  throw new ConfigError(source, [
    ...faults,
    ...broken.map(({ fault }) => fault),
    ...(rest === undefined ? [] : ruleFaults(rest)),
  ]);
}

/** The values by key. Unknown keys are kept as text, for the schema to report. */
function readValues(raw: Readonly<Record<string, string>>): { values: Record<string, unknown>; faults: Fault[] } {
  const faults: Fault[] = [];
  const entries = Object.entries(raw).flatMap(([key, text]): [string, unknown][] => {
    const node = nodeAt([key]);
    if (node === undefined || isText(node)) return [[key, text]];
    try {
      return [[key, JSON.parse(text) as unknown]];
    } catch (error) {
      const allowed = allowedBy(node);
      const looksLikeJson = /^\s*[[{]/.test(text);
      const problem =
        text.trim() === ""
          ? "The key has no value."
          : looksLikeJson
            ? `The value is not valid JSON: ${error instanceof Error ? error.message : String(error)}.`
            : `Expected ${node.type === "array" ? "a list" : "a map"}, found text.`;
      const fix =
        text.trim() === ""
          ? "give it a value, or remove the line"
          : "write it as YAML in the stack file, or as JSON to `pulumi config set`";
      faults.push({ path: key, value: text, problem, allowed, fix });
      return [];
    }
  });
  // fromEntries defines each key as its own, so even __proto__ is only a key.
  return { values: Object.fromEntries(entries), faults };
}

/** A store that loses messages, or one without slaves, is nothing that a production cluster should get by saying nothing. */
function unchosenStore(values: Readonly<Record<string, unknown>>): Fault[] {
  if (values["target"] !== "aws" || values["store"] !== undefined) return [];
  return [
    {
      path: "store",
      problem: `\`${NAMESPACE}:store\` is missing: on target aws it has no default.`,
      allowed: oneOf(STORE_NAMES),
      fix: "read docs/stores.md, and write down which one",
    },
  ];
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
