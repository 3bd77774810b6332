import { expectRow, LOCAL, type Row } from "./bases";

describe("rules of zookeeper", () => {
  it.each<Row>([
    ["even", { ...LOCAL, zookeeper: { members: 4 } }, ["zookeeper.members"], ["majority", "3 or 5"]],
    ["fewer than three", { ...LOCAL, zookeeper: { members: 2 } }, ["zookeeper.members"], ["from 3 to 7"]],
    ["more than seven", { ...LOCAL, zookeeper: { members: 9 } }, ["zookeeper.members"], ["from 3 to 7"]],
    ["unknown release", { ...LOCAL, zookeeper: { version: "3.4.6" } }, ["zookeeper.version"], ["no runtime", "3.9.5"]],
    [
      "client ports too few",
      { ...LOCAL, zookeeper: { ports: { client: [2181, 2182] } } },
      ["zookeeper.ports.client"],
      ["2 ports for 3 members"],
    ],
    [
      "peer ports too many",
      { ...LOCAL, zookeeper: { ports: { peer: [1, 2, 3, 4] } } },
      ["zookeeper.ports.peer"],
      ["4 ports for 3 members"],
    ],
    [
      "election ports too few",
      { ...LOCAL, zookeeper: { members: 5, ports: { election: [1, 2, 3] } } },
      ["zookeeper.ports.election"],
      ["3 ports for 5 members"],
    ],
    [
      "session too short",
      { ...LOCAL, zookeeper: { sessionTimeoutMillis: 3999 }, client: { maxInactivityMillis: 1000 } },
      ["zookeeper.sessionTimeoutMillis"],
      ["make it 4000", "4000 to 40000"],
    ],
    [
      "session too long",
      { ...LOCAL, zookeeper: { sessionTimeoutMillis: 40001 } },
      ["zookeeper.sessionTimeoutMillis"],
      ["make it 40000"],
    ],
    [
      "tick too short for the session",
      { ...LOCAL, zookeeper: { tickTimeMillis: 400 } },
      ["zookeeper.sessionTimeoutMillis"],
      ["tickTimeMillis is 400"],
    ],
    [
      "clients wait too long",
      { ...LOCAL, client: { maxInactivityMillis: 5000 } },
      ["client.maxInactivityMillis"],
      ["frozen master", "up to 4999"],
    ],
  ])("%s", (...row) => {
    expectRow(...row);
  });
});
