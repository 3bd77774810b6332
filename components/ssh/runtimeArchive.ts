/** A Java runtime as one file, for targets that fetch it. */
import { existsSync, renameSync } from "node:fs";
import { basename, dirname } from "node:path";
import { type RuntimeName, runtimeDirectory } from "../../core/host/runtimes";
import { askSync } from "../../core/util/process";

/**
 * Packs a resolved runtime, once for each content.
 * @returns the archive: beside the runtime's folder, whose name is its only entry
 * @throws Error with what tar says when it fails
 */
export function runtimeArchive(name: RuntimeName): string {
  const directory = runtimeDirectory(name);
  const archive = `${directory}.tar.gz`;
  if (existsSync(archive)) return archive;
  const partial = `${archive}.${process.pid}`;
  const args = ["-czf", partial, "-C", dirname(directory), basename(directory)];
  const { code, stderr } = askSync("tar", args);
  if (code !== 0) throw new Error(`runtime ${name} could not be packed: ${stderr.trim()}`);
  renameSync(partial, archive);
  return archive;
}
