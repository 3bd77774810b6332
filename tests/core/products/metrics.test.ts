import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ALL_METRICS,
  COLLECTORS,
  METRICS,
  type Metric,
  SOURCES,
  type Source,
  labelsOf,
} from "../../../core/products/metrics";
import { documents } from "../../support/documents";
import { PROJECT } from "../../support/raw";

const textOf = (file: string) => readFileSync(join(PROJECT, file), "utf8");
const NAMES = new Set(ALL_METRICS.map(({ name }) => name));
const PROBE = textOf("core/render/activemq/probe.sh");
const JAVA = "runtime/classic/java/activemq/cluster";
const REPORT = textOf(`${JAVA}/BrokerReport.java`);
const COLLECTOR = textOf(`${JAVA}/BrokerCollector.java`);

it("has each name once", () => {
  expect(NAMES.size).toBe(ALL_METRICS.length);
});

it("says in its name when a metric only grows", () => {
  for (const { name, type } of ALL_METRICS) expect([name, name.endsWith("_total")]).toEqual([name, type === "COUNTER"]);
});

it("has every metric that one rule makes of several attributes", () => {
  for (const reading of new Set(ALL_METRICS.flatMap(({ readings = [] }) => readings))) {
    if (reading.name === undefined) continue;
    const [, alternatives = ""] = /^\(([\w|]+)\)/.exec(reading.line) ?? [];
    const made = alternatives.split("|").map((one) => reading.name?.replace("$1", one.toLowerCase()));
    expect(made).toEqual(ALL_METRICS.filter(({ readings = [] }) => readings.includes(reading)).map(({ name }) => name));
  }
});

it.each<[keyof typeof METRICS, string[]]>([
  ["brokerSlave", []],
  ["storeRole", ["role"]],
  ["queueSize", ["queue"]],
  ["bridgeUp", ["connector", "remote"]],
])("knows the labels of %s", (metric, labels) => {
  expect(labelsOf(METRICS[metric])).toEqual(labels);
});

describe("what repeats a name", () => {
  it.each(["core/render/activemq/probe.sh", ...documents()])("%s names metrics that there are", (file) => {
    // `activemq_*` is none, nor are a label of the reader's own and the probe's alternatives.
    const named = textOf(file).match(/\bactivemq_[a-z_]*[a-z]\b(?![*:(])/g) ?? [];
    expect(named.filter((name) => !NAMES.has(name))).toEqual([]);
  });

  it("a broker's report has every metric that the probe reads, and only such as there are", () => {
    const read = [...PROBE.matchAll(/(?:_of '?|\^)(activemq_\w+)/g)].map(([, name = ""]) => name);
    const written = [...REPORT.matchAll(/"(activemq_\w+)"/g)].map(([, name = ""]) => name);
    expect(read.length).toBeGreaterThan(5);
    expect(read.filter((name) => !written.includes(name))).toEqual([]);
    expect(written.filter((name) => !NAMES.has(name))).toEqual([]);
  });

  it("a broker's report reads the attributes that the table has", () => {
    const rows = [...REPORT.matchAll(/\{"(activemq_\w+)", "(\w+)", "(\w+)"\}/g)];
    expect(rows.length).toBeGreaterThan(5);
    for (const [, name, bean, attribute] of rows) {
      const metric = ALL_METRICS.find((one) => one.name === name);
      const source: Source | undefined = metric && SOURCES[metric.source];
      expect([name, source, metric?.readings]).toEqual([
        name,
        expect.objectContaining({ objects: `activemq.cluster:type=${bean}` }),
        [expect.objectContaining({ line: `${attribute}:` })],
      ]);
    }
  });

  it("what a collector gives is the table's: names, kinds, meanings and labels", () => {
    const given = [...COLLECTOR.matchAll(/\.(gauge|counter)\(\s*"(\w+)",\s*"([^"]*)"/g)].map(([, kind, name, help]) =>
      kind === "counter" ? { name: `${name}_total`, type: "COUNTER", help } : { name, help },
    );
    const wanted = ALL_METRICS.filter(({ source }) => source in COLLECTORS).map(({ name, type, help }) => ({
      name,
      ...(type !== undefined && { type }),
      help,
    }));
    const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }) =>
      String(a.name).localeCompare(String(b.name));
    expect(given.sort(byName)).toEqual(wanted.sort(byName));
    for (const label of Object.values(COLLECTORS).flatMap(({ labels }) => labels))
      expect(COLLECTOR).toContain(`"${label}", `);
  });
});

/** The attributes of an MBean interface, as the exporter writes them. */
const attributesOf = (file: string) =>
  [...textOf(file).matchAll(/^ {4}\w+ (?:get|is)(\w+)\(\);/gm)].map(([, attribute = ""]) => attribute).sort();
const readOf = (source: Metric["source"]) =>
  ALL_METRICS.filter((metric) => metric.source === source)
    .flatMap(({ readings = [] }) => readings.map(({ line }) => line.replace(/:$/, "")))
    .sort();

describe("beans of our own", () => {
  it.each<[Metric["source"], string, string[]]>([
    // What the watchdog will do is for its log.
    ["election", "runtime/classic-5.16/java/activemq/cluster/ElectionWatchdogMBean.java", ["RestartAfterSeconds"]],
    ["lock", "runtime/classic-6.3/java/activemq/cluster/GroupLockMBean.java", []],
  ])("%s: every attribute is a metric", (bean, file, others) => {
    expect(readOf(bean)).toEqual(attributesOf(file).filter((attribute) => !others.includes(attribute)));
  });
});
