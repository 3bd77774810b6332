import { expectRow, CUSTOM, groups, LOCAL, SINGLE, SPOKES, type Row } from "./bases";

describe("rules of bridges", () => {
  it.each<Row>([
    ["custom without bridges", { ...LOCAL, topology: "custom" }, ["bridges"], ["no such key", "activemq:bridges"]],
    ["bridges without custom", { ...CUSTOM, topology: "mesh" }, ["bridges"], ["Topology mesh makes its own"]],
    [
      "from an unknown group",
      { ...CUSTOM, bridges: [{ from: "x", to: "b" }] },
      ["bridges[0].from"],
      ["no group `x`", "`a` or `b`"],
    ],
    [
      "to a misspelt group",
      {
        ...LOCAL,
        topology: "custom",
        groups: [{ name: "orders" }, { name: "b" }],
        bridges: [{ from: "b", to: "oders" }],
      },
      ["bridges[0].to"],
      ["Did you mean `orders`"],
    ],
    [
      "from and to unknown groups",
      { ...CUSTOM, bridges: [{ from: "x", to: "x" }] },
      ["bridges[0].from", "bridges[0].to"],
      [],
    ],
    ["to itself", { ...CUSTOM, bridges: [{ from: "a", to: "a", duplex: true }] }, ["bridges[0].to"], ["to itself"]],
    [
      "to itself, twice",
      {
        ...CUSTOM,
        bridges: [
          { from: "a", to: "a", duplex: true },
          { from: "a", to: "a", duplex: true },
        ],
      },
      ["bridges[0].to", "bridges[1]", "bridges[1].to"],
      ["already"],
    ],
    [
      "twice",
      {
        ...CUSTOM,
        bridges: [
          { from: "a", to: "b" },
          { from: "a", to: "b", duplex: true },
        ],
      },
      ["bridges[1]"],
      ["bridges[0]", "already"],
    ],
    [
      "duplex from both sides",
      {
        ...CUSTOM,
        bridges: [
          { from: "a", to: "b", duplex: true },
          { from: "b", to: "a", duplex: true },
        ],
      },
      ["bridges[1]"],
      ["duplex as well"],
    ],
    [
      "duplex and back",
      {
        ...CUSTOM,
        bridges: [
          { from: "a", to: "b", duplex: true },
          { from: "b", to: "a" },
        ],
      },
      ["bridges[1]"],
      ["both directions already"],
    ],
    [
      "back, then duplex",
      {
        ...CUSTOM,
        bridges: [
          { from: "a", to: "b" },
          { from: "b", to: "a", duplex: true },
        ],
      },
      ["bridges[1]"],
      ["both directions already"],
    ],
    [
      "equal names of bridges",
      {
        ...SINGLE,
        topology: "custom",
        groups: ["a", "b-to-c", "a-to-b", "c"].map((name) => ({ name, brokers: 1 })),
        bridges: [
          { from: "a", to: "b-to-c" },
          { from: "a-to-b", to: "c" },
        ],
      },
      ["groups[2].name"],
      ["a-to-b-to-c"],
    ],
    [
      "spokes without roles",
      { ...SPOKES, groups: groups({ brokers: 1 }, { role: "producers" }) },
      ["groups[0].role"],
      ["needs a role", "producers"],
    ],
    [
      "a role without spokes",
      { ...SPOKES, topology: "mesh" },
      ["groups[0].role", "groups[1].role"],
      ["topology: spokes"],
    ],
    [
      "producers only",
      { ...SPOKES, groups: groups({ brokers: 1, role: "producers" }) },
      ["groups"],
      ["No group has the role consumers"],
    ],
    [
      "consumers only",
      { ...SPOKES, groups: groups({ brokers: 1, role: "consumers" }) },
      ["groups"],
      ["No group has the role producers"],
    ],
  ])("%s", (...row) => {
    expectRow(...row);
  });
});
