/** What clients did to a cluster, what was done to it meanwhile, and what was found at the end. Types and names alone. */
import type { StoreName } from "../../../core/products/stores";
import type { OperationName } from "./operations";

/** `queue://name`, `topic://name`, or a durable subscription as `subscription://client/name/topic`. */
export type Place = string;

/**
 * How a receive ends: what was delivered is given back by a rollback, and by a consumer that leaves without a word; detach is that in
 * AMQP, which does not count it as a delivery.
 */
export type ReceiveEnd = "acknowledge" | "commit" | "rollback" | "leave" | "detach";

export interface SendCall {
  readonly call: "send";
  /** A message for each. */
  readonly to: readonly Place[];
  readonly bytes: number;
  readonly priority: number;
  readonly properties: boolean;
  /** How long the messages are worth something; 0: for ever. */
  readonly expiryMillis: number;
  /** `single`: each message by itself; else all of them in one local transaction. */
  readonly end: "single" | "commit" | "rollback";
}

export interface ReceiveCall {
  readonly call: "receive";
  readonly from: Place;
  readonly count: number;
  /** How the session acknowledges; `transaction` goes with the ends commit and rollback. */
  readonly ack: "auto" | "client" | "individual" | "transaction";
  readonly end: ReceiveEnd;
}

/** What a client does with one destination or subscription. */
export interface PlaceCall {
  readonly call: "create" | "remove" | "subscribe" | "unsubscribe" | "browse";
  readonly at: Place;
}

/** What a client can be told to do. Every operation is one of these; the checker knows these alone. */
export type Call = SendCall | ReceiveCall | PlaceCall;

/** One message as a client got it. Times are milliseconds since the epoch. */
export interface Delivery {
  readonly message: string;
  readonly at: number;
  readonly redelivered: boolean;
  /** The body or a property is not as it was sent. */
  readonly damaged?: boolean;
  /** It was given back although its operation acknowledged others: it came after enough had come. */
  readonly surplus?: boolean;
}

/** ok: the broker confirmed it. fail: it certainly had no effect. unknown: the client cannot know. */
export type Result = "ok" | "fail" | "unknown";

export interface Operation {
  /** Its messages are called `<id>.0`, `<id>.1` and so on. */
  readonly id: string;
  readonly client: string;
  readonly operation: OperationName;
  readonly call: Call;
  readonly invoked: number;
  /** When it ended; for an unknown result when the client gave up. */
  readonly completed: number;
  readonly result: Result;
  readonly error?: string;
  readonly deliveries: readonly Delivery[];
  /** It did not return although the cluster served again. */
  readonly hung?: true;
}

/** A fault that was injected. */
export interface FaultEvent {
  readonly what: string;
  readonly began: number;
  /** When every group served again and the whole cluster was there. */
  readonly settled: number;
}

/** What a destination or subscription held when all clients had ended and the cluster was whole. */
export interface Remainder {
  readonly place: Place;
  /** Ids that a browser saw before; absent where nothing can be browsed. */
  readonly browsed?: readonly string[];
  /** What a consumer got until no more came. */
  readonly drained: readonly Delivery[];
  /** What the broker counts afterwards; absent where it does not say. */
  readonly pending?: number;
}

export interface History {
  readonly seed: number;
  readonly store: StoreName;
  readonly operations: readonly Operation[];
  readonly faults: readonly FaultEvent[];
  readonly remainders: readonly Remainder[];
}

/** The ids of the messages of a send. */
export const messagesOf = (id: string, { to }: SendCall): readonly string[] => to.map((_, i) => `${id}.${i}`);

const DEAD_LETTERS = "queue://DLQ.";

/** Where a queue's dead letters go. */
export const deadLettersOf = (place: Place): Place => place.replace("queue://", DEAD_LETTERS);

/** Whose dead letters a place holds; undefined when it holds none. */
export const ownerOfDeadLetters = (place: Place): Place | undefined =>
  place.startsWith(DEAD_LETTERS) ? `queue://${place.slice(DEAD_LETTERS.length)}` : undefined;

export const isQueue = (place: Place) => place.startsWith("queue://");
export const isTopic = (place: Place) => place.startsWith("topic://");
export const isSubscription = (place: Place) => place.startsWith("subscription://");

/** The topic of a durable subscription. */
export const topicOf = (subscription: Place): Place =>
  `topic://${subscription.slice(subscription.lastIndexOf("/") + 1)}`;

/** A topic of messages of different priorities, some of which expire: later ones are received and acknowledged before earlier ones. */
export const RANKED: Place = "topic://histories.ranked";
/** The name of the subscriptions that select messages. */
export const URGENT = "urgent";
const URGENT_PRIORITY = 5;

/** What a subscription's subscriber selects by; undefined where it wants all. */
export const selectorOf = (subscription: Place): string | undefined =>
  subscription.includes(`/${URGENT}/`) ? `JMSPriority >= ${URGENT_PRIORITY}` : undefined;

/** Whether a subscription is to get the messages of a send to its topic. */
export const isSelected = (subscription: Place, { priority }: SendCall): boolean =>
  selectorOf(subscription) === undefined || priority >= URGENT_PRIORITY;
