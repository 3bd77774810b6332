/** Reads a stack file without the Pulumi engine, for the commands that need no engine. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, LineCounter, parseDocument } from "yaml";
import { ConfigError, type Fault } from "../../config/faults";
import { NAMESPACE } from "../../config/schema";
import { nearest, oneOf } from "../util/suggest";
import { FOLDER, stacksOf } from "./stackNames";

/** What parseConfig takes. */
export interface StackFile {
  /** The file's path within the project. */
  readonly source: string;
  /** Values by key without `activemq:`, as the Pulumi engine would deliver them. */
  readonly raw: Record<string, string>;
}

/** Names that Pulumi accepts; also what keeps a name from leaving the folder. */
const STACK_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

/**
 * The values of a stack file.
 *
 * @param projectDir where Pulumi.yaml is
 * @throws ConfigError when there is no such file, or it is not a stack file
 */
export function readStackFile(projectDir: string, stack: string): StackFile {
  const source = `${FOLDER}/Pulumi.${stack}.yaml`;
  const file = join(projectDir, FOLDER, `Pulumi.${stack}.yaml`);
  if (!STACK_NAME.test(stack)) throw new ConfigError("stack name", [badName(stack)]);
  if (!existsSync(file)) throw new ConfigError(source, [missing(stack, stacksOf(projectDir))]);
  return { source, raw: rawValues(source, configOf(source, readFileSync(file, "utf8"))) };
}

/** The `config` map of a stack file's text. */
function configOf(source: string, text: string): Record<string, unknown> {
  const lines = new LineCounter();
  // Like the engine's parser: no key twice, and `<<` merges.
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  if (document.errors.length > 0) {
    throw new ConfigError(
      source,
      document.errors.map(({ code, message, pos }): Fault => {
        const { line, col } = lines.linePos(pos[0]);
        return {
          path: `line ${line}, column ${col}`,
          value: text.split("\n")[line - 1]?.trimEnd(),
          problem: `This is not YAML: ${message.split(/ at line |\n/)[0] ?? message}.`,
          allowed: code === "DUPLICATE_KEY" ? "every key once" : "YAML, indented by spaces",
          fix: code === "DUPLICATE_KEY" ? "remove one of the two" : "mend this line, or the one before it",
        };
      }),
    );
  }
  const wrong = (path: string, value: unknown): ConfigError =>
    new ConfigError(source, [
      {
        path,
        value,
        problem: "Expected a map of keys and values.",
        allowed: `a line \`config:\`, and below it keys such as \`${NAMESPACE}:target: local\``,
        fix: "compare it with config/Pulumi.local.yaml",
      },
    ]);
  const root: unknown = toData(source, document);
  if (root === null) return {};
  if (!isMap(document.contents)) throw wrong("line 1", root);
  const config = (root as Record<string, unknown>)["config"] ?? {};
  if (typeof config !== "object" || Array.isArray(config)) throw wrong("config", config);
  return config as Record<string, unknown>;
}

function toData(source: string, document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    const problem = `This cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    const allowed = "aliases of anchors that exist, and not too many of them";
    throw new ConfigError(source, [{ path: "config", problem, allowed, fix: "write the values out" }]);
  }
}

/** Keys of other namespaces are other programs' business. */
function rawValues(source: string, config: Record<string, unknown>): Record<string, string> {
  const faults: Fault[] = [];
  const raw = new Map<string, string>();
  for (const [name, value] of Object.entries(config)) {
    const colon = name.indexOf(":");
    // The engine reads a key without a namespace as one of the project's.
    if (colon >= 0 && name.slice(0, colon) !== NAMESPACE) continue;
    const key = name.slice(colon + 1);
    if (raw.has(key)) faults.push(twice(key, value));
    if (isSecret(value)) faults.push(encrypted(key));
    raw.set(key, rawText(value));
  }
  if (faults.length > 0) throw new ConfigError(source, faults);
  return Object.fromEntries(raw);
}

/** As the engine does it: scalars as text, an empty one as "", the rest as JSON. */
function rawText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).join() === "secure";
}

function encrypted(key: string): Fault {
  return {
    path: key,
    problem: "The value is encrypted, so it cannot be read here; and nothing in this configuration is secret.",
    allowed: "plain values: passwords are generated, see the stack's outputs",
    fix: `set it again with \`pulumi config set --plaintext ${NAMESPACE}:${key}\``,
  };
}

function twice(key: string, value: unknown): Fault {
  return {
    path: key,
    value,
    problem: `\`${key}\` and \`${NAMESPACE}:${key}\` are the same key.`,
    allowed: "every key once",
    fix: `remove one of the two; the usual form is \`${NAMESPACE}:${key}\``,
  };
}

function badName(stack: string): Fault {
  return {
    path: "stack",
    value: stack,
    problem: "This cannot be the name of a stack.",
    allowed: "letters, digits, hyphens, underscores and dots, at most 100",
    fix: "give the stack's own name, without organisation, project or folder",
  };
}

function missing(stack: string, known: readonly string[]): Fault {
  const meant = nearest(stack, known);
  return {
    path: "stack",
    value: stack,
    problem: `There is no stack file for \`${stack}\`.${meant === undefined ? "" : ` Did you mean \`${meant}\`?`}`,
    allowed: known.length === 0 ? "no stack has a file yet" : oneOf(known),
    fix: `choose one of these, or copy one to ${FOLDER}/Pulumi.${stack}.yaml and change it`,
  };
}
