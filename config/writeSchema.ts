/** Writes stack.schema.json: `npm run schema`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as babel from "prettier/plugins/babel";
import * as estree from "prettier/plugins/estree";
import { format } from "prettier/standalone";
import prettierOptions from "../.prettierrc.json";
import { stackSchema } from "./stackSchema";

/** Where the schema is committed. */
export const STACK_SCHEMA_FILE = join(__dirname, "stack.schema.json");

/** The file's text, as prettier wants it. */
export function stackSchemaText(): Promise<string> {
  return format(JSON.stringify(stackSchema()), { ...prettierOptions, parser: "json", plugins: [babel, estree] });
}

if (require.main === module) {
  void stackSchemaText().then((text) => {
    writeFileSync(STACK_SCHEMA_FILE, text);
  });
}
