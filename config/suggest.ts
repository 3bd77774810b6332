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
  return listed(names, "or");
}

/** `a`, `b` and `c` */
export function allOf(names: readonly string[]): string {
  return listed(names, "and");
}

function listed(names: readonly string[], last: "or" | "and"): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2
    ? (quoted[0] ?? "nothing")
    : `${quoted.slice(0, -1).join(", ")} ${last} ${quoted[quoted.length - 1] ?? ""}`;
}
