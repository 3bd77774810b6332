/** The service row of one ZooKeeper member: its files and ports. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterConfig } from "../../../config/schema";
import { javaRun } from "../host/javaRun";
import { APPENDER, log4jAppender } from "../host/log4j";
import type { RuntimeIds, Service } from "../../host/service";
import { unitFiles } from "../host/systemdUnit";
import { zooCfg } from "./zooCfg";
import type { ClusterPlan, PlannedEnsemble, PlannedMember } from "../../plan/model";

const PROBE = readFileSync(join(__dirname, "probe.sh"), "utf8");

function log4jProperties(config: ClusterConfig): string {
  return `# Rendered; do not edit.
log4j.rootLogger=INFO, ${APPENDER}
# A line for every connection, and the probes make one each.
log4j.logger.org.apache.zookeeper.server.NIOServerCnxn=WARN
log4j.logger.org.apache.zookeeper.server.command=WARN

${log4jAppender(config, "${zookeeper.log.dir}/zookeeper.log")}`;
}

export function memberService(
  plan: ClusterPlan,
  ensemble: PlannedEnsemble,
  member: PlannedMember,
  runtimes: RuntimeIds,
): Service {
  const { client, peer, election } = member.ports;
  return {
    name: member.name,
    host: member.host,
    kind: "zookeeper",
    files: [
      { path: "zoo.cfg", text: zooCfg(plan, ensemble, member) },
      { path: "log4j.properties", text: log4jProperties(plan.config) },
      { path: "run", text: runScript(plan.config, member, runtimes("zookeeper-3.9")), executable: true },
      { path: "probe", text: probe(member), executable: true },
      ...unitFiles(plan, {
        service: member.name,
        what: `ZooKeeper ${member.name}`,
        user: "zookeeper",
        heapMiB: plan.config.zookeeper.heapMiB,
      }),
    ],
    credentials: [],
    listens: [client, peer, election].map((port) => `${member.address}:${port}`),
    bridges: [],
  };
}

function runScript(config: ClusterConfig, member: PlannedMember, runtimeId: string): string {
  return javaRun({
    what: `ZooKeeper ${member.name}`,
    runtimeId,
    heapMiB: config.zookeeper.heapMiB,
    // zoo.cfg names the data by a path relative to the service's folder.
    setup: [`echo ${member.id} >data/myid`],
    options: ['-Dzookeeper.log.dir="$log"', "-Dzookeeper.jmx.log4j.disable=true"],
    command: 'org.apache.zookeeper.server.quorum.QuorumPeerMain "$AMQ_CONF/zoo.cfg"',
  });
}

function probe(member: PlannedMember): string {
  return `#!/usr/bin/env bash
# Probe of ZooKeeper ${member.name}. Rendered; do not edit.
client_address=${member.address}
client_port=${member.ports.client}

${PROBE}`;
}
