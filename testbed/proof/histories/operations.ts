/**
 * What clients do: a row each. A row says who can do it, how often, and makes its call from random values; the clients and the
 * checker know the calls alone. Pure.
 */
import fc from "fast-check";
import type { Protocol } from "../../../core/products/transports";
import { type Call, type Place, RANKED, type ReceiveCall, type SendCall, URGENT } from "./history";

/** What one operation is counted with in the table of results. */
export type Family = "sends" | "transactions" | "receives" | "rollbacks" | "removals" | "durable subscriptions";

interface OperationRow {
  readonly family: Family;
  readonly protocols: readonly Protocol[];
  /** How often it comes, beside the others. */
  readonly weight: number;
  /** @param client whose subscriptions are its own */
  readonly call: (client: string) => fc.Arbitrary<Call>;
}

const QUEUES = 3;
const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}.${i}`);

/** Queues that nobody removes, so that what is in them has to stay. */
export const KEPT = numbered("queue://histories.keep", QUEUES);
/** Queues that are made and removed all the time. */
export const BRIEF = numbered("queue://histories.brief", QUEUES);
/** Has one consumer at a time. */
export const ORDERED = "queue://histories.order";
export const TOPICS = numbered("topic://histories.topic", 2);
/** By topic: what a client calls its subscriptions. */
const SUBSCRIPTIONS: Readonly<Record<Place, readonly string[]>> = {
  ...Object.fromEntries(TOPICS.map((topic) => [topic, ["one", "two"]])),
  [RANKED]: ["one", URGENT],
};

/** Every queue that an operation may name. */
export const QUEUE_PLACES: readonly Place[] = [...KEPT, ...BRIEF, ORDERED];

const ALL = ["openwire", "stomp", "amqp"] as const;
const JMS = ["openwire"] as const;
const WITH_TRANSACTIONS = ["openwire", "stomp"] as const;

const kept = fc.constantFrom(...KEPT);
const brief = fc.constantFrom(...BRIEF);
const queue = fc.oneof({ weight: 3, arbitrary: kept }, { weight: 1, arbitrary: brief });
const topic = fc.constantFrom(...TOPICS);
const subscriptionOf = (client: string, topics = Object.keys(SUBSCRIPTIONS)) =>
  fc.constantFrom(
    ...topics.flatMap((at) =>
      (SUBSCRIPTIONS[at] ?? []).map((name) => `subscription://${client}/${name}/${at.replace("topic://", "")}`),
    ),
  );

const SMALL = fc.integer({ min: 40, max: 2048 });
const PRIORITY = 4;

function sends(to: fc.Arbitrary<readonly Place[]>, more: Partial<SendCall> & { size?: fc.Arbitrary<number> } = {}) {
  const { size = SMALL, ...rest } = more;
  return fc.record({ to, bytes: size }).map((drawn): SendCall => ({
    call: "send",
    priority: PRIORITY,
    properties: false,
    expiryMillis: 0,
    end: "single",
    ...drawn,
    ...rest,
  }));
}

function receives(from: fc.Arbitrary<Place>, ack: ReceiveCall["ack"], end: ReceiveCall["end"], most = 8) {
  return fc
    .record({ from, count: fc.integer({ min: 1, max: most }) })
    .map((drawn): ReceiveCall => ({ call: "receive", ack, end, ...drawn }));
}

const one = (place: fc.Arbitrary<Place>) => place.map((at) => [at]);
const some = (place: fc.Arbitrary<Place>, maxLength = 5) => fc.array(place, { minLength: 2, maxLength });

