/** A shorter history in which the same is wrong, for whoever looks for the cause. */
import { type Finding, check } from "./check";
import { type Delivery, type History, type Operation, isSubscription, messagesOf } from "./history";
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

const nameOf = ({ kind, operation }: Finding) => `${kind} ${operation?.id ?? ""}`;

/** What an operation names beside messages: a queue or a subscription. */
const placeOf = ({ call }: Operation) =>
  call.call === "send" ? undefined : call.call === "receive" ? call.from : call.at;

/** The operations that have to do with a finding: its messages' sends, who got any message of these, what was done to their places. */
function related({ operations }: History, { operation }: Finding): Operation[] {
  if (operation === undefined) return [...operations];
  const named = new Set(operation.deliveries.map(({ message }) => message));
  const sends = operations
    .filter(isSend)
    .filter((one) => one.id === operation.id || messagesOf(one.id, one.call).some((message) => named.has(message)));
  const messages = new Set(sends.flatMap(({ id, call }) => messagesOf(id, call)));
  const receives = operations.filter(
    (one) => one.id === operation.id || one.deliveries.some(({ message }) => messages.has(message)),
  );
  const places = new Set([...sends.flatMap(({ call }) => call.to), ...receives.map(placeOf)]);
  const isOfPlace = (one: Operation) => "at" in one.call && (places.has(one.call.at) || isSubscription(one.call.at));
  const all = new Set<Operation>([...sends, ...receives]);
  return operations.filter((one) => all.has(one) || isOfPlace(one));
}

/** A history of three minutes took over thirteen minutes without a limit, one operation after the other. */
const LONGEST_MILLIS = 60_000;

/**
 * Keeps what has to do with the finding, then leaves out operations, half of them at first and single ones at last, as long as the
 * finding stays and none comes that was not there: without who received it, a message would be lost.
 * @param millis how long it may look; what it has by then is what it returns
 */
export function shorten(history: History, finding: Finding, millis = LONGEST_MILLIS): History {
  const end = Date.now() + millis;
  const known = new Set(check(history).map(nameOf));
  const isThere = (shorter: History) => {
    const found = check(shorter).map(nameOf);
    return found.includes(nameOf(finding)) && found.every((one) => known.has(one));
  };
  let shortest = reduce(history, related(history, finding));
  if (!isThere(shortest)) return history;
  for (let size = Math.ceil(shortest.operations.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < shortest.operations.length && Date.now() < end;) {
      const rest = shortest.operations.filter((_, i) => i < from || i >= from + size);
      const shorter = reduce(shortest, rest);
      if (rest.length > 0 && isThere(shorter)) shortest = shorter;
      else from += size;
    }
  }
  const remainders = shortest.remainders.filter(
    ({ drained, browsed = [], pending = 0 }) => drained.length + browsed.length + pending > 0,
  );
  return { ...shortest, remainders };
}
