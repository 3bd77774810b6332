/** A history by message: who sent it, where it went, who got it and what became of that. Pure. */
import {
  type Delivery,
  type FaultEvent,
  type History,
  type Operation,
  type Place,
  type ReceiveCall,
  type SendCall,
  isSubscription,
  messagesOf,
  ownerOfDeadLetters,
} from "./history";

/** What became of a delivery. */
export type Fate =
  /** Acknowledged, and the broker confirmed it. */
  | "consumed"
  /** Given back, by a rollback or a consumer that left. */
  | "returned"
  /** The client cannot know. */
  | "unknown"
  /** Found at the end. */
  | "found";

export interface Receipt extends Delivery {
  readonly place: Place;
  readonly fate: Fate;
  /** Absent for what was found at the end. */
  readonly operation?: Operation;
}

export interface Trace {
  readonly message: string;
  readonly to: Place;
  /** Its place in its operation's order. */
  readonly index: number;
  readonly send: Operation & { readonly call: SendCall };
  /** In order of time. */
  readonly receipts: readonly Receipt[];
}

export interface Traces {
  readonly byMessage: ReadonlyMap<string, Trace>;
  /** Receipts of messages that nobody sent. */
  readonly strangers: readonly Receipt[];
}

export const isSend = (operation: Operation): operation is Operation & { call: SendCall } =>
  operation.call.call === "send";
export const isReceive = (operation: Operation): operation is Operation & { call: ReceiveCall } =>
  operation.call.call === "receive";

function fateOf({ result, call }: Operation & { call: ReceiveCall }): Fate {
  // A commit that certainly had no effect gives everything back.
  if (call.end === "rollback" || call.end === "leave" || call.end === "detach" || result === "fail") return "returned";
  return result === "ok" ? "consumed" : "unknown";
}

function receiptsOf({ operations, remainders }: History): Receipt[] {
  const during = operations.filter(isReceive).flatMap((operation) =>
    operation.deliveries.map((delivery) => ({
      ...delivery,
      place: operation.call.from,
      fate: delivery.surplus === true ? ("returned" as const) : fateOf(operation),
      operation,
    })),
  );
  const atLast = remainders.flatMap(({ place, drained }) =>
    drained.map((delivery) => ({ ...delivery, place, fate: "found" as const })),
  );
  return [...during, ...atLast].sort((a, b) => a.at - b.at);
}

/** Puts a history in order by message. */
export function trace(history: History): Traces {
  const byMessage = new Map<string, Trace & { receipts: Receipt[] }>();
  for (const send of history.operations.filter(isSend)) {
    for (const [index, message] of messagesOf(send.id, send.call).entries()) {
      byMessage.set(message, { message, to: send.call.to[index] ?? "", index, send, receipts: [] });
    }
  }
  const strangers: Receipt[] = [];
  for (const receipt of receiptsOf(history)) {
    const known = byMessage.get(receipt.message);
    if (known === undefined) strangers.push(receipt);
    else known.receipts.push(receipt);
  }
  return { byMessage, strangers };
}

/** How long after an acknowledgement has returned a fault may still undo it: clients send acknowledgements ahead. */
const GRACE_MILLIS = 5000;

/** Whether a fault lasted in some part of a time. */
export function isDisturbed(faults: readonly FaultEvent[], from: number, until: number): boolean {
  return faults.some(({ began, settled }) => began <= until + GRACE_MILLIS && settled >= from);
}

/** A time in which a durable subscription is certainly there; no end: until the end of the run. */
export interface Tenure {
  readonly from: number;
  readonly to?: number;
}

/** An operation that opens or closes a durable subscription. */
export interface Opening {
  readonly kind: "open" | "close";
  /** The earliest moment at which it may have taken effect, and the latest. */
  readonly earliest: number;
  readonly latest: number;
  readonly certain: boolean;
}

function openings({ operations }: History, subscription: Place): Opening[] {
  return operations
    .flatMap((operation): Opening[] => {
      const { call, result, invoked, completed } = operation;
      const at = call.call === "receive" ? call.from : "at" in call ? call.at : undefined;
      if (at !== subscription || result === "fail") return [];
      const times = { earliest: invoked, latest: completed, certain: result === "ok" };
      // Who receives as a subscriber makes the subscription where there is none.
      if (call.call === "subscribe" || call.call === "receive") return [{ kind: "open", ...times }];
      return call.call === "unsubscribe" ? [{ kind: "close", ...times }] : [];
    })
    .sort((a, b) => a.earliest - b.earliest);
}

/** The times in which a subscription is certainly there; those of one client come one after the other. */
export function tenures(history: History, subscription: Place): Tenure[] {
  const found: { from: number; to?: number }[] = [];
  for (const { kind, earliest, latest, certain } of openings(history, subscription)) {
    const last = found.at(-1);
    const isOpen = last !== undefined && last.to === undefined;
    if (kind === "open" && !isOpen && certain) found.push({ from: latest });
    if (kind === "close" && isOpen) last.to = earliest;
  }
  return found;
}

/** Each subscription's openings, in order of time. Read once for each: who asks does so for every message of a history. */
export function openingsIn(history: History): (subscription: Place) => readonly Opening[] {
  const known = new Map<Place, readonly Opening[]>();
  return (subscription) => {
    const found = known.get(subscription) ?? openings(history, subscription);
    known.set(subscription, found);
    return found;
  };
}

/** Whether a subscription may have been there at some moment of a time. */
export function mayBeThere(all: readonly Opening[], until: number): boolean {
  return all.some(({ kind, earliest }) => kind === "open" && earliest <= until);
}

/**
 * The latest moment from which on a subscription has nothing of before: its last certain removal ahead of a time. Undefined where it
 * was never certainly removed and then made again.
 */
export function emptySince(all: readonly Opening[], before: number): number | undefined {
  const known = all.filter(({ earliest }) => earliest < before);
  const close = known.findLast(({ kind, certain }) => kind === "close" && certain);
  return close?.earliest;
}

/** All subscriptions that any operation names. */
export function subscriptionsIn({ operations }: History): Place[] {
  const places = operations.flatMap(({ call }) =>
    call.call === "receive" ? [call.from] : "at" in call ? [call.at] : [],
  );
  return [...new Set(places.filter(isSubscription))];
}

/** When removals may have taken what was in a queue: from the call on, until it returned. */
export function removals({ operations }: History, place: Place): readonly Operation[] {
  return operations.filter(({ call, result }) => call.call === "remove" && call.at === place && result !== "fail");
}

/** The queue or subscription that a receipt came from; for a dead letter its queue. */
export const homeOf = ({ place }: Receipt): Place => ownerOfDeadLetters(place) ?? place;
