/** How the broker's process is started. */
import type { ClusterConfig } from "../../../config/schema";
import type { PlannedBroker } from "../../cluster/plan";
import { javaRun } from "../../hosts/javaRun";

/** Modules that ActiveMQ (its bin/activemq) and the LevelDB store reach into. Without the last two a failover hangs. */
const OPENINGS = [
  "--add-reads=java.xml=java.logging",
  "--add-opens=java.base/java.lang=ALL-UNNAMED",
  "--add-opens=java.base/java.util=ALL-UNNAMED",
  "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
  "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
  "--add-opens=java.base/java.net=ALL-UNNAMED",
  "--add-opens=java.base/java.security=ALL-UNNAMED",
  "--add-opens=java.naming/javax.naming.spi=ALL-UNNAMED",
  "--add-opens=java.rmi/sun.rmi.transport.tcp=ALL-UNNAMED",
  "--add-opens=java.base/java.nio=ALL-UNNAMED",
  "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
] as const;

/** `run`: replaces itself by the broker's process. */
export function runScript(config: ClusterConfig, broker: PlannedBroker, runtimeId: string): string {
  return javaRun({
    what: `broker ${broker.name}`,
    runtimeId,
    heapMiB: config.limits.heapMiB,
    options: [
      ...OPENINGS,
      '-Dactivemq.home="$runtime"',
      '-Dactivemq.base="$AMQ_SERVICE"',
      '-Dactivemq.conf="$AMQ_CONF"',
      '-Dactivemq.data="$AMQ_SERVICE/data"',
      '-Dactivemq.log="$log"',
      `-javaagent:"$runtime/agent/jmx_prometheus_javaagent.jar=127.0.0.1:${broker.ports.metrics}:$AMQ_CONF/jmx-exporter.yml"`,
    ],
    command: "activemq.cluster.BrokerMain xbean:activemq.xml",
  });
}
