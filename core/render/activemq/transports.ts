/** Where clients connect. */
import type { ClusterConfig } from "../../../config/schema";
import { maxFrameSizeBytes } from "../../plan/sizes";
import { type Element, add, comment } from "./xml";
import { TRANSPORTS, addressText } from "../../products/transports";
import { type PlannedBroker, clientPorts } from "../../plan/model";

export function transportConnectors(parent: Element, config: ClusterConfig, broker: PlannedBroker): void {
  const connectors = add(parent, "transportConnectors");
  comment(
    connectors,
    "maxFrameSize fits the heap. maxInactivityDuration is the shorter one of both ends, so every client leaves a master that froze before another is elected.",
  );
  for (const { transport, port } of clientPorts(broker)) {
    const options = [
      `maximumConnections=${config.transports.maximumConnections}`,
      `wireFormat.maxFrameSize=${maxFrameSizeBytes(config)}`,
      ...TRANSPORTS[transport].connectorOptions(config.client),
    ];
    add(connectors, "transportConnector", {
      name: transport,
      uri: `${addressText(transport, broker.address, port)}?${options.join("&")}`,
    });
  }
}
