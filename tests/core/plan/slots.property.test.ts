import fc from "fast-check";
import { range, slots } from "../../../core/plan/slots";
import { place } from "../../../core/plan/placement";
import { configSchema } from "../../../config/schema";

/** Groups of any sizes, interleaved on at least as many hosts as the largest has brokers. */
const clusters = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 })
  .chain((sizes) => fc.record({ sizes: fc.constant(sizes), spare: fc.nat({ max: 8 }) }))
  .map(({ sizes, spare }) => ({ sizes, hosts: Math.max(...sizes) + spare }));

/** For each group, the numbers of its brokers' hosts, from 0. */
function placed(sizes: readonly number[], hosts: number): number[][] {
  const config = configSchema.parse({
    target: "ssh",
    store: "jdbc",
    placement: "interleaved",
    groups: sizes.map((brokers, i) => ({ name: `g${i}`, brokers })),
    hosts: range(hosts).map((i) => ({ name: `h${i}`, address: `10.0.0.${i + 1}` })),
  });
  const { brokers } = place(config);
  return config.groups.map(({ name }) =>
    brokers.filter(({ group }) => group === name).map(({ host }) => Number(host.slice(1))),
  );
}

const loads = (groups: readonly number[][], hosts: number) =>
  range(hosts).map((host) => groups.flat().filter((taken) => taken === host).length);

describe("interleaved on hosts that are listed", () => {
  it("has no two brokers of a group on one host", () => {
    fc.assert(
      fc.property(clusters, ({ sizes, hosts }) => {
        for (const group of placed(sizes, hosts)) expect(new Set(group).size).toBe(group.length);
      }),
    );
  });

  it("spreads: two hosts differ by one broker at most", () => {
    fc.assert(
      fc.property(clusters, ({ sizes, hosts }) => {
        const found = loads(placed(sizes, hosts), hosts);
        expect(Math.max(...found) - Math.min(...found)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("has the n-th broker on the n-th host where there are as many hosts as each group has brokers", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 8 }), (brokers, groups) => {
        const sizes = Array<number>(groups).fill(brokers);
        expect(placed(sizes, brokers)).toEqual(sizes.map(range));
      }),
    );
  });

  it("moves no broker for a group that is added at the end", () => {
    fc.assert(
      fc.property(clusters, fc.integer({ min: 1, max: 9 }), ({ sizes, hosts }, more) => {
        const added = Math.min(more, hosts);
        expect(placed([...sizes, added], hosts).slice(0, -1)).toEqual(placed(sizes, hosts));
      }),
    );
  });
});

test("every placement has each broker in one slot", () => {
  const placements = fc.constantFrom("hostPerBroker", "hostPerGroup", "interleaved");
  fc.assert(
    fc.property(placements, clusters, (placement, { sizes }) => {
      const groups = sizes.map((brokers, i) => ({ name: `g${i}`, brokers }));
      const config = configSchema.parse({ target: "local", store: "jdbc", placement, groups });
      const found = slots(config).flatMap(({ brokers }) => brokers.map(({ group, broker }) => `${group} ${broker}`));
      expect(found.sort()).toEqual(sizes.flatMap((size, group) => range(size).map((b) => `${group} ${b}`)).sort());
    }),
  );
});
