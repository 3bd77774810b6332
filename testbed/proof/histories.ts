/**
 * `npm run proof:histories -- <store> [--seed N] [--minutes M]`: many clients do what the seed says, faults come meanwhile, and the
 * checker looks for what breaks a promise of docs/guarantees.md. Writes histories.md; a failure leaves a folder.
 */
import { parseArgs } from "node:util";
import { STORE_NAMES, type StoreName } from "../../core/products/stores";
import { prove } from "./histories/prove";
import { figures, markdownTable } from "./histories/table";
import { proofMain } from "./main";

const USAGE = `npm run proof:histories -- <store> [--seed N] [--minutes M]
  store      one of ${STORE_NAMES.join(", ")}
  --seed     a whole number from 0 to ${2 ** 21 - 1}; by chance when left out
  --minutes  how long clients work, more than 0; 5 when left out`;

const SEEDS = 2 ** 21;

/** @throws Error for words that mean nothing, with what is allowed */
function parse(words: readonly string[]): { store: StoreName; seed: number; minutes: number } {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { seed: { type: "string" }, minutes: { type: "string", default: "5" } },
  });
  const store = STORE_NAMES.find((name) => name === positionals[0]);
  const seed = values.seed === undefined ? Math.floor(Math.random() * SEEDS) : Number(values.seed);
  const minutes = Number(values.minutes);
  if (store === undefined || positionals.length > 1 || !Number.isInteger(seed) || seed < 0 || seed >= SEEDS || !(minutes > 0)) {
    throw new Error(`proof:histories does not know "${words.join(" ")}". Allowed:\n${USAGE}`);
  }
  return { store, seed, minutes };
}

void proofMain(async (words, signal) => {
  const run = parse(words);
  console.error(`seed ${run.seed}`);
  const { history, findings, failure, folder } = await prove(run, signal, (line) => {
    console.error(line);
  });
  console.log(`${run.store}, seed ${run.seed}, ${run.minutes} minutes, ${history.faults.length} faults\n`);
  console.log(markdownTable(figures(history, findings)));
  for (const { kind, subject, what } of findings) console.log(`${kind} (${subject}): ${what}`);
  if (failure !== undefined) console.log(`not to its end: ${failure}`);
  if (folder !== undefined) console.log(`seed, history and logs: ${folder}`);
  return findings.length === 0 && failure === undefined ? 0 : 1;
});