export const OPERATIONS = {
  send: { family: "sends", protocols: ALL, weight: 10, call: () => sends(one(queue)) },
  "send several": { family: "sends", protocols: ALL, weight: 4, call: () => sends(some(queue, 8)) },
  "send in order": {
    family: "sends",
    protocols: ALL,
    weight: 6,
    call: () => sends(fc.integer({ min: 2, max: 6 }).map((n) => Array.from({ length: n }, () => ORDERED))),
  },
  "send with properties": {
    family: "sends",
    protocols: JMS,
    weight: 3,
    call: () => sends(one(queue), { properties: true }),
  },
  "send with an expiry": {
    family: "sends",
    protocols: JMS,
    weight: 2,
    call: () => fc.integer({ min: 1, max: 20_000 }).chain((expiryMillis) => sends(one(kept), { expiryMillis })),
  },
  "send with a priority": {
    family: "sends",
    protocols: JMS,
    weight: 2,
    call: () => fc.integer({ min: 0, max: 9 }).chain((priority) => sends(one(kept), { priority })),
  },
  "send a large one": {
    family: "sends",
    protocols: ALL,
    weight: 1,
    call: () => sends(one(kept), { size: fc.integer({ min: 100_000, max: 1_048_576 }) }),
  },
  "send and commit": {
    family: "transactions",
    protocols: WITH_TRANSACTIONS,
    weight: 5,
    call: () => sends(some(queue), { end: "commit" }),
  },
  "send and roll back": {
    family: "transactions",
    protocols: WITH_TRANSACTIONS,
    weight: 1,
    call: () => sends(some(queue), { end: "rollback" }),
  },
  receive: { family: "receives", protocols: JMS, weight: 5, call: () => receives(queue, "auto", "acknowledge") },
  "receive, acknowledged by the client": {
    family: "receives",
    protocols: ALL,
    weight: 5,
    call: () => receives(queue, "client", "acknowledge"),
  },
  "receive, acknowledged one by one": {
    family: "receives",
    protocols: JMS,
    weight: 3,
    call: () => receives(queue, "individual", "acknowledge"),
  },
  "receive and commit": {
    family: "transactions",
    protocols: JMS,
    weight: 5,
    call: () => receives(queue, "transaction", "commit"),
  },
  "receive in order": {
    family: "receives",
    protocols: JMS,
    weight: 0,
    call: () => receives(fc.constant(ORDERED), "client", "acknowledge", 12),
  },
  "receive and roll back": {
    family: "rollbacks",
    protocols: JMS,
    weight: 2,
    call: () => receives(queue, "transaction", "rollback"),
  },
  "receive and leave": {
    family: "rollbacks",
    protocols: WITH_TRANSACTIONS,
    weight: 1,
    call: () => receives(queue, "client", "leave"),
  },
  "receive and detach": {
    family: "rollbacks",
    protocols: ["amqp"],
    weight: 1,
    call: () => receives(queue, "client", "detach"),
  },
  browse: { family: "receives", protocols: JMS, weight: 1, call: () => kept.map((at) => ({ call: "browse", at })) },
  "make a queue": {
    family: "removals",
    protocols: JMS,
    weight: 1,
    call: () => brief.map((at) => ({ call: "create", at })),
  },
  "remove a queue": {
    family: "removals",
    protocols: JMS,
    weight: 3,
    call: () => brief.map((at) => ({ call: "remove", at })),
  },
  publish: { family: "durable subscriptions", protocols: [...ALL, "mqtt"], weight: 5, call: () => sends(one(topic)) },
  "publish with a priority": {
    family: "durable subscriptions",
    protocols: JMS,
    weight: 3,
    call: () => fc.integer({ min: 0, max: 9 }).chain((priority) => sends(some(fc.constant(RANKED)), { priority })),
  },
  "publish with an expiry": {
    family: "durable subscriptions",
    protocols: JMS,
    weight: 2,
    call: () =>
      fc
        .integer({ min: 1, max: 20_000 })
        .chain((expiryMillis) => sends(some(fc.constant(RANKED)), { expiryMillis, priority: 9 })),
  },
  "publish and commit": {
    family: "transactions",
    protocols: JMS,
    weight: 1,
    call: () => sends(some(fc.oneof(topic, kept)), { end: "commit" }),
  },
  subscribe: {
    family: "durable subscriptions",
    protocols: JMS,
    weight: 2,
    call: (client) => subscriptionOf(client).map((at) => ({ call: "subscribe", at })),
  },
  "receive as a subscriber": {
    family: "durable subscriptions",
    protocols: JMS,
    weight: 4,
    call: (client) => receives(subscriptionOf(client), "client", "acknowledge"),
  },
  "receive one by one as a subscriber": {
    family: "durable subscriptions",
    protocols: JMS,
    weight: 2,
    call: (client) => receives(subscriptionOf(client, [RANKED]), "individual", "acknowledge"),
  },
  unsubscribe: {
    family: "durable subscriptions",
    protocols: JMS,
    weight: 1,
    call: (client) => subscriptionOf(client).map((at) => ({ call: "unsubscribe", at })),
  },
} as const satisfies Readonly<Record<string, OperationRow>>;

export type OperationName = keyof typeof OPERATIONS;
export const OPERATION_ROWS: Readonly<Record<OperationName, OperationRow>> = OPERATIONS;
export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly OperationName[];
