/** How the broker's process is started. */
import type { ClusterConfig } from "../../../config/schema";
import type { PlannedBroker } from "../../cluster/plan";
import { shellQuote } from "../../hosts/hostScript";

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
  return `#!/usr/bin/env bash
# Starts broker ${broker.name}. Rendered; do not edit.
set -euo pipefail
umask 077
# Folders may have any name; without a UTF-8 locale Java cannot open them all.
export LC_ALL=C.UTF-8

runtime=$AMQ_RUNTIMES/${shellQuote(runtimeId)}
log=$AMQ_SERVICE/log
cd "$AMQ_SERVICE"
mkdir -p data log
# Unpacked native libraries and the like: a process that was killed leaves them behind.
rm -rf tmp
mkdir tmp

# shellcheck disable=SC2054  # commas are the JVM's
options=(
  # Equal sizes: a heap that cannot grow fails at start or not at all.
  -Xms${config.limits.heapMiB}m
  -Xmx${config.limits.heapMiB}m
  # After an out of memory error a broker lives on half dead. One dump is kept: the JVM never overwrites it.
  -XX:+ExitOnOutOfMemoryError
  -XX:+HeapDumpOnOutOfMemoryError
  -XX:HeapDumpPath="$log/heap.hprof"
  -XX:ErrorFile="$log/jvm-crash-%p.log"
  -Xlog:gc:file="$log/gc.log":time,level,tags:filecount=4,filesize=5m
  # Statistics in shared memory cost pauses when the disk is busy, and leave files in /tmp.
  -XX:+PerfDisableSharedMem
  # A host that was replaced keeps its name and gets another address.
  -Dsun.net.inetaddr.ttl=10
  -Djava.awt.headless=true
  -Dfile.encoding=UTF-8
  -Djava.io.tmpdir="$AMQ_SERVICE/tmp"
${OPENINGS.map((opening) => `  ${opening}`).join("\n")}
  -Dactivemq.home="$runtime"
  -Dactivemq.base="$AMQ_SERVICE"
  -Dactivemq.conf="$AMQ_CONF"
  -Dactivemq.data="$AMQ_SERVICE/data"
  -Dactivemq.log="$log"
  -javaagent:"$runtime/agent/jmx_prometheus_javaagent.jar=127.0.0.1:${broker.ports.metrics}:$AMQ_CONF/jmx-exporter.yml"
  # The version's folder comes first: activemq.xml, log4j.properties and credentials.properties are found there.
  -cp "$AMQ_CONF:$runtime/lib/*"
)
exec "\${JAVA_HOME:+$JAVA_HOME/bin/}java" "\${options[@]}" activemq.cluster.BrokerMain xbean:activemq.xml
`;
}
