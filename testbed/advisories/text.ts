/** A comparison as people read it. Pure. */
import type { Comparison, Concern } from "./compare";

const WHERE = "https://osv.dev/vulnerability/";

const TODO = `What to do with each that is MISSING or DISPUTED:
1. Read the advisory: what has an attacker to reach, and which releases have the fix?
2. Write that down. ActiveMQ: a row in the table of vulnerabilities.ts. ZooKeeper, PostgreSQL and jars: one in otherVulnerabilities.ts.
3. When a cluster gives what it needs, take the fix: the version in runtime/<name>/pom.xml, then runtime/lock.sh <name>.`;

/** @param strict whether jars that the products bring with them count as well */
export function comparisonText({ missing, disputed, unjudged, judged }: Comparison, strict: boolean): string {
  const lines = [
    ...missing.map((concern) => concernText("MISSING", concern)),
    ...disputed.map((concern) => concernText("DISPUTED, the table says that it is fixed in", concern)),
    ...unjudged.map((concern) => concernText(strict ? "MISSING" : "NOT JUDGED", concern)),
    ...(missing.length + disputed.length + (strict ? unjudged.length : 0) > 0 ? [TODO] : []),
    `Advisories of ActiveMQ, ZooKeeper and PostgreSQL: ${judged} in the tables, ${missing.length} missing, ${disputed.length} disputed.`,
    `Advisories of the jars that these bring with them: ${unjudged.length} in no table.`,
  ];
  return lines.join("\n");
}

function concernText(title: string, { advisory, packages }: Concern): string {
  const names = [...advisory.aliases.filter((name) => name.startsWith("CVE-")), advisory.id];
  return [
    `${title}: ${[...new Set(names)].join(", ")}: ${advisory.summary}`,
    ...packages.map(({ name, version, runtimes }) => `    ${name} ${version} (runtime/${runtimes.join(", runtime/")})`),
    `    ${WHERE}${advisory.id}`,
    "",
  ].join("\n");
}
