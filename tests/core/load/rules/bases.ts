/** What the tables of rules have in common: sound configurations to break, and the test of one row. */
import { faultsOf, type Values } from "../../../support/raw";

/** Two groups without slaves: the smallest cluster that most rules can be broken in. */
export const SINGLE: Values = { target: "local", store: "kahaDB", groups: groups({ brokers: 1 }) };
/** Two groups of three. */
export const LOCAL: Values = { target: "local", groups: groups({}) };
/** The same on machines of their own. */
export const SSH: Values = { target: "ssh", groups: groups({}), hosts: hosts(9, "10.0.0.") };
export const SPOKES: Values = {
  ...SINGLE,
  topology: "spokes",
  groups: groups({ brokers: 1, role: "producers" }, { role: "consumers" }),
};
export const CUSTOM: Values = { ...LOCAL, topology: "custom", bridges: [{ from: "a", to: "b" }] };

export function groups(both: object, second: object = {}, first: object = {}): object[] {
  return [
    { name: "a", ...both, ...first },
    { name: "b", ...both, ...second },
  ];
}

export function hosts(count: number, network: string): { name: string; address: string }[] {
  return Array.from({ length: count }, (_, i) => ({ name: `h${i + 1}`, address: `${network}${i + 1}` }));
}

/** The hosts of SSH with one of them changed. */
export function hostsWith(index: number, change: object): object[] {
  return hosts(9, "10.0.0.").map((host, i) => (i === index ? { ...host, ...change } : host));
}

/** A way to break a rule, where the faults are, and words that their text must have. */
export type Row = readonly [rule: string, values: Values, paths: readonly string[], words: readonly string[]];

/** Exactly these faults, and each with something to say. */
export function expectRow(...[, values, paths, words]: Row): void {
  const faults = faultsOf(values);
  expect(faults.map((fault) => fault.path).sort()).toEqual([...paths].sort());
  const text = faults.map(({ problem, allowed, fix }) => `${problem}\n${allowed}\n${fix}`).join("\n");
  for (const word of words) expect(text).toContain(word);
  for (const fault of faults) {
    expect(fault.problem).toMatch(/[.?]$/);
    expect(fault.allowed).not.toBe("");
    expect(fault.fix).not.toBe("");
  }
}
