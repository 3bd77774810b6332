/** The service row of one ZooKeeper member: its files and ports. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterConfig } from "../../config/schema";
import type { ClusterPlan, PlannedEnsemble, PlannedMember } from "../cluster/plan";
import { shellQuote } from "../hosts/hostScript";
import type { Service } from "../hosts/service";
import { zooCfg } from "./zooCfg";

const PROBE = readFileSync(join(__dirname, "probe.sh"), "utf8");

const LOG4J_PROPERTIES = `# Rendered; do not edit.
log4j.rootLogger=INFO, file
# A line for every connection, and the probes make one each.
log4j.logger.org.apache.zookeeper.server.NIOServerCnxn=WARN
log4j.logger.org.apache.zookeeper.server.command=WARN

log4j.appender.file=org.apache.log4j.RollingFileAppender
log4j.appender.file.File=\${zookeeper.log.dir}/zookeeper.log
log4j.appender.file.MaxFileSize=10MB
log4j.appender.file.MaxBackupIndex=5
log4j.appender.file.Encoding=UTF-8
log4j.appender.file.layout=org.apache.log4j.PatternLayout
log4j.appender.file.layout.ConversionPattern=%d{ISO8601} | %-5p | %m | %c | %t%n
`;

/** @param runtimeId the folder, below AMQ_RUNTIMES, of the Java runtime to start from */
export function memberService(
  plan: ClusterPlan,
  ensemble: PlannedEnsemble,
  member: PlannedMember,
  runtimeId: string,
): Service {
  const { client, peer, election } = member.ports;
  return {
    name: member.name,
    host: member.host,
    kind: "zookeeper",
    files: [
      { path: "zoo.cfg", text: zooCfg(plan, ensemble, member) },
      { path: "log4j.properties", text: LOG4J_PROPERTIES },
      { path: "run", text: runScript(plan.config, member, runtimeId), executable: true },
      { path: "probe", text: probe(member), executable: true },
    ],
    credentials: [],
    listens: [client, peer, election].map((port) => `${member.address}:${port}`),
    bridges: [],
  };
}

function runScript(config: ClusterConfig, member: PlannedMember, runtimeId: string): string {
  return `#!/usr/bin/env bash
# Starts ZooKeeper ${member.name}. Rendered; do not edit.
set -euo pipefail
umask 077
# Folders may have any name; without a UTF-8 locale Java cannot open them all.
export LC_ALL=C.UTF-8

runtime=$AMQ_RUNTIMES/${shellQuote(runtimeId)}
log=$AMQ_SERVICE/log
# zoo.cfg names the data by a path relative to this folder.
cd "$AMQ_SERVICE"
mkdir -p data log
rm -rf tmp
mkdir tmp
echo ${member.id} >data/myid

# shellcheck disable=SC2054  # commas are the JVM's
options=(
  # Equal sizes: a heap that cannot grow fails at start or not at all.
  -Xms${config.zookeeper.heapMiB}m
  -Xmx${config.zookeeper.heapMiB}m
  # After an out of memory error a member lives on half dead. One dump is kept: the JVM never overwrites it.
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
  -Dzookeeper.log.dir="$log"
  -Dzookeeper.jmx.log4j.disable=true
  # The version's folder comes first: log4j.properties is found there.
  -cp "$AMQ_CONF:$runtime/lib/*"
)
exec "\${JAVA_HOME:+$JAVA_HOME/bin/}java" "\${options[@]}" org.apache.zookeeper.server.quorum.QuorumPeerMain "$AMQ_CONF/zoo.cfg"
`;
}

function probe(member: PlannedMember): string {
  return `#!/usr/bin/env bash
# Probe of ZooKeeper ${member.name}. Rendered; do not edit.
client_address=${member.address}
client_port=${member.ports.client}

${PROBE}`;
}
