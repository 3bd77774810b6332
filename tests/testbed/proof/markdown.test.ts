/** The table of a proof on hosts, and what it is written from. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { markdown, totals } from "../../../testbed/proof/hosts/markdown";
import { keep, readResults } from "../../../testbed/proof/hosts/results";
import type { Result } from "../../../testbed/proof/hosts/runner";

function result(id: string, more: Partial<Result> = {}): Result {
  return {
    at: "2026-11-24T04:00:00.000Z",
    load: 3.4,
    experiment: { id, title: `title ${id}`, done: "done" },
    counts: { sent: 10, received: 11, lost: 0, duplicated: 2 },
    served: 12.3,
    whole: 4,
    remarks: [],
    ok: true,
    ...more,
  };
}

const rowOf = (results: readonly Result[], id: string) =>
  markdown("# Here", results)
    .split("\n")
    .find((line) => line.startsWith(`| ${id} |`));

it("rounds seconds up, and has a dash where there is nothing to say", () => {
  expect(rowOf([result("1")], "1")).toBe(
    "| 1 | 2026-11-24, 3 | **title 1**: done | 10 | 11 | 0 | 2 | 13 s | 4 s | - |",
  );
});

it("says that a promise was broken, and never ends a cell within a remark", () => {
  const broken = result("2", {
    counts: undefined,
    served: Infinity,
    whole: undefined,
    remarks: ["a | b", "c"],
    ok: false,
  });
  expect(rowOf([broken], "2")).toBe(
    "| 2 | 2026-11-24, 3 | **title 2**: done | - | - | - | - | - | - | **not as promised**; a / b; c |",
  );
});

it("sums up, naming what was not as promised", () => {
  const lossy = result("3", { counts: { sent: 5, received: 4, lost: 1, duplicated: 0 }, ok: false });
  expect(totals([result("1"), lossy])).toBe(
    "In all: 15 acknowledged, 1 lost, 2 duplicated; 1 of 2 experiments as promised, not: 3.",
  );
  expect(totals([result("1")])).toBe("In all: 10 acknowledged, 0 lost, 2 duplicated; 1 of 1 experiments as promised.");
});

it("keeps the other experiments' results when some are measured anew", () => {
  const folder = mkdtempSync(join(tmpdir(), "amq-results-"));
  try {
    const file = join(folder, "results.json");
    expect(readResults(file)).toEqual([]);
    keep(result("10"), file);
    keep(result("2"), file);
    const again = result("10", { ok: false });
    expect(keep(again, file)).toEqual([result("2"), again]);
    expect(readResults(file)).toEqual([result("2"), again]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
