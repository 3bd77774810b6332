/** What each experiment came to the last time, so that a run of some keeps what others measured before. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Result } from "./runner";

/** In the order of the experiments. */
export function readResults(file: string): readonly Result[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Result[]) : [];
}

/** Puts a result in the place of an earlier one of its experiment. @returns all there are now */
export function keep(result: Result, file: string): readonly Result[] {
  const others = readResults(file).filter(({ experiment }) => experiment.id !== result.experiment.id);
  const all = [...others, result].sort((a, b) => Number(a.experiment.id) - Number(b.experiment.id));
  writeFileSync(`${file}.new`, `${JSON.stringify(all, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
  return all;
}
