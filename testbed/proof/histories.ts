/**
 * `npm run proof:histories -- <store> [--seed N] [--minutes M]`: many clients do what the seed says, faults come meanwhile, and the
 * checker looks for what breaks a promise of docs/guarantees.md. Writes histories.md; a failure leaves a folder. With `--put-back b` a
 * fault that was mended is put back, nothing is written, and the checker has to find it.
 */
import { parseArgs } from "node:util";
import { STORE_NAMES } from "../../core/products/stores";
import { prove } from "./histories/prove";
import { MENDED } from "./histories/putBack";
import { keepRun } from "./histories/results";
import { figures, markdownTable } from "./histories/table";
import { proofMain } from "./main";

const USAGE = `npm run proof:histories -- <store> [--seed N] [--minutes M] [--put-back F]
  store       one of ${STORE_NAMES.join(", ")}
  --seed      a whole number from 0 to ${2 ** 21 - 1}; by chance when left out
  --minutes   how long clients work, more than 0; 5 when left out
  --put-back  a mended fault: ${Object.entries(MENDED)
    .map(([letter, { store }]) => `${letter} (${store})`)
    .join(", ")}`;

const SEEDS = 2 ** 21;

/** @throws Error for words that mean nothing, with what is allowed */
function parse(words: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { seed: { type: "string" }, minutes: { type: "string", default: "5" }, "put-back": { type: "string" } },
  });
  const store = STORE_NAMES.find((name) => name === positionals[0]);
  const seed = values.seed === undefined ? Math.floor(Math.random() * SEEDS) : Number(values.seed);
  const minutes = Number(values.minutes);
  const letter = values["put-back"];
  const fault = letter === undefined ? undefined : MENDED[letter];
  const isKnown = letter === undefined || (fault !== undefined && fault.store === store);
  const isSeed = Number.isInteger(seed) && seed >= 0 && seed < SEEDS;
  if (store === undefined || positionals.length > 1 || !isSeed || !(minutes > 0) || !isKnown) {
    throw new Error(`proof:histories does not know "${words.join(" ")}". Allowed:\n${USAGE}`);
  }
  return { run: { store, seed, minutes }, fault };
}

void proofMain(async (words, signal) => {
  const { run, fault } = parse(words);
  console.error(`seed ${run.seed}`);
  const { history, findings, failure, folder } = await prove(
    { ...run, patches: fault?.patches ?? [] },
    signal,
    (line) => {
      console.error(line);
    },
  );
  if (fault === undefined) keepRun(run, history, findings, failure);
  console.log(`${run.store}, seed ${run.seed}, ${run.minutes} minutes, ${history.faults.length} faults\n`);
  console.log(markdownTable(figures(history, findings)));
  for (const { kind, subject, what } of findings) console.log(`${kind} (${subject}): ${what}`);
  if (failure !== undefined) console.log(`not to its end: ${failure}`);
  if (folder !== undefined) console.log(`seed, history and logs: ${folder}`);
  const isSound = findings.length === 0 && failure === undefined;
  return isSound === (fault === undefined) ? 0 : 1;
});
