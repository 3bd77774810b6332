import { carries, carriesNone, copiesWhereSent, covers, filtersFor, keptIn } from "../../../core/plan/destinations";
import { canFlow } from "../../../operate/drill/flow";
import { planOf } from "../../support/plans";
import { configOf } from "../../support/raw";

const NONE = {
  dynamicallyIncludedDestinations: [],
  excludedDestinations: [],
  staticallyIncludedDestinations: [],
};

describe("wildcards", () => {
  it.each([
    ["queue://>", "queue://a.b", true],
    ["queue://>", "topic://a.b", false],
    ["queue://a.>", "queue://a.b.c", true],
    ["queue://a.>", "queue://a", true],
    ["queue://a.>", "queue://ab", false],
    ["queue://a.>", "queue://a.*", true],
    ["queue://a.*", "queue://a.b", true],
    ["queue://a.*", "queue://a", false],
    ["queue://a.*", "queue://a.b.c", false],
    ["queue://a.*", "queue://a.>", false],
    ["queue://*.b", "queue://a.b", true],
    ["queue://a.b", "queue://a.*", false],
    ["queue://a", "queue://a.>", false],
    ["topic://a", "topic://a", true],
  ])("%s covers %s: %s", (wide, narrow, expected) => {
    expect(covers(wide, narrow)).toBe(expected);
  });
});

describe("what a bridge carries", () => {
  it.each([
    ["everything without filters", {}, "queue://a", true],
    ["not what is excluded", { excludedDestinations: ["queue://a.>"] }, "queue://a.b", false],
    ["the rest", { excludedDestinations: ["queue://a.>"] }, "topic://a.b", true],
    ["what is included", { dynamicallyIncludedDestinations: ["queue://a.>"] }, "queue://a.b", true],
    ["nothing else then", { dynamicallyIncludedDestinations: ["queue://a.>"] }, "topic://a.b", false],
    [
      "what is static although another is included",
      { dynamicallyIncludedDestinations: ["queue://a"], staticallyIncludedDestinations: ["queue://b"] },
      "queue://b",
      true,
    ],
    [
      "not what is static and excluded",
      { excludedDestinations: ["queue://b"], staticallyIncludedDestinations: ["queue://b"] },
      "queue://b",
      false,
    ],
  ])("%s", (_what, lists, name, expected) => {
    expect(carries({ ...NONE, ...lists }, name)).toBe(expected);
  });

  it.each([
    [{}, false],
    [{ excludedDestinations: ["queue://>"] }, true],
    [{ excludedDestinations: ["queue://a.>"] }, false],
    [{ dynamicallyIncludedDestinations: ["topic://>"] }, true],
    [{ dynamicallyIncludedDestinations: ["queue://a", "topic://>"], excludedDestinations: ["queue://a.>"] }, true],
    [{ dynamicallyIncludedDestinations: ["topic://>"], staticallyIncludedDestinations: ["queue://a"] }, false],
    [{ staticallyIncludedDestinations: ["topic://a"] }, false],
  ])("no queue by %j: %s", (lists, expected) => {
    expect(carriesNone({ ...NONE, ...lists }, "queue")).toBe(expected);
  });
});

describe("the lists of a bridge", () => {
  const config = configOf({
    target: "local",
    topology: "custom",
    excludedDestinations: ["queue://c"],
    dynamicallyIncludedDestinations: ["queue://>"],
    groups: [{ name: "a", excludedDestinations: ["topic://g.>"] }, { name: "b" }],
    bridges: [
      { from: "b", to: "a" },
      {
        from: "a",
        to: "b",
        dynamicallyIncludedDestinations: ["topic://>"],
        excludedDestinations: ["queue://c", "queue://DLQ.x"],
        staticallyIncludedDestinations: ["queue://s"],
      },
    ],
  });

  it("add up what is excluded, with its dead letters, and take the closest list of what is included", () => {
    const [plain, own] = config.bridges ?? [];
    expect(plain && filtersFor(config)(plain)).toEqual({
      dynamicallyIncludedDestinations: ["queue://>"],
      excludedDestinations: ["queue://c", "queue://DLQ.c", "topic://g.>", "queue://DLQ.Topic.g.>"],
      staticallyIncludedDestinations: [],
    });
    expect(own && filtersFor(config)(own)).toEqual({
      dynamicallyIncludedDestinations: ["topic://>"],
      excludedDestinations: ["queue://c", "queue://DLQ.c", "topic://g.>", "queue://DLQ.Topic.g.>", "queue://DLQ.x"],
      staticallyIncludedDestinations: ["queue://s"],
    });
  });

  it("are absent when everything crosses", () => {
    expect(planOf({}).bridges.map(({ filters }) => filters)).toEqual([undefined, undefined]);
  });
});

const FOUR = {
  groups: ["a", "b", "c"].map((name) => ({ name, ...(name === "c" && { excludedDestinations: ["queue://here.>"] }) })),
};

it("a group keeps what no bridge of its own carries", () => {
  const plan = planOf(FOUR);
  expect(["a", "b", "c"].map((group) => keptIn(plan, group))).toEqual([
    [],
    [],
    ["queue://here.>", "queue://DLQ.here.>"],
  ]);
});

describe("messages of virtual topics are copied to queues where they were sent, and nowhere else", () => {
  const where = (values: Record<string, unknown>) => {
    const plan = planOf(values);
    return plan.groups.map(({ name }) => name).filter((name) => copiesWhereSent(plan, name));
  };
  const BOTH = { topology: "custom", bridges: [{ from: "a", to: "b" }] };
  it.each([
    ["with bridges both ways", {}, ["a", "b"]],
    ["with duplex connectors", { topology: "duplex" }, ["a", "b"]],
    ["not at a group that gets nothing from others", BOTH, ["b"]],
    ["not without bridges", { topology: "none" }, []],
    ["with some of their queues excluded", { excludedDestinations: ["queue://Consumer.x.>", "topic://a"] }, ["a", "b"]],
    ["not when their queues do not cross", { excludedDestinations: ["queue://Consumer.>"] }, []],
    ["not when topics alone cross", { dynamicallyIncludedDestinations: ["topic://>"] }, []],
    [
      "not where their topics always cross",
      {
        topology: "custom",
        bridges: [
          { from: "a", to: "b", staticallyIncludedDestinations: ["topic://VirtualTopic.a"] },
          { from: "b", to: "a", staticallyIncludedDestinations: ["topic://other"] },
        ],
      },
      ["a"],
    ],
  ])("%s", (_what, values, expected) => {
    expect(where(values)).toEqual(expected);
  });
});

it("messages flow over bridges that carry them", () => {
  const plan = planOf(FOUR);
  const ways = (name: string) =>
    ["ab", "ac", "ca"].filter(([from = "", to = ""]) => canFlow(plan, from, to, `queue://${name}`));
  expect(ways("there.x")).toEqual(["ab", "ac", "ca"]);
  expect(ways("here.x")).toEqual(["ab"]);
});
