/** Where a service's log goes (reload4j): its own file on the local target, the journal on machines with systemd. Pure. */
import type { ClusterConfig } from "../../../config/schema";

/** The appender's name, for log4j.rootLogger and for filters. */
export const APPENDER = "out";

/** @param file the log file, when there is one */
export function log4jAppender({ target }: Pick<ClusterConfig, "target">, file: string): string {
  const settings: Record<string, string> =
    target === "local"
      ? {
          "": "org.apache.log4j.RollingFileAppender",
          ".File": file,
          ".MaxFileSize": "10MB",
          ".MaxBackupIndex": "5",
          ".Encoding": "UTF-8",
          ".layout": "org.apache.log4j.PatternLayout",
          ".layout.ConversionPattern": "%d{ISO8601} | %-5p | %m | %c | %t%n",
        }
      : {
          // systemd takes the standard output; the journal knows the time, keeps it small and rotates.
          "": "org.apache.log4j.ConsoleAppender",
          ".Encoding": "UTF-8",
          ".layout": "org.apache.log4j.PatternLayout",
          ".layout.ConversionPattern": "%-5p | %m | %c | %t%n",
        };
  return Object.entries(settings)
    .map(([key, value]) => `log4j.appender.${APPENDER}${key}=${value}\n`)
    .join("");
}
