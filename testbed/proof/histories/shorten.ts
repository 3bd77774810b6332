/** A shorter history in which the same is wrong, for whoever looks for the cause. Pure. */
import { type Finding, check } from "./check";
import { type Delivery, type History, type Operation, messagesOf } from "./history";
import { isSend } from "./traces";

/** A history of some of its operations; messages of the others were never there. */
function reduce(history: History, operations: readonly Operation[]): History {
  const sent = new Set(operations.filter(isSend).flatMap(({ id, call }) => messagesOf(id, call)));
  const all = new Set(history.operations.filter(isSend).flatMap(({ id, call }) => messagesOf(id, call)));
  // What nobody ever sent is what may be wrong.
  const stays = (message: string) => sent.has(message) || !all.has(message);
  const deliveries = (some: readonly Delivery[]) => some.filter(({ message }) => stays(message));
  return {
    ...history,
    operations: operations.map((one) => ({ ...one, deliveries: deliveries(one.deliveries) })),
    remainders: history.remainders.map((one) => ({
      ...one,
      drained: deliveries(one.drained),
      ...(one.browsed !== undefined && { browsed: one.browsed.filter(stays) }),
    })),
  };
}

/** Leaves out operations, many at a time and then fewer, as long as a finding of the kind about the same operation stays. */
export function shorten(history: History, finding: Finding): History {
  const isThere = (shorter: History) =>
    check(shorter).some(({ kind, operation }) => kind === finding.kind && operation?.id === finding.operation?.id);
  let shortest = history;
  for (let size = Math.ceil(history.operations.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < shortest.operations.length;) {
      const rest = shortest.operations.filter((_, i) => i < from || i >= from + size);
      const shorter = reduce(history, rest);
      if (isThere(shorter)) shortest = shorter;
      else from += size;
    }
  }
  const remainders = shortest.remainders.filter(
    ({ drained, browsed = [], pending = 0 }) => drained.length + browsed.length + pending > 0,
  );
  return { ...shortest, remainders };
}
