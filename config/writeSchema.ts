/** Writes what follows from schema.ts: `npm run schema`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as babel from "prettier/plugins/babel";
import * as estree from "prettier/plugins/estree";
import * as typescript from "prettier/plugins/typescript";
import { format } from "prettier/standalone";
import prettierOptions from "../.prettierrc.json";
import { stackSchema } from "./stackSchema";
import { valuesText } from "./valuesText";

/** Where the JSON schema of stack files is committed. */
export const STACK_SCHEMA_FILE = join(__dirname, "stack.schema.json");

/** Where the same as TypeScript is committed. */
export const CLUSTER_VALUES_FILE = join(__dirname, "clusterValues.ts");

/** The files' texts, as prettier wants them. */
export function stackSchemaText(): Promise<string> {
  return formatted(JSON.stringify(stackSchema()), "json");
}
export function clusterValuesText(): Promise<string> {
  return formatted(valuesText(), "typescript");
}

function formatted(text: string, parser: "json" | "typescript"): Promise<string> {
  return format(text, { ...prettierOptions, parser, plugins: [babel, estree, typescript] });
}

async function write(): Promise<void> {
  writeFileSync(STACK_SCHEMA_FILE, await stackSchemaText());
  writeFileSync(CLUSTER_VALUES_FILE, await clusterValuesText());
}

if (require.main === module) void write();
