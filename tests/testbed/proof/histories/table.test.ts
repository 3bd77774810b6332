/** The figures of a run, and the page of all runs. */
import { plan } from "../../../../core/plan/plan";
import { check } from "../../../../testbed/proof/histories/check";
import { generate } from "../../../../testbed/proof/histories/generate";
import type { History } from "../../../../testbed/proof/histories/history";
import { markdown } from "../../../../testbed/proof/histories/results";
import { keysOf } from "../../../../testbed/proof/histories/stack";
import { FAMILIES, figures, markdownTable, sum } from "../../../../testbed/proof/histories/table";
import { isSend } from "../../../../testbed/proof/histories/traces";
import { configOf } from "../../../support/raw";
import { idealHistory } from "./idealBroker";

const HISTORY = idealHistory(generate(2, 0.1, plan("histories", configOf(keysOf("jdbc")))), "jdbc", 40);
const [send] = HISTORY.operations.filter(isSend).filter(({ call }) => call.end === "single");
/** Nothing is left or was given out of what one send sent. */
const LOSING: History = {
  ...HISTORY,
  operations: send === undefined ? [] : [{ ...send, call: { ...send.call, to: ["queue://histories.keep.0"] } }],
  remainders: [{ place: "queue://histories.keep.0", drained: [], pending: 2 }],
  faults: [{ what: "a fault", began: send?.invoked ?? 0, settled: send?.completed ?? 0 }],
};

it("counts every operation once, and each acknowledged message", () => {
  const all = sum(Object.values(figures(HISTORY)));
  expect(all).toMatchObject({
    operations: HISTORY.operations.length,
    underFaults: 0,
    lost: 0,
    misplaced: 0,
    stuck: 0,
    other: 0,
  });
  const sent = HISTORY.operations.filter(isSend).filter(({ call }) => call.end !== "rollback");
  expect(all.acknowledged).toBe(sent.reduce((count, { call }) => count + call.to.length, 0));
});

it("counts what was found with its family, and what was under way while a fault lasted", () => {
  expect(check(LOSING).map(({ kind }) => kind)).toEqual(["lost", "stuck"]);
  const { sends, ...others } = figures(LOSING);
  expect(sends).toEqual({ operations: 1, underFaults: 1, acknowledged: 1, lost: 1, misplaced: 0, stuck: 1, other: 0 });
  expect(sum(Object.values(others))).toMatchObject({ operations: 0, lost: 0, stuck: 0 });
});

it("shows families and runs of each store that was measured", () => {
  const run = { at: "2026-11-30T12:00:00.000Z", store: "jdbc", seed: 7, minutes: 5, faults: 1 } as const;
  const text = markdown([
    { ...run, families: figures(LOSING) },
    { ...run, seed: 8, families: figures(LOSING), failure: "no | master" },
  ]);
  expect(text.match(/^## .*/gm)).toEqual(["## jdbc"]);
  expect(text).toContain("| sends | 2 | 2 | 2 | 2 | 0 | 2 | 0 |");
  expect(text).toContain("| 7 | 2026-11-30 | 5 | 1 | 1 | 1 | 1 | 0 | 1 | 0 | whole |");
  expect(text).toContain("| 8 | 2026-11-30 | 5 | 1 | 1 | 1 | 1 | 0 | 1 | 0 | no / master |");
  expect(markdownTable(figures(HISTORY)).split("\n")).toHaveLength(FAMILIES.length + 3);
});
