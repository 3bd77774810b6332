import fc from "fast-check";
import { filtersFor } from "../../../core/plan/destinations";
import type { BridgeConfig, ClusterConfig } from "../../../config/schema";

const list = fc.option(fc.subarray(["queue://a", "queue://b.>", "topic://c"]), { nil: undefined });
const name = fc.constantFrom("x", "y", "z");

it("a bridge's exclusions are those of the cluster, then of its ends in the order of the groups, then its own", () => {
  fc.assert(
    fc.property(
      list,
      // Names may be given twice: that is a fault, which other rules report while this one still counts.
      fc.array(fc.record({ name, excludedDestinations: list }), { maxLength: 5 }),
      fc.array(fc.record({ from: name, to: name, excludedDestinations: list }), { minLength: 1, maxLength: 3 }),
      (excludedDestinations, groups, bridges) => {
        const filtersOf = filtersFor({ groups, excludedDestinations } as unknown as ClusterConfig);
        for (const bridge of bridges as unknown as BridgeConfig[]) {
          const ends = groups.filter((group) => group.name === bridge.from || group.name === bridge.to);
          const all = [{ excludedDestinations }, ...ends, bridge].flatMap((part) => part.excludedDestinations ?? []);
          const excluded = filtersOf(bridge)?.excludedDestinations ?? [];
          // Dead letters follow what they are of; see deadLettersOf.
          expect(excluded.filter((text) => all.includes(text))).toEqual([...new Set(all)]);
          expect(filtersOf(bridge) === undefined).toBe(all.length === 0);
        }
      },
    ),
  );
});
