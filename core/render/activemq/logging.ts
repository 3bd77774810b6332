/** What a broker logs: log4j.properties (reload4j) up to 5.16, log4j2.properties (Log4j 2) after it. */
import type { ClusterConfig } from "../../../config/schema";
import * as log4j from "../host/log4j";
import * as log4j2 from "../host/log4j2";
import type { PlannedBridge } from "../../plan/model";

/** Levels that differ from INFO, by logger. */
const LEVELS: readonly (readonly [logger: string, level: string, why?: string])[] = [
  ["org.apache.activemq.spring", "WARN"],
  ["org.springframework", "WARN"],
  ["org.apache.zookeeper", "WARN"],
  ["org.apache.zookeeper.ClientCnxn", "INFO"],
  [
    "org.apache.activemq.transport.failover.FailoverTransport",
    "OFF",
    '"Failed to connect to [...] after: 1 attempt(s)" as an error, once a second, while the other group has no master.',
  ],
];

const NOISE_COMMENT = "# Bridges try every broker of the other group, and slaves refuse: no news.\n";

/**
 * Texts of lines to drop. A bridge tries every broker of the other group in turn, all the time with static:, and all but the
 * master refuse: ten lines a second that say nothing and would push out the others within hours. What remains: a bridge that is
 * established, one that breaks, and every other reason why it does not come up.
 *
 * @param bridges the connectors this broker holds
 */
function noise(brokerName: string, bridges: readonly PlannedBridge[]): string[] {
  if (bridges.length === 0) return [];
  return [
    "Establishing network connection from vm:",
    "due to: Connection refused",
    "and unconnected shutdown due to a remote error",
    "Error with pending local brokerInfo on: vm:",
    "Error with pending remote brokerInfo on: unconnected",
    "bridge to Unknown stopped",
    "Connector vm://",
    ...bridges.map((bridge) => `${brokerName} Shutting down ${bridge.name}`),
  ];
}

/** log4j.properties. @param bridges the connectors this broker holds */
export function log4jProperties(config: ClusterConfig, brokerName: string, bridges: readonly PlannedBridge[]): string {
  const levels = LEVELS.map(([logger, level, why]) => `${comment(why)}log4j.logger.${logger}=${level}\n`);
  // reload4j sorts filters by their ids.
  const filters = noise(brokerName, bridges).map((text, i) => {
    const id = `log4j.appender.${log4j.APPENDER}.filter.${String(i + 1).padStart(2, "0")}`;
    return `${id}=org.apache.log4j.varia.StringMatchFilter\n${id}.StringToMatch=${text}\n${id}.AcceptOnMatch=false\n`;
  });
  return `# Rendered; do not edit.
log4j.rootLogger=INFO, ${log4j.APPENDER}
${levels.join("")}
${log4j.log4jAppender(config, "${activemq.log}/activemq.log")}${withComment(filters)}`;
}

/** log4j2.properties. @param bridges the connectors this broker holds */
export function log4j2Properties(config: ClusterConfig, brokerName: string, bridges: readonly PlannedBridge[]): string {
  const levels = LEVELS.filter(([logger]) => !logger.startsWith("org.apache.zookeeper")).map(
    ([logger, level, why], i) => `${comment(why)}logger.${i + 1}.name = ${logger}\nlogger.${i + 1}.level = ${level}\n`,
  );
  const filters = noise(brokerName, bridges).map((text, i) => {
    const id = `appender.${log4j2.APPENDER}.filters.${i + 1}`;
    return `${id}.type = StringMatchFilter\n${id}.text = ${text}\n${id}.onMatch = DENY\n${id}.onMismatch = NEUTRAL\n`;
  });
  return `# Rendered; do not edit.
status = WARN
# The broker's own hook stops it, and what it says then is worth reading.
shutdownHook = disable
rootLogger.level = INFO
rootLogger.appenderRef.1.ref = ${log4j2.APPENDER}
${levels.join("")}
${log4j2.log4j2Appender(config, "${sys:activemq.log}/activemq")}${withComment(filters.length === 0 ? [] : [`appender.${log4j2.APPENDER}.filters.type = Filters\n`, ...filters])}`;
}

const comment = (why: string | undefined) => (why === undefined ? "" : `# ${why}\n`);
const withComment = (filters: readonly string[]) =>
  filters.length === 0 ? "" : `\n${NOISE_COMMENT}${filters.join("")}`;
