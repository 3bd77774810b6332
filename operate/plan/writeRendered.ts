/** `amq plan --out`: the rendered files in a folder, and never a file of anybody else's touched. */
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { Service } from "../../core/host/service";
import type { ClusterPlan } from "../../core/plan/model";

/** Lists what we wrote: a folder with this file may be written again, and only what is listed is ever removed. */
const MARKER = ".amq-plan";

/**
 * Writes every file as `<directory>/<host>/<service>/<path>`; what an earlier plan left there goes.
 * @returns how many files there are
 * @throws Error when the folder, or a file in it, is somebody else's
 */
export function writeRendered(plan: ClusterPlan, services: readonly Service[], directory: string): number {
  const files = new Map(
    services.flatMap(({ host, name, files: rendered }) =>
      rendered.map((file) => [join(host, name, file.path), file] as const),
    ),
  );
  const earlier = ownFiles(directory);
  const inTheWay = [...files.keys()].filter((path) => !earlier.has(path) && existsSync(join(directory, path)));
  if (inTheWay.length > 0) {
    throw new Error(`--out ${directory}: ${inTheWay.join(", ")} was not written by amq plan; move it away`);
  }
  mkdirSync(directory, { recursive: true });
  // Both, until it is done: after an interruption the next run still knows what is ours.
  writeMarker(plan, directory, [...earlier, ...files.keys()]);
  for (const path of earlier) {
    if (!files.has(path)) removeFile(directory, path);
  }
  for (const [path, { text, executable }] of files) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, executable === true ? 0o755 : 0o644);
  }
  writeMarker(plan, directory, [...files.keys()]);
  return files.size;
}

function writeMarker(plan: ClusterPlan, directory: string, paths: readonly string[]): void {
  const head = `# Written by amq plan ${plan.stack} --out; the next one replaces the files listed here and no others.`;
  writeFileSync(join(directory, MARKER), `${[head, ...new Set(paths)].join("\n")}\n`);
}

/** What an earlier run wrote. @throws Error for a folder that holds something and has no marker */
function ownFiles(directory: string): Set<string> {
  if (!existsSync(directory)) return new Set();
  const marker = join(directory, MARKER);
  if (!existsSync(marker)) {
    if (readdirSync(directory).length === 0) return new Set();
    throw new Error(`--out ${directory}: the folder is not empty and was not written by amq plan; name another one`);
  }
  const lines = readFileSync(marker, "utf8").split("\n");
  // Somebody may have edited the list: nothing outside the folder is ours.
  const inside = (path: string) => normalize(path) === path && !path.startsWith("/") && !path.startsWith("..");
  return new Set(lines.filter((line) => line !== "" && !line.startsWith("#") && line !== MARKER && inside(line)));
}

/** And the folders that are empty without it. */
function removeFile(directory: string, path: string): void {
  rmSync(join(directory, path), { force: true });
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    const full = join(directory, folder);
    if (!existsSync(full)) continue;
    if (readdirSync(full).length > 0) return;
    rmdirSync(full);
  }
}
