/**
 * `npm run proof:faults`: the fault suite over stores and topologies, each pair a cluster of its own on the local target. Writes
 * faults.md. Words choose stores, topologies and faults (`npm run proof:faults -- jdbc mesh frozen`); what was measured before of
 * everything else stays in the table, with its date.
 */
import { writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { resolveClient } from "../../operate/drill/client";
import { select } from "./faults/cells";
import { markdown, totals } from "./faults/markdown";
import { readResults } from "./faults/results";
import { Runner } from "./faults/runner";
import { proofMain } from "./main";

function machine(): string {
  const [, , load = 0] = loadavg();
  return (
    `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}; load average ${load.toFixed(0)} ` +
    "when this was written: where that is more than the cores, seconds say little."
  );
}

/** @returns the exit code: 1 when something was lost or did not come back */
async function prove(words: readonly string[], signal: AbortSignal): Promise<number> {
  const selection = select(words);
  resolveClient();
  let ok = true;
  const say = (line: string) => {
    console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);
  };
  for (const cell of selection.cells) {
    const runner = new Runner(signal, say);
    try {
      ok = (await runner.run(cell, selection)) && ok;
    } finally {
      await runner.remove();
      // After every cell: what was measured is not lost with one that fails.
      writeFileSync(join(__dirname, "faults.md"), markdown(readResults(), machine()));
    }
  }
  console.log(totals(readResults()));
  return ok ? 0 : 1;
}

void proofMain(prove);
