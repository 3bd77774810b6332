/** What holds for every queue and topic: limits, dead letters, removal when idle, slow consumers, stuck messages. */
import { DEAD_LETTER_PREFIX, TOPIC_DEAD_LETTER_PREFIX } from "../../plan/deadLetters";
import { TRIAL_QUEUES } from "../../plan/destinations";
import { destinationMemoryMiB } from "../../plan/sizes";
import { type Attributes, BEANS, type Element, add, comment, mib } from "./xml";
import type { PlannedGroup } from "../../plan/model";

const HOUR_MILLIS = 3_600_000;
const PENDING = 1000;
/** Messages that consumers leave behind follow them to another group after this. */
const STAY_MILLIS = 1000;
const IDLE = { gcInactiveDestinations: true, inactiveTimeoutBeforeGC: HOUR_MILLIS } as const;

/** @param bridged whether a bridge begins or ends at this group */
export function destinationPolicies(broker: Element, group: PlannedGroup, bridged: boolean): void {
  const entries = add(add(add(broker, "destinationPolicy"), "policyMap"), "policyEntries");
  comment(entries, "The closest entry applies, alone: an entry repeats what it shares with the others.");
  const limits = { producerFlowControl: true, memoryLimit: mib(destinationMemoryMiB(group)) };
  const queue = {
    ...limits,
    // Small: what one consumer has prefetched, neither another one nor a bridge can have.
    queuePrefetch: 100,
    expireMessagesPeriod: 30_000,
    ...(bridged && { enableAudit: false }),
  };

  comment(
    entries,
    "memoryLimit: one full queue slows its own producers; with room left in memory, bridges and all others go on.",
  );
  if (bridged) {
    comment(
      entries,
      "ReplayFilterFactory: messages that were moved to another group come back when no consumer of this group selects them. enableAudit off: with the audit they would be dropped as duplicates.",
    );
  }
  comment(
    entries,
    "Dead letters: a queue for each destination. Expired messages are dropped: their sender said when they are worthless. No audit: a letter that is sent again and dies again must be kept again.",
  );
  const all = entry(entries, { queue: ">", ...queue, ...IDLE }, bridged);
  deadLetters(all, { queuePrefix: DEAD_LETTER_PREFIX });

  comment(entries, "Never removed when idle: a subscriber of a virtual topic that is away would lose its place.");
  const virtual = entry(entries, { queue: "Consumer.*.VirtualTopic.>", ...queue }, bridged);
  deadLetters(virtual, { queuePrefix: DEAD_LETTER_PREFIX });

  comment(entries, "Dead letters stay until an admin takes them, and their empty queues are kept.");
  entry(entries, { queue: `${DEAD_LETTER_PREFIX}>`, ...queue }, bridged);
  entry(entries, { queue: "ActiveMQ.>", ...queue }, bridged);
  deadLetters(entry(entries, { queue: TRIAL_QUEUES, ...queue }, false), { queuePrefix: DEAD_LETTER_PREFIX });

  comment(
    entries,
    `A topic consumer of the group that lags by more than its prefetch and ${PENDING} messages loses the oldest ones; durable subscribers lose nothing, their messages are in the store. A topic with a durable subscriber, even one that is away, is not idle.`,
  );
  const topics = add(entries, "policyEntry", {
    topic: ">",
    ...limits,
    topicPrefetch: 1000,
    durableTopicPrefetch: 100,
    expireMessagesPeriod: 30_000,
    ...IDLE,
    advisoryForDiscardingMessages: true,
    advisoryForSlowConsumers: true,
  });
  add(add(topics, "messageEvictionStrategy"), "oldestMessageEvictionStrategy");
  pendingLimit(topics, bridged);
  deadLetters(topics, { topicPrefix: TOPIC_DEAD_LETTER_PREFIX });

  add(
    entries,
    "policyEntry",
    { topic: "ActiveMQ.Advisory.>", producerFlowControl: false, ...IDLE },
    "Bridges learn from advisories where consumers are: none may be dropped, and none may block the broker.",
  );
}

function entry(entries: Element, attributes: Attributes, bridged: boolean): Element {
  const added = add(entries, "policyEntry", attributes);
  if (bridged) {
    const factory = add(added, "networkBridgeFilterFactory");
    add(factory.ele(BEANS, "bean", { class: "activemq.cluster.ReplayFilterFactory" }), "property", {
      name: "stayMillis",
      value: STAY_MILLIS,
    });
  }
  return added;
}

/** How many messages may wait for a subscriber of a topic that is too slow. */
function pendingLimit(topics: Element, bridged: boolean): void {
  const strategy = add(topics, "pendingMessageLimitStrategy");
  if (!bridged) {
    add(strategy, "constantPendingMessageLimitStrategy", { limit: PENDING });
    return;
  }
  const backlogs = (element: Element) => element.ele(BEANS, "bean", { class: "activemq.cluster.BridgeBacklogs" });
  comment(
    strategy,
    "No limit for a bridge, which stands for all subscribers over there: what waits for it is on disk.",
  );
  add(backlogs(strategy), "property", { name: "limit", value: PENDING });
  backlogs(add(topics, "pendingSubscriberPolicy"));
}

function deadLetters(policy: Element, prefix: Attributes): void {
  add(add(policy, "deadLetterStrategy"), "individualDeadLetterStrategy", {
    ...prefix,
    processNonPersistent: false,
    processExpired: false,
    enableAudit: false,
  });
}
