/**
 * The checker: what a history breaks of the promises. A pure function, so that forged histories show that it sees what it shall see.
 */
import {
  type History,
  type Operation,
  type Place,
  RANKED,
  isQueue,
  isSelected,
  isSubscription,
  isTopic,
  ownerOfDeadLetters,
  topicOf,
} from "./history";
import { type FindingKind, type Subject, isPromised } from "./promises";
import {
  type Receipt,
  type Trace,
  type Traces,
  emptySince,
  homeOf,
  isDisturbed,
  isReceive,
  isSend,
  mayBeThere,
  openingsIn,
  removals,
  subscriptionsIn,
  tenures,
  trace,
} from "./traces";

export interface Finding {
  readonly kind: FindingKind;
  readonly subject: Subject;
  /** The operation that it is counted with. */
  readonly operation?: Operation;
  /** What was found, in a few words. */
  readonly what: string;
}

/** How often a client of the proof is given a message before it is a dead letter. */
export const DELIVERIES_BEFORE_DEATH = 3;

type Check = (history: History, traces: Traces) => Iterable<Finding>;

/** The subject that a send belongs to. */
function subjectOf({ call }: Trace["send"]): Subject {
  return call.end === "single" ? "send" : "transaction";
}

/** The subject that a topic's subscriptions belong to. */
const subscribersOf = (topic: Place, otherwise: "durable" | "subscriber") =>
  topic === RANKED ? "unordered" : otherwise;

/** Acknowledged, and never worthless. */
const isAcknowledged = ({ send: { result, call } }: Trace) =>
  result === "ok" && call.end !== "rollback" && call.expiryMillis === 0;

/** Whether a removal may have taken the message: it was called before the message was surely there and away again. */
function mayBeRemoved(history: History, { to, send }: Trace): boolean {
  return removals(history, to).some(({ completed, result }) => result === "unknown" || completed >= send.invoked);
}

const describe = ({ place, at, redelivered, fate }: Receipt) =>
  `${place} at ${new Date(at).toISOString()}${redelivered ? ", marked" : ""}, ${fate}`;

const tell = ({ message, to, receipts }: Trace) =>
  `${message} to ${to}: ${receipts.length === 0 ? "nobody got it" : receipts.map(describe).join("; ")}`;

/** Dead with too few deliveries: no application ever had the chance to take it. */
function diedUntried({ receipts }: Trace): boolean {
  const letters = receipts.filter(({ place }) => ownerOfDeadLetters(place) !== undefined);
  const tried = receipts.filter(({ place }) => ownerOfDeadLetters(place) === undefined);
  return letters.length > 0 && letters.length === receipts.length - tried.length
    ? !tried.some(({ fate }) => fate === "consumed" || fate === "unknown" || fate === "found") &&
        tried.length < DELIVERIES_BEFORE_DEATH
    : false;
}

const lostMessages: Check = function* (history, { byMessage }) {
  for (const traced of byMessage.values()) {
    const { to, send, receipts } = traced;
    if (!isAcknowledged(traced) || !isQueue(to)) continue;
    const here = receipts.filter((receipt) => homeOf(receipt) === to);
    if (here.length === 0 && !mayBeRemoved(history, traced)) {
      yield { kind: "lost", subject: subjectOf(send), operation: send, what: tell(traced) };
    } else if (here.length > 0 && diedUntried(traced)) {
      yield { kind: "lost", subject: subjectOf(send), operation: send, what: `only a dead letter: ${tell(traced)}` };
    }
  }
};

const lostPlaces: Check = function* (history, { byMessage }) {
  for (const subscription of subscriptionsIn(history)) {
    const open = tenures(history, subscription).find(({ to }) => to === undefined);
    if (open === undefined) continue;
    const topic = topicOf(subscription);
    for (const traced of byMessage.values()) {
      const { to, send, receipts } = traced;
      if (to !== topic || !isAcknowledged(traced) || send.invoked < open.from) continue;
      if (!isSelected(subscription, send.call)) continue;
      if (receipts.some(({ place }) => place === subscription)) continue;
      const subject = subscribersOf(topic, "durable");
      yield { kind: "lost", subject, operation: send, what: `not at ${subscription}: ${tell(traced)}` };
    }
  }
};

const misplaced: Check = function* (history, { byMessage }) {
  const openingsOf = openingsIn(history);
  for (const { to, send, message, receipts } of byMessage.values()) {
    for (const receipt of receipts) {
      const home = homeOf(receipt);
      const fits = isTopic(to) ? isSubscription(home) && topicOf(home) === to : home === to;
      const say = (why: string): Finding => ({
        kind: "misplaced",
        subject: isTopic(to) ? subscribersOf(to, "durable") : "send",
        operation: send,
        what: `${message} to ${to} came from ${describe(receipt)}${why}`,
      });
      if (!fits) yield say("");
      else if (isSubscription(home) && !isSelected(home, send.call)) yield say(", which does not select it");
      else if (isSubscription(home)) {
        // Published before the subscription was made, or before it was removed and made again.
        const early = !mayBeThere(openingsOf(home), send.completed);
        const since = emptySince(openingsOf(home), receipt.at);
        if (early || (since !== undefined && send.completed < since)) yield say(", which was made later");
      }
    }
  }
};

