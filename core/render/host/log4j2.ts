/** Where a service's log goes (Log4j 2): its own file on the local target, the journal on machines with systemd. Pure. */
import type { ClusterConfig } from "../../../config/schema";

/** The appender's name, for the root logger and for filters. */
export const APPENDER = "out";

/** @param file the log file without its extension, when there is one */
export function log4j2Appender({ target }: Pick<ClusterConfig, "target">, file: string): string {
  const settings: Record<string, string> =
    target === "local"
      ? {
          type: "RollingFile",
          name: APPENDER,
          fileName: `${file}.log`,
          filePattern: `${file}.log.%i`,
          "layout.type": "PatternLayout",
          "layout.pattern": "%d{DEFAULT} | %-5p | %m | %c | %t%n",
          "layout.charset": "UTF-8",
          "policies.type": "Policies",
          "policies.size.type": "SizeBasedTriggeringPolicy",
          "policies.size.size": "10MB",
          "strategy.type": "DefaultRolloverStrategy",
          "strategy.max": "5",
          // The newest of the old ones is .1, as everywhere else.
          "strategy.fileIndex": "min",
        }
      : {
          // systemd takes the standard output; the journal knows the time, keeps it small and rotates.
          type: "Console",
          name: APPENDER,
          "layout.type": "PatternLayout",
          "layout.pattern": "%-5p | %m | %c | %t%n",
          "layout.charset": "UTF-8",
        };
  return Object.entries(settings)
    .map(([key, value]) => `appender.${APPENDER}.${key} = ${value}\n`)
    .join("");
}
