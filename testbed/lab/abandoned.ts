/** Takes away what tests and proofs have left that were killed: labs, copies of the project with their clusters, whole runs. */
import { existsSync, rmSync } from "node:fs";
import { Ec2Lab } from "./ec2/ec2Lab";
import { labDirectory } from "../../operate/engine/standIn/ec2Switch";
import { unmountBelow } from "./hosts/disk";
import { removeLab } from "./hosts/labHosts";
import { type Abandoned, abandoned, endMarked, removeNote } from "./hosts/temporary";

/** Labs first: their mounts are in the folders of the others. */
const ORDER: readonly Abandoned["kind"][] = ["lab", "project", "run"];

/**
 * Removes everything whose maker was killed: processes, networks, mounts, folders. What has no note, or a maker that lives, is not
 * touched.
 * @param say is told of each, a line at a time
 * @throws Error naming what cannot be removed; run it again then
 */
export async function removeAbandoned(say: (line: string) => void = () => undefined): Promise<void> {
  const found = abandoned().sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const processes = new Map<string, number>();
  // Before anything is removed: an `up` that goes on without its test would make new things.
  for (const { id, directory } of found) processes.set(id, await endMarked(directory));
  const problems: string[] = [];
  for (const one of found) {
    try {
      await remove(one);
      const ended = processes.get(one.id) ?? 0;
      say(
        `removed what a killed run left (process ${one.maker.pid}): ${one.kind} ${one.directory}, ${ended} processes`,
      );
    } catch (error) {
      problems.push(`${one.kind} ${one.directory}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) throw new Error(`what a killed run left could not be removed:\n${problems.join("\n")}`);
}

async function remove({ id, kind, directory }: Abandoned): Promise<void> {
  if (kind === "lab") await removeLab(id, directory);
  if (kind === "project") await Ec2Lab.find(labDirectory(directory))?.remove();
  if (existsSync(directory)) await unmountBelow(directory);
  rmSync(directory, { recursive: true, force: true });
  removeNote(id);
}
