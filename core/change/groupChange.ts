/** What a group that serves cannot become: another store, another size, elected elsewhere. Part of change.ts; pure. */
import type { Fault } from "../../config/faults";
import { isReplicated } from "../products/stores";
import { RESTART, unchanged } from "./changeText";
import type { ClusterPlan, PlannedGroup } from "../plan/model";

/** One for the cluster's store, however many groups have it, and one for each group that says its own. */
export function storeFaults(kept: readonly [PlannedGroup, PlannedGroup][], next: ClusterPlan): Fault[] {
  const faults = new Map<string, Fault>();
  for (const [old, fresh] of kept) {
    if (old.store === fresh.store) continue;
    const index = next.config.groups.findIndex(({ name }) => name === fresh.name);
    const path = next.config.groups[index]?.store === undefined ? "store" : `groups[${index}].store`;
    faults.set(path, {
      path,
      value: fresh.store,
      problem: `The brokers of group ${old.name} keep their messages in ${old.store}; with another store they would come up empty.`,
      allowed: unchanged(old.store),
      fix: "add a group with the new store and retire this one, or make a stack of its own, move the clients, drain the old one, then take it down",
    });
  }
  return [...faults.values()];
}

/** Why a group cannot become so large or small while it serves; undefined when it can. */
function sizeProblem(old: PlannedGroup, fresh: PlannedGroup): string | undefined {
  const [before, after] = [old.brokers.length, fresh.brokers.length];
  // Another store is a fault of its own, and says more.
  if (before === after || old.store !== fresh.store) return undefined;
  if (isReplicated(old.store)) {
    return `Group ${old.name} has ${before} brokers, and each has to know how many make a majority: while some count ${before} and others ${after}, two masters could be elected.`;
  }
  // Where brokers share a store, one more is one more that waits for its lock.
  if (after > before) return undefined;
  return `Group ${old.name} has ${before} brokers, and one that would go may be its master: the others would wait for it, while bridges and clients no longer look there.`;
}

/** What a group may not change while it serves, its brokers' places and ports apart. */
export function groupFaults(old: PlannedGroup, fresh: PlannedGroup, next: ClusterPlan): Fault[] {
  const at = `groups[${next.config.groups.findIndex(({ name }) => name === fresh.name)}]`;
  const wrongSize = sizeProblem(old, fresh);
  const size: Fault[] =
    wrongSize === undefined
      ? []
      : [
          {
            path: `${at}.brokers`,
            value: fresh.brokers.length,
            problem: wrongSize,
            allowed: `${unchanged(old.brokers.length)}${isReplicated(old.store) ? "" : ", or more"}`,
            fix: `add a group of the size you want, retire this one (retire: true), remove it when it is empty; or ${RESTART}`,
          },
        ];
  const path: Fault[] =
    old.zkPath === fresh.zkPath || old.store !== fresh.store
      ? []
      : [
          {
            path: `${at}.zkPath`,
            value: fresh.zkPath,
            problem: `Group ${old.name} elects its master below ${old.zkPath ?? "?"}: while some of its brokers look there and others below ${fresh.zkPath ?? "?"}, two masters could be elected.`,
            allowed: unchanged(old.zkPath),
            fix: RESTART,
          },
        ];
  return [...size, ...path];
}
