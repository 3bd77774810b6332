/** The table of `npm run proof:hosts`. */
import { markdown, totals } from "../../proof/hosts/markdown";
import type { Result } from "../../proof/hosts/runner";

function result(id: string, more: Partial<Result> = {}): Result {
  return {
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
  markdown(results, "Here.")
    .split("\n")
    .find((line) => line.startsWith(`| ${id} |`));

it("rounds seconds up, and has a dash where there is nothing to say", () => {
  expect(rowOf([result("1")], "1")).toBe("| 1 | **title 1**: done | 10 | 11 | 0 | 2 | 13 s | 4 s | - |");
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
    "| 2 | **title 2**: done | - | - | - | - | - | - | **not as promised**; a / b; c |",
  );
});

it("sums up, naming what was not as promised", () => {
  const lossy = result("3", { counts: { sent: 5, received: 4, lost: 1, duplicated: 0 }, ok: false });
  expect(totals([result("1"), lossy])).toBe(
    "In all: 15 acknowledged, 1 lost, 2 duplicated; 1 of 2 experiments as promised, not: 3.",
  );
  expect(totals([result("1")])).toBe("In all: 10 acknowledged, 0 lost, 2 duplicated; 1 of 1 experiments as promised.");
});
