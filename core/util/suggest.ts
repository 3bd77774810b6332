import { closest, distance } from "fastest-levenshtein";

/** The known name that was probably meant: about a third of its letters may differ, upper and lower case aside. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || name === "") return undefined;
  const wanted = name.toLowerCase();
  const best = closest(
    wanted,
    known.map((candidate) => candidate.toLowerCase()),
  );
  const found = known.find((candidate) => candidate.toLowerCase() === best);
  if (found === undefined) return undefined;
  const changes = distance(wanted, best);
  // Names of one or two letters are all one change apart: no hint is better than a random one.
  return changes <= Math.max(1, Math.floor(found.length / 3)) && changes * 2 < found.length ? found : undefined;
}

/** `a`, `b` or `c` */
export function oneOf(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.pop();
  return last === undefined ? "nothing" : quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
}
