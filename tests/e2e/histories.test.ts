/**
 * What clients do, generated, under generated faults, and checked: a short run of each store with a seed that is known to be good, on
 * a cluster of its own. `npm run proof:histories` has longer ones.
 */
import { readFileSync } from "node:fs";
import { STORE_NAMES } from "../../core/products/stores";
import { prove } from "../../testbed/proof/histories/prove";
import { OPERATION_NAMES } from "../../testbed/proof/histories/operations";

const SEED = 1;
const MINUTES = 0.5;

const abort = new AbortController();
afterAll(() => {
  abort.abort(new Error("the test is over"));
});

it.each(STORE_NAMES)("%s keeps its promises, whatever clients do", async (store) => {
  const { history, findings, failure, folder } = await prove(
    { store, seed: SEED, minutes: MINUTES },
    abort.signal,
    () => {
      // Only somebody who waits wants to know.
    },
  );
  const told = folder === undefined ? "" : readFileSync(`${folder}/findings.txt`, "utf8");
  expect({ findings: findings.map(({ kind }) => kind), failure, told }).toEqual({ findings: [], told: "" });
  // A run that did nothing would find nothing.
  expect(history.faults.length).toBeGreaterThan(0);
  expect(new Set(history.operations.map(({ operation }) => operation)).size).toBeGreaterThan(
    OPERATION_NAMES.length / 2,
  );
  expect(history.operations.filter(({ result }) => result === "ok").length).toBeGreaterThan(100);
});