const phantoms: Check = function* (_history, { byMessage, strangers }) {
  for (const receipt of strangers) {
    yield {
      kind: "phantom",
      subject: "send",
      what: `${receipt.message}, which nobody sent, came from ${describe(receipt)}`,
    };
  }
  for (const traced of byMessage.values()) {
    const { send, receipts } = traced;
    if (receipts.length === 0 || (send.call.end !== "rollback" && send.result !== "fail")) continue;
    const why = send.call.end === "rollback" ? "was rolled back" : "certainly failed";
    yield { kind: "phantom", subject: subjectOf(send), operation: send, what: `its send ${why}: ${tell(traced)}` };
  }
};

/** A commit whose answer the client did not get: all of it is there, or nothing. */
const halfSends: Check = function* (history, { byMessage }) {
  for (const send of history.operations.filter(isSend)) {
    if (send.call.end !== "commit" || send.result === "fail") continue;
    const traced = send.call.to.flatMap((to, i) => {
      const found = byMessage.get(`${send.id}.${i}`);
      return found === undefined || !isQueue(to) ? [] : [found];
    });
    const [there, missing] = [
      traced.filter(({ receipts }) => receipts.length > 0),
      traced.filter((one) => one.receipts.length === 0 && !mayBeRemoved(history, one)),
    ];
    if (there.length === 0 || missing.length === 0) continue;
    const what = `${send.id} (${send.result}): ${missing.length} of ${traced.length} missing: ${missing.map(tell).join("; ")}`;
    yield { kind: "half transaction", subject: "transaction", operation: send, what };
  }
};

/** The same for what was received in a transaction: all of it comes again, or nothing. */
const halfReceives: Check = function* (history, { byMessage }) {
  for (const receive of history.operations.filter(isReceive)) {
    if (receive.call.end !== "commit" || receive.result !== "unknown") continue;
    const messages = [...new Set(receive.deliveries.map(({ message }) => message))].flatMap((message) => {
      const found = byMessage.get(message);
      return found === undefined ? [] : [found];
    });
    const comesAgain = ({ receipts }: Trace) =>
      receipts.some(({ operation, at }) => operation !== receive && at >= receive.invoked);
    const gone = messages.filter((one) => !comesAgain(one) && !mayBeRemoved(history, one));
    const again = messages.filter(comesAgain);
    // A message whose send met a fault may be there twice: its second copy says nothing about the first one.
    const sure = again.filter(({ send }) => !isDisturbed(history.faults, send.invoked, send.completed));
    if (gone.length === 0 || sure.length === 0) continue;
    const what = `${receive.id}: ${sure.length} of ${messages.length} came again, ${gone.length} did not: ${sure.map(tell).join("; ")}`;
    yield { kind: "half transaction", subject: "transaction", operation: receive, what };
  }
};

const returned: Check = function* ({ faults }, { byMessage }) {
  for (const traced of byMessage.values()) {
    const { send, receipts, to } = traced;
    if (isDisturbed(faults, send.invoked, send.completed)) continue;
    for (const place of new Set(receipts.map(homeOf))) {
      const here = receipts.filter((receipt) => homeOf(receipt) === place);
      const taken = here.find(({ fate }) => fate === "consumed");
      if (taken?.operation === undefined) continue;
      const { invoked, completed } = taken.operation;
      const again = here.find((receipt) => receipt.operation !== taken.operation && receipt.at > completed);
      // What was acknowledged ahead of an earlier message is known until the next failover.
      const until = to === RANKED ? again?.at : completed;
      if (again === undefined || until === undefined || isDisturbed(faults, invoked, until)) continue;
      const subject = isTopic(to) ? subscribersOf(to, "subscriber") : "receive";
      yield {
        kind: "returned",
        subject,
        operation: taken.operation,
        what: `acknowledged, and came again: ${tell(traced)}`,
      };
    }
  }
};

