/** Rules about what crosses bridges. */
import { bridgePairs } from "../../plan/bridges";
import { carriesNone, covers, filtersFor } from "../../plan/destinations";
import type { Fault } from "../../../config/faults";
import { ifSound } from "../partialConfig";
import type { BridgeConfig, ClusterConfig } from "../../../config/schema";
import { each, type Rule, whole } from "./rule";

const LISTS = ["dynamicallyIncludedDestinations", "excludedDestinations", "staticallyIncludedDestinations"] as const;
type Lists = Readonly<Partial<Record<(typeof LISTS)[number], readonly string[] | undefined>>>;

/** Everything that has lists, and where it is. */
function owners(config: ClusterConfig): { readonly at: string; readonly lists: Lists }[] {
  return [
    { at: "", lists: config },
    ...config.groups.map((lists, i) => ({ at: `groups[${i}].`, lists })),
    ...(config.topology === "custom" ? (config.bridges ?? []) : []).map((lists, i) => ({
      at: `bridges[${i}].`,
      lists,
    })),
  ];
}

/** A rule that looks at each list by itself. */
const eachList =
  (judge: (list: readonly string[], at: string, config: ClusterConfig) => readonly Fault[]): Rule =>
  (config) =>
    owners(config).flatMap(({ at, lists }) =>
      LISTS.map((name) => () => {
        const list = lists[name];
        return list === undefined ? [] : judge(list, `${at}${name}`, config);
      }),
    );

/** Without a bridge nothing crosses anyway. */
const noBridges = eachList((list, at, config) => {
  if (bridgePairs(config).length > 0) return [];
  return [
    {
      path: at,
      value: list,
      problem: "There are no bridges, so nothing crosses anyway.",
      allowed: "lists of destinations where groups are joined",
      fix: "remove the list, or join the groups by another topology",
    },
  ];
});

const repeated = eachList((list, at) =>
  list.flatMap((entry, i) => {
    const first = list.findIndex((other, j) => j !== i && (j < i || other !== entry) && covers(other, entry));
    if (first < 0) return [];
    return [
      {
        path: `${at}[${i}]`,
        value: entry,
        problem: `${list[first] ?? ""} is in the list and covers it.`,
        allowed: "every destination once",
        fix: "remove one of the two",
      },
    ];
  }),
);

/** What is excluded never crosses, whatever includes it. */
const contradictions: Rule = (config) => {
  const judgeList = (at: string, included: readonly string[] | undefined, excluded: readonly string[]): Fault[] =>
    (included ?? []).flatMap((entry, i) => {
      const by = excluded.find((pattern) => covers(pattern, entry));
      if (by === undefined) return [];
      return [
        {
          path: `${at}[${i}]`,
          value: entry,
          problem: `${by} is excluded and covers it, and what is excluded never crosses.`,
          allowed: "to include what no exclusion covers",
          fix: "remove it here, or take it out of excludedDestinations",
        },
      ];
    });
  const filtersOf = filtersFor(config);
  return [
    () =>
      judgeList(
        "dynamicallyIncludedDestinations",
        config.dynamicallyIncludedDestinations,
        config.excludedDestinations ?? [],
      ),
    ...(config.topology === "custom" ? (config.bridges ?? []) : []).flatMap((bridge, i) =>
      (["dynamicallyIncludedDestinations", "staticallyIncludedDestinations"] as const).map(
        (name) => () => judgeList(`bridges[${i}].${name}`, bridge[name], filtersOf(bridge)?.excludedDestinations ?? []),
      ),
    ),
  ];
};

/** Where a bridge's own lists are, or else the cluster's. */
function placeOf(config: ClusterConfig, { from, to }: BridgeConfig): string {
  const index = config.bridges?.findIndex((bridge) => bridge.from === from && bridge.to === to) ?? -1;
  const own = config.topology === "custom" ? config.bridges?.[index] : undefined;
  if (own !== undefined && LISTS.some((name) => own[name] !== undefined)) return `bridges[${index}]`;
  const group = config.groups.findIndex(
    ({ name, excludedDestinations }) => (name === from || name === to) && excludedDestinations !== undefined,
  );
  if (group >= 0) return `groups[${group}].excludedDestinations`;
  return config.excludedDestinations === undefined ? "dynamicallyIncludedDestinations" : "excludedDestinations";
}

