/**
 * What each store promises for each kind of operation. The checker reads this table, and docs/guarantees.md shows it: `npm run
 * references` writes it there. Pure.
 */
import { STORE_NAMES, type StoreName } from "../../../core/products/stores";

/** What can be found in a history; see check.ts for how. */
export type FindingKind =
  | "lost"
  | "misplaced"
  | "phantom"
  | "half transaction"
  | "returned"
  | "unmarked"
  | "out of order"
  | "stuck"
  | "damaged"
  | "hung";

/** An operation, or a property of several, that has a row in the table. */
export type Subject =
  | "send"
  | "transaction"
  | "receive"
  | "rollback"
  | "order"
  | "removal"
  | "durable"
  | "subscriber"
  | "unordered"
  | "topic"
  | "client";

interface PromiseRow {
  readonly operation: string;
  readonly promise: string;
  /** Stores that do not promise it. */
  readonly notBy: readonly StoreName[];
}

export const PROMISES: Readonly<Record<Subject, PromiseRow>> = {
  send: {
    operation: "persistent send to a queue, synchronous",
    promise: "at least once: consumed, a dead letter after its redeliveries, or waiting; in its own queue alone",
    notBy: [],
  },
  transaction: {
    operation: "transaction of one session, local",
    promise: "all of it or nothing; all of it once the commit has returned",
    notBy: [],
  },
  receive: {
    operation: "receive and acknowledge",
    promise: "exactly once, but again where a fault met the send or the acknowledgement",
    notBy: [],
  },
  rollback: {
    operation: "rollback, or a consumer that leaves",
    promise: "the message comes again, marked as redelivered (unmarked where a receiver of AMQP leaves)",
    notBy: [],
  },
  order: {
    operation: "order of one producer, one consumer",
    promise: "as sent, unless a fault or a redelivery comes between",
    notBy: [],
  },
  removal: {
    operation: "removal of a queue",
    promise: "its own messages go, those of other queues stay",
    notBy: [],
  },
  durable: {
    operation: "durable subscription",
    promise: "at least once, from when it was made until it is removed",
    notBy: [],
  },
  subscriber: {
    operation: "receive and acknowledge in order, as a durable subscriber",
    promise: "exactly once, but again where a fault met the publication or the acknowledgement",
    notBy: [],
  },
  unordered: {
    operation: "durable subscription with a selector, priorities, expiry, or single acknowledgements",
    promise: "at least once; what was acknowledged ahead of an earlier message may come again after a fault",
    notBy: [],
  },
  topic: {
    operation: "topic without a durable subscription",
    promise: "-",
    notBy: STORE_NAMES,
  },
  client: {
    operation: "client with the failover URL",
    promise: "each call returns once the group serves again, but for the making or removal of a queue that a fault met",
    notBy: [],
  },
};

/** @returns whether a store promises it */
export function isPromised(subject: Subject, store: StoreName): boolean {
  return !PROMISES[subject].notBy.includes(store);
}
