/** The cells of `npm run proof:faults`, and the tables it writes. */
import { plan } from "../../../core/plan/plan";
import { FAULTS } from "../../../operate/drill/faults";
import { TOPOLOGIES, keysOf, select } from "../../../testbed/proof/faults/cells";
import { markdown } from "../../../testbed/proof/faults/markdown";
import type { CellResult, FaultResult } from "../../../testbed/proof/faults/results";
import { configOf } from "../../support/raw";
import { STORE_NAMES } from "../../../core/products/stores";

const planOf = (cell: Parameters<typeof keysOf>[0]) => plan("faults", configOf(keysOf(cell)));

describe.each(STORE_NAMES)("%s", (store) => {
  it.each(TOPOLOGIES)("%s is a stack that the program accepts, and faults fit it", (topology) => {
    const { faultsFor } = select([]);
    expect(faultsFor(planOf({ store, topology })).map(({ id }) => id)).toEqual(
      expect.arrayContaining(["5", "frozen", "everything"]),
    );
  });
});

it("chooses by words of any kind, in any order", () => {
  const { cells, faultsFor } = select(["mesh", "frozen", "jdbc", "none", "slaves"]);
  expect(cells).toEqual([
    { store: "jdbc", topology: "mesh" },
    { store: "jdbc", topology: "none" },
  ]);
  expect(faultsFor(planOf({ store: "jdbc", topology: "mesh" })).map(({ id }) => id)).toEqual(["frozen", "slaves"]);
  expect(select([]).cells).toHaveLength(STORE_NAMES.length * TOPOLOGIES.length);
});

it("refuses a word that nothing is called", () => {
  expect(() => select(["jdbc", "mash"])).toThrow(/^neither store, topology nor fault: mash\. Allowed: /);
});

const result = (lost: number): FaultResult => ({
  at: "2026-11-24T12:00:00.000Z",
  outcome: { sent: 100, received: 100 - lost, lost, duplicated: 3, failoverSeconds: 7.25, ok: lost === 0 },
});
const cell = (faults: CellResult["faults"], store: CellResult["store"] = "jdbc"): CellResult => ({
  store,
  topology: "mesh",
  faults,
});
const lineOf = (results: readonly CellResult[], start: string) =>
  markdown(results, "Here.")
    .split("\n")
    .filter((line) => line.startsWith(start));

it("shows a loss where it was, and in the sum", () => {
  const results = [cell({ "5": result(0), frozen: result(2) })];
  expect(lineOf(results, "| jdbc |")).toEqual([
    "| jdbc | **2 LOST** of 200; 6 duplicated; 1 of 2 as promised (2026-11-24) | - | - | - |",
  ]);
  expect(lineOf(results, "| **5**")[0]).toMatch(/\| 0 lost of 100; 3 duplicated; 7\.3 s \| - \| - \| - \|$/);
  expect(lineOf(results, "| **frozen**")[0]).toMatch(/\| \*\*2 LOST\*\* of 100;/);
  expect(lineOf(results, "200 acknowledged")).toEqual(["200 acknowledged, 2 lost, 6 duplicated; 1 of 2 as promised."]);
});

it("says why nothing was counted, within its cell", () => {
  const failed = cell({ slaves: { at: "2026-11-24T12:00:00.000Z", failure: "a | b" } });
  expect(lineOf([failed], "| **slaves**")[0]).toMatch(/\| \*\*not as promised\*\*: a \/ b \| - \| - \| - \|$/);
});

it("has a section for each store that was measured, and a row for each fault", () => {
  const all = Object.fromEntries(FAULTS.map(({ id }) => [id, result(0)]));
  const text = markdown([cell(all), cell({ "5": result(0) }, "kahaDB")], "Here.");
  expect(text.match(/^## .*/gm)).toEqual(["## In all", "## jdbc", "## kahaDB"]);
  expect(text.match(/^\| \*\*/gm)).toHaveLength(FAULTS.length + 1);
});
