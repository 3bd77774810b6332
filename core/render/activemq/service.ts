/** The service row of one broker: its files, ports and what must be up. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RuntimeIds, Service } from "../../host/service";
import { unitFiles } from "../host/systemdUnit";
import { distributionOf } from "../../products/releases";
import { sharedBase } from "../../plan/sharedDirectory";
import { brokerUsers } from "../../plan/users";
import { activemqXml } from "./activemqXml";
import { JMX_EXPORTER_YML } from "./jmxExporter";
import { releaseLineOf } from "./releaseLine";
import { runScript } from "./runScript";
import { classicStore } from "./stores";
import { type ClusterPlan, type PlannedBroker, type PlannedGroup, clientPorts } from "../../plan/model";

const METRICS_ADDRESS = "127.0.0.1";
const PROBE = readFileSync(join(__dirname, "probe.sh"), "utf8");

/** @throws Error when there is no runtime for the release */
export function brokerService(
  plan: ClusterPlan,
  group: PlannedGroup,
  broker: PlannedBroker,
  runtimes: RuntimeIds,
): Service {
  const bridges = plan.bridges.filter((bridge) => bridge.from === group.name);
  // Not the group's folder in it: a file server takes root, who starts the unit, for nobody, who may not look into that.
  const shared = group.directory === undefined ? undefined : sharedBase(plan.config);
  const { frozenSeconds, credentials, files } = classicStore(group.store);
  return {
    name: broker.name,
    host: broker.host,
    kind: "classic",
    files: [
      { path: "activemq.xml", text: activemqXml(plan, group, broker) },
      releaseLineOf(plan.config).logging(plan.config, group.brokerName, bridges),
      { path: "jmx-exporter.yml", text: JMX_EXPORTER_YML },
      {
        path: "run",
        text: runScript(plan.config, group, broker, runtimes(distributionOf(plan.config.release).runtime)),
        executable: true,
      },
      { path: "probe", text: probe(broker), executable: true },
      ...(files?.(plan) ?? []),
      ...unitFiles(plan, {
        service: broker.name,
        what: `Broker ${broker.name} (ActiveMQ)`,
        user: "activemq",
        heapMiB: group.limits.heapMiB,
        ...(frozenSeconds !== undefined && { frozenSeconds }),
        ...(shared !== undefined && { writes: [shared] }),
      }),
    ],
    credentials: [
      ...brokerUsers(plan.config).flatMap(({ passwordKey, previousPasswordKey }) =>
        previousPasswordKey === undefined ? [passwordKey] : [passwordKey, previousPasswordKey],
      ),
      ...credentials(plan),
    ],
    listens: listens(plan, group, broker),
    bridges: bridges.map((bridge) => bridge.name),
  };
}

function listens(plan: ClusterPlan, group: PlannedGroup, broker: PlannedBroker): string[] {
  const ofStore = classicStore(group.store).listens({ plan, group, broker });
  return [
    ...clientPorts(broker).map(({ port }) => `${broker.address}:${port}`),
    ...ofStore.filter(({ port }) => port !== 0).map(({ address, port }) => `${address}:${port}`),
    `${METRICS_ADDRESS}:${broker.ports.metrics}`,
  ];
}

function probe(broker: PlannedBroker): string {
  return `#!/usr/bin/env bash
# Probe of broker ${broker.name}. Rendered; do not edit.
client_address=${broker.address}
client_port=${broker.ports.openwire}
metrics_address=${METRICS_ADDRESS}
metrics_port=${broker.ports.metrics}

${PROBE}`;
}
