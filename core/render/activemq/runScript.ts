/** How the broker's process is started. */
import type { ClusterConfig } from "../../../config/schema";
import { ownJar } from "../../host/runtimes";
import { distributionOf } from "../../products/releases";
import { javaRun } from "../host/javaRun";
import { releaseLineOf } from "./releaseLine";
import type { PlannedBroker, PlannedGroup } from "../../plan/model";

/** `run`: replaces itself by the broker's process. */
export function runScript(
  config: ClusterConfig,
  group: PlannedGroup,
  broker: PlannedBroker,
  runtimeId: string,
): string {
  return javaRun({
    what: `broker ${broker.name}`,
    runtimeId,
    heapMiB: group.limits.heapMiB,
    options: [
      ...releaseLineOf(config).jvmOptions,
      '-Dactivemq.home="$runtime"',
      '-Dactivemq.base="$AMQ_SERVICE"',
      '-Dactivemq.conf="$AMQ_CONF"',
      '-Dactivemq.data="$AMQ_SERVICE/data"',
      '-Dactivemq.log="$log"',
      `-javaagent:"$runtime/agent/jmx_prometheus_javaagent.jar=127.0.0.1:${broker.ports.metrics}:$AMQ_CONF/jmx-exporter.yml"`,
    ],
    // It has a class in place of one of the product (NetworkBridgeFactory).
    firstJar: ownJar(distributionOf(config.release).runtime),
    command: "activemq.cluster.BrokerMain xbean:activemq.xml",
  });
}
