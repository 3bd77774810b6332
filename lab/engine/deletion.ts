/** The order of deletions: whatever depends on a resource goes before it, the rest side by side. */
import type { ResourceState } from "./state";

/** Calls `remove` for each entry once its dependents are gone. Where `remove` answers false, whatever it depends on stays. */
export async function deleteInOrder(
  doomed: readonly ResourceState[],
  remove: (entry: ResourceState) => Promise<boolean>,
): Promise<void> {
  const results = new Map<ResourceState, Promise<boolean>>();
  const visit = (entry: ResourceState): Promise<boolean> => {
    const known = results.get(entry);
    if (known) return known;
    const dependents = doomed.filter((other) => other !== entry && dependsOn(other, entry.urn));
    const result = Promise.all(dependents.map(visit)).then((gone) => (gone.includes(false) ? false : remove(entry)));
    results.set(entry, result);
    return result;
  };
  await Promise.all(doomed.map(visit));
}

function dependsOn(entry: ResourceState, urn: string): boolean {
  return entry.parent === urn || entry.deletedWith === urn || entry.dependencies.includes(urn);
}
