/** The service row of one broker: its files, ports and what must be up. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterPlan, PlannedBroker, PlannedGroup } from "../../cluster/plan";
import type { Service } from "../../hosts/service";
import { unitFiles } from "../../hosts/systemdUnit";
import { REPLICATION_TOKEN, brokerUsers } from "../users";
import { activemqXml } from "./activemqXml";
import { JMX_EXPORTER_YML } from "./jmxExporter";
import { log4jProperties } from "./logging";
import { replicationListen } from "./replicatedLevelDb";
import { runScript } from "./runScript";
import { clientPorts } from "./transports";

const METRICS_ADDRESS = "127.0.0.1";
const PROBE = readFileSync(join(__dirname, "probe.sh"), "utf8");

/** @param runtimeId the folder, below AMQ_RUNTIMES, of the Java runtime to start from */
export function brokerService(
  plan: ClusterPlan,
  group: PlannedGroup,
  broker: PlannedBroker,
  runtimeId: string,
): Service {
  const bridges = plan.bridges.filter((bridge) => bridge.from === group.name);
  return {
    name: broker.name,
    host: broker.host,
    kind: "classic",
    files: [
      { path: "activemq.xml", text: activemqXml(plan, group, broker) },
      { path: "log4j.properties", text: log4jProperties(plan.config, group.brokerName, bridges) },
      { path: "jmx-exporter.yml", text: JMX_EXPORTER_YML },
      { path: "run", text: runScript(plan.config, broker, runtimeId), executable: true },
      { path: "probe", text: probe(group, broker), executable: true },
      ...unitFiles(plan, {
        service: broker.name,
        what: `Broker ${broker.name} (ActiveMQ)`,
        user: "activemq",
        heapMiB: plan.config.limits.heapMiB,
      }),
    ],
    credentials: [
      ...brokerUsers(plan.config).flatMap(({ passwordKey, previousPasswordKey }) =>
        previousPasswordKey === undefined ? [passwordKey] : [passwordKey, previousPasswordKey],
      ),
      ...(group.store === "replicatedLevelDB" ? [REPLICATION_TOKEN] : []),
    ],
    listens: listens(plan, broker),
    bridges: bridges.map((bridge) => bridge.name),
  };
}

function listens(plan: ClusterPlan, broker: PlannedBroker): string[] {
  const replication = replicationListen(plan, broker);
  return [
    ...clientPorts(broker).map(({ port }) => `${broker.address}:${port}`),
    // Port 0 is whichever is free.
    ...(replication.port === 0 ? [] : [`${replication.address}:${replication.port}`]),
    `${METRICS_ADDRESS}:${broker.ports.metrics}`,
  ];
}

function probe(group: PlannedGroup, broker: PlannedBroker): string {
  return `#!/usr/bin/env bash
# Probe of broker ${broker.name}. Rendered; do not edit.
store=${group.store}
client_address=${broker.address}
client_port=${broker.ports.openwire}
metrics_address=${METRICS_ADDRESS}
metrics_port=${broker.ports.metrics}

${PROBE}`;
}
