import fc from "fast-check";
import { BrokenValue } from "../../../../core/load/partialConfig";
import { byKey, firstOf } from "../../../../core/load/rules/rule";

/** An entry with a key, or one whose key the schema refused. */
const entry = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("a", "b", "c", "__proto__") },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

it("finds what a search of the whole list finds, in its order; entries that cannot be read are passed over", () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8 }), fc.constantFrom("a", "b", "c", "d", "__proto__"), (keys, wanted) => {
      const list = keys.map((key, position) => ({ key, position }));
      const keyOf = ({ key }: (typeof list)[number]) => {
        if (key === undefined) throw new BrokenValue("key");
        return key;
      };
      const found = byKey(list, keyOf)(wanted);
      expect(found[0]).toEqual(firstOf(list, (candidate) => keyOf(candidate) === wanted));
      expect(found.map(({ index }) => index)).toEqual(keys.flatMap((key, i) => (key === wanted ? [i] : [])));
      for (const { entry: one, index } of found) expect(one).toBe(list[index]);
    }),
  );
});
