/** The order of deletions: whatever depends on a resource goes before it, the rest side by side. */
import type { Handler } from "./handlers/handler";
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

/**
 * What has to go before a resource that is deleted before its replacement is made: itself, and whatever a change of what it
 * takes from one of these would replace, too.
 * @param handlerOf by type
 */
export function replacedWith(
  urn: string,
  resources: readonly ResourceState[],
  handlerOf: (type: string) => Pick<Handler, "replaces">,
): ResourceState[] {
  const doomed = resources.filter((entry) => entry.urn === urn && !entry.replaced);
  for (const gone of doomed) {
    for (const entry of resources) {
      const changed = Object.entries(entry.propertyDependencies ?? {}).flatMap(([name, urns]) =>
        urns.includes(gone.urn) ? [name] : [],
      );
      if (doomed.includes(entry) || entry.replaced || !entry.custom || changed.length === 0) continue;
      if (handlerOf(entry.type).replaces(changed)) doomed.push(entry);
    }
  }
  return doomed;
}

function dependsOn(entry: ResourceState, urn: string): boolean {
  return entry.parent === urn || entry.deletedWith === urn || entry.dependencies.includes(urn);
}
