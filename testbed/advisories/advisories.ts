/**
 * `npm run advisories`: whether every published advisory about what the runtimes pin is in the program's tables.
 *
 * Exit code 0: every one of ActiveMQ, ZooKeeper and PostgreSQL is. 1: one is not. 2: nobody knows, because there was no answer, or
 * one that does not know what everybody knows.
 */
import { parseArgs } from "node:util";
import { compare } from "./compare";
import { CONTROLS, unanswered } from "./controls";
import { NoAnswer, OSV, type Package, type Source, advisoriesFor } from "./osv";
import { type Pinned, pinned } from "./pinned";
import { comparisonText } from "./text";

const USAGE = `npm run advisories -- [--source <URL>] [--strict]
  --source  asks another service with OSV's API; default ${OSV}
  --strict  advisories of the jars that the products bring with them count as well`;

/** @returns the exit code. @param say where a line of the report goes */
export async function advisories(source: Source, strict: boolean, say: (text: string) => void): Promise<number> {
  const asked = pinned();
  say(`asking ${source.url} of ${asked.length} packages (runtime/*/pom.xml and jars.sha256)`);
  try {
    const found = await advisoriesFor<Package>(source, [...asked, ...CONTROLS]);
    const silent = unanswered(found);
    if (silent.length > 0) {
      const names = silent.map(({ ecosystem, name, version, has }) => `${has} of ${name} ${version} (${ecosystem})`);
      throw new NoAnswer(`${source.url} does not know ${names.join(", ")}`);
    }
    const isPinned = (one: Package): one is Pinned => "runtimes" in one;
    const comparison = compare(
      found.flatMap(({ package: one, advisory }) => (isPinned(one) ? [{ package: one, advisory }] : [])),
    );
    say(comparisonText(comparison, strict));
    const { missing, disputed, unjudged } = comparison;
    return missing.length + disputed.length + (strict ? unjudged.length : 0) > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    say(`NOT KNOWN: ${error.message}\nNothing follows from this: run it again, or name another service by --source.`);
    return 2;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { source: { type: "string", default: OSV }, strict: { type: "boolean", default: false } },
  });
  if (!URL.canParse(values.source)) throw new Error(`--source: "${values.source}" is no URL`);
  process.exitCode = await advisories({ url: values.source }, values.strict, (text) => {
    console.log(text);
  });
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
  });
}
