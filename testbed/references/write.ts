/** Writes the references in docs/reference/: `npm run references`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cliReference } from "./cli";
import { metricsReference } from "./metrics";
import { outputsReference } from "./outputs";
import { promisesTable } from "./promises";
import { stackFileReference } from "./stackFile";

/** Where the references are committed, in the project. */
export const REFERENCE_FOLDER = "docs/reference";

/** Each page's text, by its file. */
export const REFERENCES: Readonly<Record<string, () => string>> = {
  "stack-file.md": stackFileReference,
  "cli.md": cliReference,
  "outputs.md": outputsReference,
  "metrics.md": metricsReference,
};

/** Tables in pages that are otherwise written by hand, by page; between {@link BEGIN} and {@link END}. */
export const TABLES: Readonly<Record<string, () => string>> = {
  "docs/guarantees.md": promisesTable,
};
const BEGIN = "<!-- written by npm run references -->";
const END = "<!-- end of what is written -->";

/**
 * A page with its table.
 * @throws Error when the page has not the two marks
 */
export function withTable(page: string, table: string): string {
  const [before, rest = ""] = page.split(BEGIN);
  const [, after] = rest.split(END);
  if (before === undefined || after === undefined) throw new Error(`the page has not "${BEGIN}" and "${END}"`);
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
}

function write(): void {
  for (const [file, text] of Object.entries(REFERENCES)) {
    writeFileSync(join(__dirname, "../..", REFERENCE_FOLDER, file), text());
  }
  for (const [file, text] of Object.entries(TABLES)) {
    const path = join(__dirname, "../..", file);
    writeFileSync(path, withTable(readFileSync(path, "utf8"), text()));
  }
}

if (require.main === module) write();
