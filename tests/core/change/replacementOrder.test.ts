/** Which machines may be away together, and which never. */
import fc from "fast-check";
import {
  askedAfter,
  canBeAsked,
  replacementChains,
  inChainOrder,
  isThere,
  positionInChain,
} from "../../../core/change/replacementOrder";
import { planOf } from "../../support/plans";

const AWS = {
  region: "eu-west-1",
  zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  image: { id: "ami-0123456789abcdef0" },
  instanceTypes: { broker: "m7g.large", zookeeper: "t4g.small" },
  login: { bastion: { cidrs: ["192.0.2.0/24"] } },
};
const planned = (placement: string, groups: number) =>
  planOf({
    target: "aws",
    store: "replicatedLevelDB",
    placement,
    aws: { ...AWS, volumes: { brokerDataGiB: 500 } },
    groups: Array.from({ length: groups }, (_, i) => ({ name: `g${i + 1}` })),
  });

test("a chain for the ensemble, and one for each group that has machines of its own", () => {
  const chains = replacementChains(planned("hostPerBroker", 2), ["g1-2", "zookeeper-3"]);
  expect(chains).toEqual([
    { first: true, hosts: ["zookeeper-3", "zookeeper-1", "zookeeper-2"] },
    { first: false, hosts: ["g1-2", "g1-1", "g1-3"] },
    { first: false, hosts: ["g2-1", "g2-2", "g2-3"] },
  ]);
  expect(positionInChain(chains, "g1-1")).toMatchObject({ before: "g1-2" });
  // A broker's machine is touched once the whole ensemble is well.
  expect(positionInChain(chains, "g2-1")).toMatchObject({ before: "zookeeper-2" });
  expect(positionInChain(chains, "zookeeper-3").before).toBeUndefined();
});

test("one chain for groups that share machines", () => {
  expect(replacementChains(planned("interleaved", 3)).map(({ hosts }) => hosts)).toEqual([
    ["zookeeper-1", "zookeeper-2", "zookeeper-3"],
    ["host-1", "host-2", "host-3"],
  ]);
});

test("without a majority of the machines there is nothing to wait for", () => {
  const chain = { first: false, hosts: ["a", "b", "c"] };
  expect([0, 1, 2, 3].map((machines) => isThere(chain, machines))).toEqual([false, false, true, true]);
  expect([0, 1].map((machines) => isThere({ first: false, hosts: ["a"] }, machines))).toEqual([false, true]);
});

test("after a broker's machine the rest of its group is asked, after a member's everybody", () => {
  const chains = replacementChains(planned("hostPerBroker", 2), ["g1-2", "zookeeper-3"]);
  expect(askedAfter(chains, "g1-1")).toEqual(["g1-2", "g1-3"]);
  expect(askedAfter(chains, "zookeeper-2")).toEqual(
    ["zookeeper-3", "zookeeper-1", "g1-2", "g1-1", "g1-3", "g2-1", "g2-2", "g2-3"], // prettier-ignore
  );
});

test("whatever is there: nobody waits for an answer of who waits for him", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("hostPerBroker", "hostPerGroup", "interleaved"),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 4 })),
      (placement, groups, picks) => {
        const plan = planned(placement, groups);
        const chains = replacementChains(plan);
        // Of five, four are there, one of these somewhere else.
        const state = new Map(plan.hosts.map(({ name }) => [name, picks.next().value ?? 0]));
        const found = new Map(
          chains.map((chain) => {
            const machines = chain.hosts.filter((host) => state.get(host) !== 0).length;
            return [chain, { machines, inPlace: chain.hosts.filter((host) => (state.get(host) ?? 0) > 1) }] as const;
          }),
        );
        // `machine a`: what has to be done before; `a then b`: the question to b.
        const waitsFor = new Map<string, string[]>();
        const made = inChainOrder(chains);
        for (const after of made) {
          for (const host of askedAfter(chains, after)) {
            const machines = canBeAsked(chains, { after, host }, found) ? [after] : [after, host];
            waitsFor.set(`${after} then ${host}`, machines);
          }
        }
        for (const host of made) {
          const { chain, before } = positionInChain(chains, host);
          const inTurn = before !== undefined && isThere(chain, found.get(chain)?.machines ?? 0);
          const asked = inTurn ? askedAfter(chains, before).filter((one) => canBeAsked(chains, { after: before, host: one }, found)) : []; // prettier-ignore
          waitsFor.set(host, inTurn ? [before, ...asked.map((one) => `${before} then ${one}`)] : []);
          // Whoever is in place is whole before this one goes.
          const rest = chain.hosts.filter((one) => one !== before && found.get(chain)?.inPlace.includes(one) === true);
          if (inTurn && chain.hosts.includes(before)) expect(asked).toEqual(expect.arrayContaining(rest));
        }
        const done = new Set<string>();
        const under = new Set<string>();
        const walk = (what: string) => {
          if (done.has(what)) return;
          expect(under.has(what)).toBe(false);
          under.add(what);
          for (const first of waitsFor.get(what) ?? []) walk(first);
          under.delete(what);
          done.add(what);
        };
        for (const what of waitsFor.keys()) walk(what);
      },
    ),
    { numRuns: 100 },
  );
});

test("whatever the order: every host is in one chain, comes after whom it waits for, and two of a group never go together", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("hostPerBroker", "hostPerGroup", "interleaved"),
      fc.integer({ min: 1, max: 5 }),
      fc.infiniteStream(fc.nat()),
      (placement, groups, picks) => {
        const plan = planned(placement, groups);
        const order = [...plan.hosts]
          .map(({ name }) => name)
          .sort(() => ((picks.next().value ?? 0) % 2 === 0 ? 1 : -1));
        const chains = replacementChains(plan, order);
        const made = inChainOrder(chains);
        expect([...made].sort()).toEqual(plan.hosts.map(({ name }) => name).sort());
        const waitsFor = new Map(made.map((host) => [host, positionInChain(chains, host).before]));
        for (const [host, before] of waitsFor) {
          if (before !== undefined) expect(made.indexOf(before)).toBeLessThan(made.indexOf(host));
        }
        const afterAll = (host: string): string[] => {
          const before = waitsFor.get(host);
          return before === undefined ? [] : [before, ...afterAll(before)];
        };
        for (const { brokers } of plan.groups) {
          const hosts = [...new Set(brokers.map((broker) => broker.host))];
          for (const one of hosts) {
            for (const other of hosts) {
              if (one === other) continue;
              expect(afterAll(one).includes(other)).not.toBe(afterAll(other).includes(one));
            }
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});
