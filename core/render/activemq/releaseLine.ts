/** What differs between the lines of ActiveMQ Classic that there is a runtime for. Pure. */
import type { ClusterConfig } from "../../../config/schema";
import type { RenderedFile } from "../../host/service";
import { type ClassicRuntime, distributionOf } from "../../products/releases";
import { log4j2Properties, log4jProperties } from "./logging";
import { BEANS, type Element, add, comment } from "./xml";
import type { PlannedBridge } from "../../plan/model";

export interface ReleaseLine {
  /** JVM options that the line needs on Java 17. */
  readonly jvmOptions: readonly string[];
  /** The configuration of its log. @param bridges the connectors this broker holds */
  readonly logging: (config: ClusterConfig, brokerName: string, bridges: readonly PlannedBridge[]) => RenderedFile;
  /** Adds the plugin that enforces the rights. @param map the bean that holds them */
  readonly authorization: (plugins: Element, map: string) => void;
}

/** Modules that ActiveMQ 5 (its bin/activemq) and the LevelDB store reach into. Without the last two a failover hangs. */
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

const RELEASE_LINES: Readonly<Record<ClassicRuntime, ReleaseLine>> = {
  "classic-5.16": {
    jvmOptions: OPENINGS,
    logging: (...args) => ({ path: "log4j.properties", text: log4jProperties(...args) }),
    authorization: (plugins, map) => {
      comment(
        plugins,
        "The product's own plugin lets everybody remove a destination that exists, messages and all (CVE-2026-46605).",
      );
      const plugin = plugins.ele(BEANS, "bean", { class: "activemq.cluster.StrictAuthorizationPlugin" });
      add(plugin, "property", { name: "map", ref: map });
    },
  },
  "classic-6.3": {
    jvmOptions: [],
    logging: (...args) => ({ path: "log4j2.properties", text: log4j2Properties(...args) }),
    authorization: (plugins, map) => {
      add(plugins, "authorizationPlugin", { map: `#${map}` });
    },
  },
};

/** @throws Error when there is no runtime for the release */
export function releaseLineOf({ release }: Pick<ClusterConfig, "release">): ReleaseLine {
  return RELEASE_LINES[distributionOf(release).runtime];
}