const unmarked: Check = function* ({ faults }, { byMessage }) {
  for (const traced of byMessage.values()) {
    const { send, receipts } = traced;
    if (isDisturbed(faults, send.invoked, send.completed)) continue;
    for (const [i, receipt] of receipts.entries()) {
      if (receipt.redelivered || ownerOfDeadLetters(receipt.place) !== undefined) continue;
      const before = receipts
        .slice(0, i)
        .find(
          ({ place, fate, operation }) =>
            place === receipt.place && fate === "returned" && operation?.result === "ok" && isMarking(operation),
        );
      if (before === undefined || isDisturbed(faults, before.operation?.invoked ?? 0, receipt.at)) continue;
      yield { kind: "unmarked", subject: "rollback", ...ofOperation(before), what: tell(traced) };
    }
  }
};

/** AMQP counts no delivery that its receiver gives back by leaving. */
const isMarking = ({ call }: Operation) => call.call === "receive" && call.end !== "detach";

const ofOperation = ({ operation }: Receipt) => (operation === undefined ? {} : { operation });

/** Whether one message was surely sent before another one by the same producer. */
function precedes(a: Trace, b: Trace): boolean {
  if (a.send.client !== b.send.client || a.to !== b.to || a.send.call.priority !== b.send.call.priority) return false;
  return a.send === b.send ? a.index < b.index : a.send.completed <= b.send.invoked;
}

const outOfOrder: Check = function* (history, { byMessage }) {
  const receives = history.operations.filter(isReceive);
  for (const receive of receives) {
    const traced = receive.deliveries.flatMap((delivery) => {
      const found = byMessage.get(delivery.message);
      return found === undefined || delivery.redelivered ? [] : [found];
    });
    for (const [i, later] of traced.entries()) {
      const earlier = traced.slice(i + 1).find((one) => precedes(one, later));
      if (earlier === undefined) continue;
      const { invoked } = earlier.send;
      if (isDisturbed(history.faults, invoked, receive.completed)) continue;
      const alone = receives.every(
        (other) =>
          other.client === receive.client ||
          other.call.from !== receive.call.from ||
          other.completed < invoked ||
          other.invoked > receive.completed,
      );
      if (!alone) continue;
      const what = `${receive.id} got ${later.message} before ${earlier.message}`;
      yield { kind: "out of order", subject: "order", operation: receive, what };
    }
  }
};

const stuck: Check = function* ({ remainders }, { byMessage }) {
  // Between the browser and the consumer, too.
  const mayExpire = (message: string) => (byMessage.get(message)?.send.call.expiryMillis ?? 0) > 0;
  for (const { place, browsed = [], drained, pending = 0 } of remainders) {
    const got = new Set(drained.map(({ message }) => message));
    const left = browsed.filter((message) => !got.has(message) && !mayExpire(message));
    if (left.length > 0) {
      yield {
        kind: "stuck",
        subject: "send",
        what: `a browser of ${place} saw what no consumer got: ${left.join(", ")}`,
      };
    }
    if (pending > 0) {
      yield { kind: "stuck", subject: "send", what: `${place} counts ${pending} after all of it was consumed` };
    }
  }
};

const damaged: Check = function* (_history, { byMessage }) {
  for (const { send, message, receipts } of byMessage.values()) {
    const bad = receipts.find((receipt) => receipt.damaged === true);
    if (bad !== undefined) {
      yield {
        kind: "damaged",
        subject: subjectOf(send),
        operation: send,
        what: `${message} came from ${describe(bad)}`,
      };
    }
  }
};

/**
 * The client library forgets a queue's making or removal that is under way when its connection breaks, and waits for ever:
 * ConnectionStateTracker, processAddDestination and processRemoveDestination, calls both answered and sends neither again.
 */
const isForgotten = ({ faults }: History, { call, invoked }: Operation) =>
  (call.call === "create" || call.call === "remove") && isDisturbed(faults, invoked, invoked);

const hung: Check = function* (history) {
  for (const operation of history.operations.filter((one) => one.hung === true && !isForgotten(history, one))) {
    yield { kind: "hung", subject: "client", operation, what: `${operation.id} of ${operation.client} did not return` };
  }
};

const CHECKS: readonly Check[] = [
  lostMessages,
  lostPlaces,
  misplaced,
  phantoms,
  halfSends,
  halfReceives,
  returned,
  unmarked,
  outOfOrder,
  stuck,
  damaged,
  hung,
];

/** @returns everything in a history that breaks a promise of its store */
export function check(history: History): readonly Finding[] {
  const traces = trace(history);
  return CHECKS.flatMap((find) => [...find(history, traces)]).filter(({ subject }) =>
    isPromised(subject, history.store),
  );
}

/** The places that are drained at the end: every queue with its dead letters, every subscription that is still there. */
export function placesToDrain(queues: readonly Place[], history: Pick<History, "operations">): Place[] {
  const whole = { seed: 0, store: "kahaDB", faults: [], remainders: [], ...history } as const;
  const there = subscriptionsIn(whole).filter((place) => tenures(whole, place).some(({ to }) => to === undefined));
  return [...queues, ...there];
}
