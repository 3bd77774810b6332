import { CUSTOM, expectRow, groups, LOCAL, type Row, SPOKES } from "./bases";

const both = (first: object, second: object = {}) => [
  { from: "a", to: "b", ...first },
  { from: "b", to: "a", ...second },
];
const always = { staticallyIncludedDestinations: ["queue://s"] };

describe("rules of destinations", () => {
  it.each<Row>([
    [
      "without a kind",
      { ...LOCAL, excludedDestinations: ["local.>"] },
      ["excludedDestinations[0]"],
      ["queue://NAME or topic://NAME"],
    ],
    ["a > in the middle", { ...LOCAL, excludedDestinations: ["queue://a.>.b"] }, ["excludedDestinations[0]"], []],
    ["a * beside letters", { ...LOCAL, excludedDestinations: ["queue://a*"] }, ["excludedDestinations[0]"], []],
    ["an empty part", { ...LOCAL, excludedDestinations: ["queue://a..b"] }, ["excludedDestinations[0]"], []],
    ["several in one", { ...LOCAL, excludedDestinations: ["queue://a,queue://b"] }, ["excludedDestinations[0]"], []],
    [
      "the product's own",
      { ...LOCAL, excludedDestinations: ["topic://ActiveMQ.Advisory.>"] },
      ["excludedDestinations[0]"],
      ["not ActiveMQ's own"],
    ],
    [
      "a static wildcard",
      { ...CUSTOM, bridges: both({ staticallyIncludedDestinations: ["queue://a.*"] }) },
      ["bridges[0].staticallyIncludedDestinations[0]"],
      ["without wildcards"],
    ],
    [
      "lists without bridges",
      {
        ...LOCAL,
        topology: "none",
        excludedDestinations: ["queue://a"],
        groups: groups({ excludedDestinations: ["queue://b"] }),
      },
      ["excludedDestinations", "groups[0].excludedDestinations", "groups[1].excludedDestinations"],
      ["There are no bridges"],
    ],
    [
      "covered by another, before and after",
      { ...LOCAL, excludedDestinations: ["queue://a.b", "queue://a.>", "queue://a.c", "queue://x", "queue://x"] },
      ["excludedDestinations[0]", "excludedDestinations[2]", "excludedDestinations[4]"],
      ["queue://a.> is in the list and covers it"],
    ],
    [
      "included and excluded",
      {
        ...LOCAL,
        dynamicallyIncludedDestinations: ["queue://a", "queue://b"],
        excludedDestinations: ["queue://a"],
      },
      ["dynamicallyIncludedDestinations[0]"],
      ["what is excluded never crosses"],
    ],
    [
      "static, and excluded by a group",
      {
        ...CUSTOM,
        bridges: both(always, { dynamicallyIncludedDestinations: ["queue://s.b", "topic://>"] }),
        groups: groups({}, { excludedDestinations: ["queue://s.>"] }),
      },
      ["bridges[0].staticallyIncludedDestinations[0]", "bridges[1].dynamicallyIncludedDestinations[0]"],
      ["queue://s.> is excluded"],
    ],
    [
      "nothing at all crosses",
      { ...LOCAL, excludedDestinations: ["queue://>", "topic://>"] },
      ["excludedDestinations"],
      ["Nothing could cross", "topology none"],
    ],
    [
      "a group that keeps everything",
      { ...LOCAL, groups: groups({}, { excludedDestinations: ["queue://>", "topic://>"] }) },
      ["groups[1].excludedDestinations"],
      ["Nothing could cross"],
    ],
    [
      "a bridge of one's own over which nothing crosses",
      { ...CUSTOM, bridges: both({ excludedDestinations: ["queue://>", "topic://>"] }) },
      ["bridges[0]"],
      ["Nothing could cross"],
    ],
    [
      "a retired group whose queues stay",
      {
        ...LOCAL,
        excludedDestinations: ["queue://>"],
        groups: groups({}, { retire: true }),
      },
      ["groups[1].retire"],
      ["could not drain", "discard"],
    ],
    [
      "static over a duplex bridge",
      { ...CUSTOM, bridges: [{ from: "a", to: "b", duplex: true, ...always }] },
      ["bridges[0].staticallyIncludedDestinations"],
      ["both ways"],
    ],
    [
      "static there and back",
      { ...CUSTOM, bridges: both(always, always) },
      ["bridges[1].staticallyIncludedDestinations[0]"],
      ["from `a` back to `b`"],
    ],
    [
      "static in a ring",
      {
        ...CUSTOM,
        groups: ["a", "b", "c"].map((name) => ({ name })),
        bridges: ["ab", "bc", "ca"].map(([from, to]) => ({ from, to, ...always })),
      },
      ["bridges[2].staticallyIncludedDestinations[0]"],
      ["back to `c`"],
    ],
    [
      "static to a retired group",
      { ...CUSTOM, bridges: both(always), groups: groups({}, { retire: true }) },
      ["bridges[0].staticallyIncludedDestinations"],
      ["without end"],
    ],
  ])("%s", (...row) => {
    expectRow(...row);
  });

  it.each<Row>([
    ["queues kept, topics cross", { ...LOCAL, excludedDestinations: ["queue://>"] }, [], []],
    ["wildcards that meet in part", { ...LOCAL, excludedDestinations: ["queue://a.*", "queue://*.b"] }, [], []],
    ["static one way, by demand back", { ...CUSTOM, bridges: both(always) }, [], []],
    [
      "another static back",
      { ...CUSTOM, bridges: both(always, { staticallyIncludedDestinations: ["queue://t"] }) },
      [],
      [],
    ],
    [
      "retired, with something kept back",
      { ...LOCAL, excludedDestinations: ["queue://x"], groups: groups({}, { retire: true }) },
      [],
      [],
    ],
    [
      "given up, with everything kept back",
      { ...LOCAL, excludedDestinations: ["queue://>"], groups: groups({}, { retire: "discard" }) },
      [],
      [],
    ],
    ["spokes", { ...SPOKES, dynamicallyIncludedDestinations: ["queue://orders.>", "topic://>"] }, [], []],
  ])("allowed: %s", (...row) => {
    expectRow(...row);
  });
});
