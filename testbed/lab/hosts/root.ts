/** The file system that every lab host starts from: built once, kept in the cache. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../../../core/host/runtimes";
import { show } from "../../../core/util/process";

const RECIPE = join(__dirname, "buildRoot.sh");

/** The folder of the root. The hash of the recipe is part of its name, so a changed recipe never meets an old folder. */
export function rootDirectory(): string {
  const hash = createHash("sha256").update(readFileSync(RECIPE)).digest("hex").slice(0, 12);
  return join(cacheDirectory(), `lab-root-${hash}`);
}

/**
 * Builds the root unless it is there; that takes minutes and says so on stderr.
 * @returns its folder
 * @throws Error when it cannot be built; nothing half built is left
 */
export async function requireRoot(): Promise<string> {
  const directory = rootDirectory();
  if (existsSync(directory)) return directory;
  if ((await show("bash", [RECIPE, directory], "stderr")) !== 0) {
    throw new Error(`the lab hosts' file system could not be built in ${directory}; see the lines above`);
  }
  return directory;
}
