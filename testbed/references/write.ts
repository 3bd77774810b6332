/** Writes the references in docs/reference/: `npm run references`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cliReference } from "./cli";
import { metricsReference } from "./metrics";
import { outputsReference } from "./outputs";
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

function write(): void {
  for (const [file, text] of Object.entries(REFERENCES)) {
    writeFileSync(join(__dirname, "../..", REFERENCE_FOLDER, file), text());
  }
}

if (require.main === module) write();