/** A bridge over which nothing goes: said once for each place that makes it so. */
const useless = whole((config) => {
  const faults = new Map<string, Fault>();
  const filtersOf = filtersFor(config);
  for (const bridge of bridgePairs(config)) {
    const filters = filtersOf(bridge);
    if (!carriesNone(filters, "queue") || !carriesNone(filters, "topic")) continue;
    const path = placeOf(config, bridge);
    if (faults.has(path)) continue;
    faults.set(path, {
      path,
      problem: `Nothing could cross the bridge between ${bridge.from} and ${bridge.to}: all queues and all topics are kept from it.`,
      allowed: "lists that let something cross",
      fix: "exclude less, or leave the bridge out: topology none, or custom with bridges of your own",
    });
  }
  return [...faults.values()];
});

/** Its queues could not drain into the others: removing it would be refused for ever, or lose them. */
const cutOff = each(
  (config) => config.groups,
  (group, i, config) => {
    if (group.retire !== true) return [];
    const ways = bridgePairs(config).filter(
      ({ from, to, duplex }) => from === group.name || (duplex && to === group.name),
    );
    const filtersOf = filtersFor(config);
    if (ways.length === 0 || ways.some((bridge) => !carriesNone(filtersOf(bridge), "queue"))) return [];
    return [
      {
        path: `groups[${i}].retire`,
        value: true,
        problem: `No bridge out of group \`${group.name}\` carries a queue, so what it holds could not drain into the others.`,
        allowed: "a retired group with a bridge that carries its queues",
        fix: "let its queues cross until it is empty, or write retire: discard to give up what it holds",
      },
    ];
  },
);

/** What static destinations need: one direction, no way back, and a group that stays. */
const statics: Rule = (config) => {
  const bridges = config.topology === "custom" ? (config.bridges ?? []) : [];
  return bridges.map((bridge, i) => () => {
    const list = bridge.staticallyIncludedDestinations;
    if (list === undefined) return [];
    const at = { path: `bridges[${i}].staticallyIncludedDestinations`, value: list };
    if (bridge.duplex) {
      return [
        {
          ...at,
          problem: "A duplex bridge would send them both ways, to and fro, until their hops are used up.",
          allowed: "static destinations on one-way bridges",
          fix: "write a plain bridge for each direction, and the list on one of them",
        },
      ];
    }
    const target = config.groups.find(({ name }) => name === bridge.to);
    if (target !== undefined && target.retire !== false) {
      return [
        {
          ...at,
          problem: `Group \`${target.name}\` is retired, and these would be sent to it without end.`,
          allowed: "static destinations on bridges to groups that stay",
          fix: "remove the list until the group is gone",
        },
      ];
    }
    return list.flatMap((entry, j) => {
      if (!returns(bridges, i, entry)) return [];
      return [
        {
          path: `${at.path}[${j}]`,
          value: entry,
          problem: `Other bridges send it from \`${bridge.to}\` back to \`${bridge.from}\`: messages would go round until their hops are used up.`,
          allowed: "one direction for a static destination",
          fix: "remove it from one of the bridges",
        },
      ];
    });
  });
};

/** True when the static destination of a bridge comes back to where it begins, over bridges listed before. */
function returns(bridges: readonly BridgeConfig[], index: number, entry: string): boolean {
  const earlier = Array.from({ length: index }, (_, i) => bridges[i]).filter(
    (bridge) => bridge !== undefined && ifSound(() => bridge.staticallyIncludedDestinations?.includes(entry)),
  );
  const reached = new Set([bridges[index]?.to]);
  for (const group of reached) {
    for (const bridge of earlier) if (bridge?.from === group) reached.add(bridge?.to);
  }
  return reached.has(bridges[index]?.from);
}

export const destinationRules: readonly Rule[] = [noBridges, repeated, contradictions, useless, cutOff, statics];
