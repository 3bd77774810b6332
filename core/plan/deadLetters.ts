/** Where undeliverable messages go: a queue for each destination, all below one name. */

/** Dead letters of queue `orders` are in `DLQ.orders`. */
export const DEAD_LETTER_PREFIX = "DLQ.";

/** Dead letters of topic `prices` are in queue `DLQ.Topic.prices`. */
export const TOPIC_DEAD_LETTER_PREFIX = `${DEAD_LETTER_PREFIX}Topic.`;

/** True for queues of dead letters, the product's own shared one (of letters that died twice) included. */
export function isDeadLetterQueue(queue: string): boolean {
  return queue.startsWith(DEAD_LETTER_PREFIX) || queue === "ActiveMQ.DLQ";
}

/** Where the dead letters of `queue://name` or `topic://name` are, as a queue; none for what are dead letters themselves. */
export function deadLettersOf(destination: string): string[] {
  const [, kind, name = ""] = /^(queue|topic):\/\/(.+)$/.exec(destination) ?? [];
  if (kind === "queue" && (name === ">" || isDeadLetterQueue(name))) return [];
  return [`queue://${kind === "topic" ? TOPIC_DEAD_LETTER_PREFIX : DEAD_LETTER_PREFIX}${name}`];
}
