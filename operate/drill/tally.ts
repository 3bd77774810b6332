/** What became of messages, by their ids. Pure. */
export interface Tally {
  /** Sends that were acknowledged. */
  readonly sent: number;
  /** Different messages that a consumer got. */
  readonly received: number;
  /** Acknowledged, but never delivered to a consumer; one that only lies among the dead letters is lost to its application. */
  readonly lost: number;
  /** Deliveries beyond the first, and dead letters of messages that were delivered. */
  readonly duplicated: number;
}

/**
 * @param acked       ids whose send returned
 * @param received    ids in order of delivery, repeats included
 * @param deadLetters ids found in dead-letter queues
 */
export function tally(acked: readonly string[], received: readonly string[], deadLetters: readonly string[]): Tally {
  const delivered = new Set(received);
  const sent = new Set(acked);
  return {
    sent: sent.size,
    received: delivered.size,
    lost: [...sent].filter((id) => !delivered.has(id)).length,
    duplicated: received.length - delivered.size + deadLetters.filter((id) => delivered.has(id)).length,
  };
}
