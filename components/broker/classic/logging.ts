/** log4j.properties of a broker (reload4j). */
import type { ClusterConfig } from "../../../config/schema";
import type { PlannedBridge } from "../../cluster/plan";
import { APPENDER, log4jAppender } from "../../hosts/log4j";

/**
 * Everything goes to one place.
 *
 * @param bridges the connectors this broker holds. Each tries every broker of the other group in turn, all the time with
 *   static:, and all but the master refuse: ten lines a second that say nothing and would push out the others within hours.
 *   What remains: a bridge that is established, one that breaks, and every other reason why it does not come up.
 */
export function log4jProperties(config: ClusterConfig, brokerName: string, bridges: readonly PlannedBridge[]): string {
  const noise =
    bridges.length === 0
      ? []
      : [
          "Establishing network connection from vm:",
          "due to: Connection refused",
          "and unconnected shutdown due to a remote error",
          "Error with pending local brokerInfo on: vm:",
          "Error with pending remote brokerInfo on: unconnected",
          "bridge to Unknown stopped",
          "Connector vm://",
          ...bridges.map((bridge) => `${brokerName} Shutting down ${bridge.name}`),
        ];
  return `# Rendered; do not edit.
log4j.rootLogger=INFO, ${APPENDER}
log4j.logger.org.apache.activemq.spring=WARN
log4j.logger.org.springframework=WARN
log4j.logger.org.apache.zookeeper=WARN
log4j.logger.org.apache.zookeeper.ClientCnxn=INFO
# "Failed to connect to [...] after: 1 attempt(s)" as an error, once a second, while the other group has no master.
log4j.logger.org.apache.activemq.transport.failover.FailoverTransport=OFF

${log4jAppender(config, "${activemq.log}/activemq.log")}${noise.length === 0 ? "" : `\n# Bridges try every broker of the other group, and slaves refuse: no news.\n${noise.map(filter).join("")}`}`;
}

/** Drops messages that contain a text. reload4j sorts filters by their ids. */
function filter(text: string, index: number): string {
  const id = `log4j.appender.${APPENDER}.filter.${String(index + 1).padStart(2, "0")}`;
  return `${id}=org.apache.log4j.varia.StringMatchFilter\n${id}.StringToMatch=${text}\n${id}.AcceptOnMatch=false\n`;
}
