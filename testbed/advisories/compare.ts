/** Advisories against the program's tables. Pure. */
import { OTHER_VULNERABILITIES } from "../../core/products/otherVulnerabilities";
import { VULNERABILITIES, isFixedIn } from "../../core/products/vulnerabilities";
import type { Advisory, Found } from "./osv";
import type { Pinned } from "./pinned";

/** One advisory, and all that is pinned and has it. */
export interface Concern {
  readonly advisory: Advisory;
  readonly packages: readonly Pinned[];
}

export interface Comparison {
  /** Of ActiveMQ, ZooKeeper or PostgreSQL, and in no table. */
  readonly missing: readonly Concern[];
  /** In the table, which says that a pinned release has the fix; the source says that it does not. */
  readonly disputed: readonly Concern[];
  /** Of jars that the products bring with them, and in no table. */
  readonly unjudged: readonly Concern[];
  /** How many advisories are in a table. */
  readonly judged: number;
}

/** One advisory has several records (GHSA, Bitnami): they are one concern when they share a name. */
export function compare(found: readonly Found[]): Comparison {
  const missing: Concern[] = [];
  const disputed: Concern[] = [];
  const unjudged: Concern[] = [];
  let judged = 0;
  for (const concern of concerns(found)) {
    const names = namesOf(concern.advisory);
    const known = (entry: { id: string; aliases?: readonly string[] }) =>
      [entry.id, ...(entry.aliases ?? [])].some((name) => names.includes(name));
    const vulnerability = VULNERABILITIES.find(known);
    if (vulnerability === undefined && !OTHER_VULNERABILITIES.some(known)) {
      const isProducts = concern.packages.some(({ product }) => product !== undefined);
      (isProducts ? missing : unjudged).push(concern);
      continue;
    }
    judged++;
    const said = concern.packages.filter(({ version }) => vulnerability && isFixedIn(vulnerability, version));
    if (said.length > 0) disputed.push({ ...concern, packages: said });
  }
  return { missing, disputed, unjudged, judged };
}

function concerns(found: readonly Found[]): Concern[] {
  const merged: { advisory: Advisory; packages: Pinned[] }[] = [];
  for (const { package: asked, advisory } of found) {
    const names = namesOf(advisory);
    const same = merged.find((concern) => namesOf(concern.advisory).some((name) => names.includes(name)));
    if (same === undefined) {
      merged.push({ advisory, packages: [asked] });
      continue;
    }
    if (!same.packages.includes(asked)) same.packages.push(asked);
    const aliases = [...new Set([...same.advisory.aliases, ...names])].filter((name) => name !== same.advisory.id);
    same.advisory = { ...same.advisory, aliases };
  }
  return merged;
}

const namesOf = ({ id, aliases }: Advisory) => [id, ...aliases];
