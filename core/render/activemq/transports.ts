/** Where clients connect. */
import type { ClusterConfig } from "../../../config/schema";
import { maxFrameSizeBytes } from "../../plan/sizes";
import { type Element, add, comment } from "./xml";
import { TRANSPORTS, addressText } from "../../products/transports";
import { type PlannedBroker, type PlannedGroup, clientPorts } from "../../plan/model";

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
      ...TRANSPORTS[transport].connectorOptions(client),
    ];
    add(connectors, "transportConnector", {
      name: transport,
      uri: `${addressText(transport, broker.address, port)}?${options.join("&")}`,
    });
  }
}
