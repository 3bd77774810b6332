/** Where clients connect. */
import { OPTIONAL_TRANSPORTS, type ClusterConfig, type Transport } from "../../../config/schema";
import { maxFrameSizeBytes } from "../../plan/sizes";
import { type Element, add, comment } from "./xml";
import type { PlannedBroker, PlannedGroup } from "../../plan/model";

const SCHEMES: Readonly<Record<Transport, string>> = {
  openwire: "tcp",
  amqp: "amqp",
  stomp: "stomp",
  mqtt: "mqtt",
  ws: "ws",
};

/** The transports that are on, with their ports; OpenWire first, because `isSlave` turns false after the last of them. */
export function clientPorts(broker: PlannedBroker): { readonly transport: Transport; readonly port: number }[] {
  return (["openwire", ...OPTIONAL_TRANSPORTS] as const).flatMap((transport) => {
    const port = broker.ports[transport];
    return port === undefined ? [] : [{ transport, port }];
  });
}

export function transportConnectors(
  parent: Element,
  { client }: Pick<ClusterConfig, "client">,
  group: PlannedGroup,
  broker: PlannedBroker,
): void {
  const connectors = add(parent, "transportConnectors");
  comment(
    connectors,
    "maxFrameSize fits the heap. maxInactivityDuration is the shorter one of both ends, so every client leaves a master that froze before another is elected.",
  );
  for (const { transport, port } of clientPorts(broker)) {
    const options = [
      `maximumConnections=${group.transports.maximumConnections}`,
      `wireFormat.maxFrameSize=${maxFrameSizeBytes(group)}`,
      // The others have no such option: their protocols agree on heartbeats themselves.
      ...(transport === "openwire" ? [`wireFormat.maxInactivityDuration=${client.maxInactivityMillis}`] : []),
    ];
    add(connectors, "transportConnector", {
      name: transport,
      uri: `${SCHEMES[transport]}://${broker.address}:${port}?${options.join("&")}`,
    });
  }
}
