/** What SubscriptionCheck prints: what durable subscribers get from the third master, of each kind of case. */

export interface SubscriptionCase {
  readonly name: string;
  /** What the subscriber has not acknowledged. */
  readonly left: string;
  /** What it gets. */
  readonly got: string;
  /** What its subscription then counts. */
  readonly still?: number;
}

const ALL = "1 2 3 4";
/** With a message that was acknowledged ahead of others: store jdbc gives it again. */
const AHEAD = "1 2 3";

/** Name, what is left, what the product's store jdbc gives and what ours does, and the product's KahaDB. Ours gives what is left. */
const CASES: readonly (readonly [string, string, string, string, string])[] = [
  ["in order", "3 4", "3 4", "3 4", "3 4"],
  ["sent again", ALL, "", ALL, "1 2 3"],
  ["sent again, wildcard", ALL, "", ALL, "1 2 3"],
  ["sent again, subscriber away", "", "", "", ""],
  ["sent again, another subscriber has read both", ALL, "", ALL, "1 2 3"],
  ["handed over twice", "2", "", "2", ""],
  ["expired", "1 2", "", "1 2", "1 2"],
  ["acknowledged singly", "1 2", "", AHEAD, "1 2"],
  ["acknowledged singly, priorities told apart", "1 2", "", AHEAD, "1 2"],
  ["acknowledged singly, the rest by the same master", "", "3", "", ""],
  ["acknowledged singly, the gap is closed", "4", "3 4", "4", "4"],
  ["acknowledged singly, unused messages are removed", "1 2", "", AHEAD, "1 2"],
  ["priorities", "1 2", "", AHEAD, "1 2"],
  ["priorities, in a transaction", "1 2", "", AHEAD, "1 2"],
  ["priorities told apart", "1 2", "1 2", "1 2", "1 2"],
  ["a transaction rolled back", "2 3", "2 3", "2 3", "2 3"],
  ["selector, subscriber there", "1 3", "1 3", "1 3", "1 3"],
  ["selector, subscriber away", "1 3", "1 3", "1 3", "1 3"],
  ["selector, all acknowledged", "", "", "", ""],
  ["selector, wanted messages far between", "1", "", "1", "1"],
  ["unsubscribed", "5", "5", "5", "5"],
  ["not stored", "2", "1 2", "2", "2"],
];

const FAR_BETWEEN = CASES.findIndex(([name]) => name === "selector, wanted messages far between");

export function casesOf(store: "jdbc" | "kahaDB", who: "product" | "ours"): SubscriptionCase[] {
  return CASES.map(([name, left, product, ours, kahaDb], index) => {
    const got = store === "jdbc" ? (who === "ours" ? ours : product) : who === "ours" ? left : kahaDb;
    // Neither the product's store jdbc nor any KahaDB acknowledges the thousand that were not handed over.
    const still = index === FAR_BETWEEN ? (store === "kahaDB" ? 1000 : who === "product" ? 1002 : 0) : 0;
    return { name, left, got, still };
  });
}

export function printed(who: string, { name, left, got, still = 0 }: SubscriptionCase): string {
  return `${who}, ${name}: expected [${left}], got [${got.split(" ").join(", ")}], ${String(still)} left`;
}

/** What Subscribers says when it should. */
export const NOTHING_MISSED = ["AUTO", "CLIENT", "TRANSACTED", "SINGLY", "SELECTOR", "SELECTOR_SINGLY"].map(
  (kind) => `${kind}: missed [], left 0`,
);
