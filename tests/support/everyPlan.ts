/** Plans of random valid stack files, drawn once for all properties of a test file: to draw, judge and plan one takes most of the work. */
import * as fc from "fast-check";
import { plan } from "../../core/plan/plan";
import type { ClusterPlan } from "../../core/plan/model";
import { validValues } from "./arbitraries";
import { configOf, type Values } from "./raw";

type Property = (plan: ClusterPlan, values: Values) => void;

/**
 * Makes what holds a property against many plans, the same ones for every property of a run, and others in the next run. Where one
 * breaks the property, the smallest that does is looked for, and told with its seed.
 * @param count how many plans each property is held against
 * @param values of their stack files
 */
export function everyPlan(count: number, values: fc.Arbitrary<Values> = validValues): (property: Property) => void {
  const parameters = { seed: Math.floor(Math.random() * 2 ** 31), numRuns: count };
  const planned = (one: Values): [ClusterPlan, Values] => [plan("test", configOf(one)), one];
  const known = new Map<Values, [ClusterPlan, Values]>();
  let drawn: readonly Values[] | undefined;
  return (property) => {
    drawn ??= fc.sample(values, parameters);
    for (const one of drawn) {
      try {
        const found = known.get(one) ?? planned(one);
        known.set(one, found);
        property(...found);
      } catch (error) {
        fc.assert(fc.property(values, (other) => { property(...planned(other)); }), parameters); // prettier-ignore
        throw error;
      }
    }
  };
}
