/** docs/reference/metrics.md: the metrics of a broker, from their table. */
import { ALL_METRICS, BEANS, type Metric, labelsOf } from "../../core/products/metrics";
import { code, head, paragraph, plain, table } from "./markdown";

const INTRODUCTION = `Every broker serves these metrics on loopback, and \`jvm_*\` of its Java process. [Monitoring](../monitoring.md) says how
to scrape them and what to alert on. The names are the program's own, so they stay when ActiveMQ changes its beans.

- A gauge goes up and down. A counter only grows; it starts at 0 when another broker becomes master.
- Only masters have queues, subscriptions and bridges. After a failover their series move to another broker.`;

/** What the beans are about, in the order of the page. */
const HEADINGS: Readonly<Record<Metric["bean"], string>> = {
  broker: "Brokers",
  queue: "Queues",
  durableSubscription: "Durable subscriptions of topics",
  bridge: "Bridges",
  bridgeWatch: "Watched network connectors",
  lock: "The group's lock",
  replication: "The replicated store",
  progress: "How far a copy has come",
  election: "The election",
};

/** The page's text. */
export function metricsReference(): string {
  const sections = Object.entries(HEADINGS).flatMap(([bean, heading]) => [
    `## ${heading}`,
    sectionOf(bean as Metric["bean"]),
  ]);
  return [head("Metrics", "core/products/metrics.ts"), INTRODUCTION, ...sections].join("\n\n") + "\n";
}

function sectionOf(bean: Metric["bean"]): string {
  const rows = ALL_METRICS.filter((metric) => metric.bean === bean).map((metric) => [
    code(metric.name),
    metric.type === "COUNTER" ? "counter" : "gauge",
    labelsOf(metric).map(code).join(", ") || "-",
    metric.on ?? BEANS[bean].on,
    plain([metric.help, ...(metric.note === undefined ? [] : [metric.note])].join(" ")),
  ]);
  return [
    paragraph(`From the beans ${code(BEANS[bean].objects)}:`),
    table(["metric", "type", "labels", "on", "meaning"], rows),
  ].join("\n\n");
}
