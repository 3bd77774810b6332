/** What a seed decides. */
import { plan } from "../../../../core/plan/plan";
import { STORE_NAMES } from "../../../../core/products/stores";
import { generate } from "../../../../testbed/proof/histories/generate";
import { MENDED } from "../../../../testbed/proof/histories/putBack";
import { SMALL_LOGS, keysOf } from "../../../../testbed/proof/histories/stack";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT, configOf } from "../../../support/raw";

const planOf = (store: (typeof STORE_NAMES)[number]) => plan("histories", configOf(keysOf(store)));

describe.each(STORE_NAMES)("%s", (store) => {
  it("is a stack that the program accepts, and the same seed gives the same run", () => {
    expect(generate(7, 0.2, planOf(store))).toEqual(generate(7, 0.2, planOf(store)));
    expect(generate(7, 0.2, planOf(store))).not.toEqual(generate(8, 0.2, planOf(store)));
  });
});

it("a longer run begins as a shorter one", () => {
  const [short, long] = [generate(3, 0.2, planOf("jdbc")), generate(3, 1, planOf("jdbc"))];
  expect(long.faults.slice(0, short.faults.length)).toEqual(short.faults);
  expect(long.clients[0]?.steps.slice(0, 20)).toEqual(short.clients[0]?.steps.slice(0, 20));
});

it("every fault that fits a store comes, and two at once", () => {
  const { faults } = generate(1, 30, planOf("replicatedLevelDB"));
  const aims = new Set(faults.flatMap(({ steps }) => steps.map(({ aim }) => aim)));
  expect([...aims].sort()).toEqual(["everything", "follower", "leader", "majority", "master", "slaves"]);
  expect(faults.some(({ steps }) => steps.length === 2)).toBe(true);
  expect(faults.some(({ again, steps }) => again && steps[0]?.aim === "master")).toBe(true);
});

it.each([...SMALL_LOGS, ...Object.values(MENDED).flatMap(({ patches }) => patches)])(
  "$file has the place: $from",
  ({ file, from }) => {
    expect(readFileSync(join(PROJECT, file), "utf8").split(from)).toHaveLength(2);
  },
);
