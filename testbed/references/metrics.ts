/** docs/reference/metrics.md: the metrics of a broker, from their table. */
import { ALL_METRICS, type Metric, SOURCES, type Source, labelsOf } from "../../core/products/metrics";
import { code, head, paragraph, plain, table } from "./markdown";

const INTRODUCTION = `Every broker serves these metrics on loopback, and \`jvm_*\` of its Java process. [Monitoring](../monitoring.md) says how
to scrape them and what to alert on. The names are the program's own, so they stay when ActiveMQ changes its beans.

- A gauge goes up and down. A counter only grows; it starts at 0 when another broker becomes master.
- Only masters have queues, subscriptions and bridges. After a failover their series move to another broker.`;

/** What the beans are about, in the order of the page. */
const HEADINGS: Readonly<Record<Metric["source"], string>> = {
  broker: "Brokers",
  queue: "Queues",
  durableSubscription: "Durable subscriptions of topics",
  transaction: "Transactions",
  connector: "Transport connectors",
  trial: "Whether the master serves",
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
    sectionOf(bean as Metric["source"]),
  ]);
  return [head("Metrics", "core/products/metrics.ts"), INTRODUCTION, ...sections].join("\n\n") + "\n";
}

function sectionOf(name: Metric["source"]): string {
  const source: Source = SOURCES[name];
  const rows = ALL_METRICS.filter((metric) => metric.source === name).map((metric) => [
    code(metric.name),
    metric.type === "COUNTER" ? "counter" : "gauge",
    labelsOf(metric).map(code).join(", ") || "-",
    metric.on ?? source.on,
    plain([metric.help, ...(metric.note === undefined ? [] : [metric.note])].join(" ")),
  ]);
  return [
    paragraph(
      "collector" in source
        ? `From the class ${code(source.collector)}, whose cost is small with thousands of them:`
        : `From the beans ${code(source.objects)}:`,
    ),
    table(["metric", "type", "labels", "on", "meaning"], rows),
  ].join("\n\n");
}
