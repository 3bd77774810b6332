/** What was measured, a file for each cell, so that a run of some cells keeps what others measured before. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "../../../operate/drill/context";
import type { Cell } from "./cells";

/** What a fault came to in a cell. */
export interface FaultResult {
  /** ISO date and time of its end, UTC. */
  readonly at: string;
  /** Undefined when nothing could be counted; `failure` says why. */
  readonly outcome?: Outcome;
  readonly failure?: string;
}

export interface CellResult extends Cell {
  /** By the fault's id. */
  readonly faults: Readonly<Record<string, FaultResult>>;
}

const FOLDER = join(__dirname, "results");

const fileOf = ({ store, topology }: Cell) => join(FOLDER, `${store}-${topology}.json`);

/** All that was ever measured. */
export function readResults(): CellResult[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as CellResult);
}

/** Puts one fault's result in the place of an earlier one. */
export function keep(cell: Cell, fault: string, result: FaultResult): void {
  mkdirSync(FOLDER, { recursive: true });
  const file = fileOf(cell);
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as CellResult).faults : {};
  const { store, topology } = cell;
  const now: CellResult = { store, topology, faults: { ...earlier, [fault]: result } };
  writeFileSync(file, `${JSON.stringify(now, undefined, 2)}\n`);
}
