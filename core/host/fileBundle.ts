/** Rendered files on their way to a host: as amq-host takes them, and as it counts them. Pure. */
import { createHash } from "node:crypto";
import type { RenderedFile } from "./service";

const SEPARATOR = "#### FILE ";

/**
 * Files as amq-host stage-files reads them.
 * @throws Error when a text contains the line that separates files
 */
export function fileBundle(files: readonly RenderedFile[]): string {
  return files
    .map((file) => {
      if (file.text.split("\n").some((line) => line.startsWith(SEPARATOR)))
        throw new Error(`${file.path} contains ${SEPARATOR}`);
      return `${SEPARATOR}${modeOf(file)} ${file.path}\n${withLastLineEnd(file.text)}`;
    })
    .join("");
}

/** Names, modes and contents as 16 hex digits, as the host counts them (script/stage.sh, digest_of). */
export function filesDigest(files: readonly RenderedFile[]): string {
  const lines = files
    .map((file) => ({ name: `./${file.path}`, file }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
    .map(({ name, file }) => `${name} ${modeOf(file)} ${sha256(withLastLineEnd(file.text))}  -\n`);
  return sha256(lines.join("")).slice(0, 16);
}

const modeOf = (file: RenderedFile) => (file.executable === true ? "700" : "600");

function withLastLineEnd(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
