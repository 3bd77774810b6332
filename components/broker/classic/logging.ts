/** log4j.properties of a broker (reload4j). */
import type { PlannedBridge } from "../../cluster/plan";

/**
 * Everything goes to one file; what stays on the standard output is the JVM's own, so nothing has to be rotated there.
 *
 * @param bridges the connectors this broker holds. Each tries every broker of the other group in turn, all the time with
 *   static:, and all but the master refuse: ten lines a second that say nothing and would push out the others within hours.
 *   What remains: a bridge that is established, one that breaks, and every other reason why it does not come up.
 */
export function log4jProperties(brokerName: string, bridges: readonly PlannedBridge[]): string {
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
log4j.rootLogger=INFO, file
log4j.logger.org.apache.activemq.spring=WARN
log4j.logger.org.springframework=WARN
log4j.logger.org.apache.zookeeper=WARN
log4j.logger.org.apache.zookeeper.ClientCnxn=INFO
# "Failed to connect to [...] after: 1 attempt(s)" as an error, once a second, while the other group has no master.
log4j.logger.org.apache.activemq.transport.failover.FailoverTransport=OFF

log4j.appender.file=org.apache.log4j.RollingFileAppender
log4j.appender.file.File=\${activemq.log}/activemq.log
log4j.appender.file.MaxFileSize=10MB
log4j.appender.file.MaxBackupIndex=5
log4j.appender.file.Encoding=UTF-8
log4j.appender.file.layout=org.apache.log4j.PatternLayout
log4j.appender.file.layout.ConversionPattern=%d{ISO8601} | %-5p | %m | %c | %t%n
${noise.length === 0 ? "" : `\n# Bridges try every broker of the other group, and slaves refuse: no news.\n${noise.map(filter).join("")}`}`;
}

/** Drops messages that contain a text. reload4j sorts filters by their ids. */
function filter(text: string, index: number): string {
  const id = `log4j.appender.file.filter.${String(index + 1).padStart(2, "0")}`;
  return `${id}=org.apache.log4j.varia.StringMatchFilter\n${id}.StringToMatch=${text}\n${id}.AcceptOnMatch=false\n`;
}
