/** The Prometheus exporter in a broker's process: a rule for each reading of the table of metrics. */
import { stringify } from "yaml";
import { ALL_METRICS, BEANS, type Metric, type Reading, SOURCES, type Source } from "../../products/metrics";

/** A reading that several metrics share is one rule. What a collector gives needs none. */
function rules(): object[] {
  const first = new Map<Reading, Metric>();
  for (const metric of ALL_METRICS) {
    for (const reading of metric.readings ?? []) if (!first.has(reading)) first.set(reading, metric);
  }
  return [...first].map(([reading, metric]) => rule(metric, reading));
}

/** In the order in which the file has the keys. */
function rule({ type, name, help, source }: Metric, reading: Reading): object {
  const bean: Source = SOURCES[source];
  if ("collector" in bean) throw new Error(`${name} has a reading, and no bean`);
  const { pattern, labels: ofBean } = bean;
  const labels = { ...ofBean, ...reading.labels };
  return {
    type: type ?? "GAUGE",
    pattern: `${pattern}${reading.line}`,
    name: reading.name ?? name,
    help,
    ...(reading.value !== undefined && { value: reading.value }),
    ...(reading.valueFactor !== undefined && { valueFactor: reading.valueFactor }),
    ...(Object.keys(labels).length > 0 && { labels }),
  };
}

/** jmx-exporter.yml, the same for every broker. A bean that matches no rule is not exported. */
export const JMX_EXPORTER_YML = `# Metrics of this broker, on loopback. Rendered; do not edit.
${stringify(
  {
    lowercaseOutputName: true,
    includeObjectNames: Object.values(BEANS).map(({ objects }) => objects),
    rules: rules(),
  },
  { lineWidth: 0, defaultStringType: "PLAIN" },
)}`;
