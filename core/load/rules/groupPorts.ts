/** Rules about ports that a group gives but nothing would open. */
import { hasTransport } from "../../../config/groupSettings";
import { each, type Rule } from "./rule";
import { OPTIONAL_TRANSPORTS } from "../../products/transports";

const unusedTransports = each(
  (config) => config.groups,
  (group, i, config) =>
    OPTIONAL_TRANSPORTS.flatMap((transport) => {
      const port = group.ports[transport];
      if (port === undefined || hasTransport(config, group, transport)) return [];
      return [
        {
          path: `groups[${i}].ports.${transport}`,
          value: port,
          problem: `The transport ${transport} is off, so nothing would listen there.`,
          allowed: "ports of transports that are on",
          fix: `turn it on (transports: {${transport}: true}), or remove the port`,
        },
      ];
    }),
);

export const groupPortRules: readonly Rule[] = [unusedTransports];
