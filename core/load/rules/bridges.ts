/** Rules about who is joined with whom. */
import { bridgePairs } from "../../plan/bridges";
import type { Fault } from "../../../config/faults";
import { ifSound } from "../partialConfig";
import type { BridgeConfig, ClusterConfig } from "../../../config/schema";
import { nearest, oneOf } from "../../util/suggest";
import { byKey, each, type Rule, whole } from "./rule";

/** The bridges that the stack file spells out, when they count. */
const custom = (config: ClusterConfig) => (config.topology === "custom" ? config.bridges : undefined);
const eachBridge = (judge: (bridge: BridgeConfig, index: number, config: ClusterConfig) => readonly Fault[]) =>
  each(custom, judge);

const customOrNot = whole((config) => {
  if (config.topology === "custom" && config.bridges === undefined) {
    return [
      {
        path: "bridges",
        problem: "Topology custom joins only the groups that `bridges` names, and there is no such key.",
        allowed: "a list of bridges, each with from and to",
        fix: "add activemq:bridges, or choose topology none",
      },
    ];
  }
  if (config.topology !== "custom" && config.bridges !== undefined) {
    return [
      {
        path: "bridges",
        value: config.bridges,
        problem: `Topology ${config.topology} makes its own bridges, so these would not be made.`,
        allowed: "bridges with topology custom only",
        fix: "write topology: custom, or remove the list",
      },
    ];
  }
  return [];
});

const ends = eachBridge((bridge, i, config) => {
  const known = config.groups.map((group) => group.name);
  const unknown = (["from", "to"] as const).flatMap((end) => {
    const name = bridge[end];
    if (known.includes(name)) return [];
    const meant = nearest(name, known);
    return [
      {
        path: `bridges[${i}].${end}`,
        value: name,
        problem: `There is no group \`${name}\`.${meant === undefined ? "" : ` Did you mean \`${meant}\`?`}`,
        allowed: oneOf(known),
        fix: meant === undefined ? "name one of the groups" : `write \`${meant}\``,
      },
    ];
  });
  if (bridge.from !== bridge.to || unknown.length > 0) return unknown;
  return [
    {
      path: `bridges[${i}].to`,
      value: bridge.to,
      problem: "The bridge leads from a group to itself.",
      allowed: "another group",
      fix: "name another group, or remove the bridge",
    },
  ];
});

/** The bridges that the stack file spells out, by where they begin and end. */
const byEnds = (config: ClusterConfig) => {
  const found = byKey(custom(config) ?? [], ({ from, to }) => JSON.stringify([from, to]));
  return (from: string, to: string) => found(JSON.stringify([from, to]));
};

const repeated: Rule = (config) => {
  const bridges = byEnds(config);
  return eachBridge((bridge, i) => {
    const duplicate = bridges(bridge.from, bridge.to)[0];
    if (duplicate === undefined || duplicate.index >= i) return [];
    return [
      {
        path: `bridges[${i}]`,
        value: bridge,
        problem: `bridges[${duplicate.index}] leads from \`${bridge.from}\` to \`${bridge.to}\` already.`,
        allowed: "one bridge for each direction of a pair",
        fix: "remove one of the two",
      },
    ];
  })(config);
};

/** A duplex bridge carries both directions: one the other way round doubles one of them, and messages take both. */
const doubled: Rule = (config) => {
  const bridges = byEnds(config);
  return eachBridge((bridge, i) => {
    if (bridge.from === bridge.to) return [];
    const duplicate = bridges(bridge.to, bridge.from).find(
      ({ entry, index }) => index < i && ifSound(() => entry.duplex || bridge.duplex),
    );
    if (duplicate === undefined) return [];
    const both = duplicate.entry.duplex && bridge.duplex;
    const joins = `bridges[${duplicate.index}] joins the two groups from the other side`;
    return [
      {
        path: `bridges[${i}]`,
        value: bridge,
        problem: both
          ? `${joins}, duplex as well: two connections for one pair refuse or double each other.`
          : `${joins}, and a duplex bridge carries both directions already.`,
        allowed: "one duplex bridge for each pair, or one plain bridge for each direction",
        fix: both ? "keep the one of the group that can dial the other" : "remove the plain one, or make both plain",
      },
    ];
  })(config);
};

const roles = each(
  (config) => config.groups,
  (group, i, config) => {
    const at = `groups[${i}].role`;
    if (config.topology === "spokes" && group.role === undefined) {
      return [
        {
          path: at,
          problem: `With topology spokes group \`${group.name}\` needs a role.`,
          allowed: oneOf(["producers", "consumers"]),
          fix: "say who connects to this group",
        },
      ];
    }
    if (config.topology !== "spokes" && group.role !== undefined) {
      return [
        {
          path: at,
          value: group.role,
          problem: `With topology ${config.topology} clients of every kind connect to every group.`,
          allowed: "roles with topology spokes only",
          fix: "write topology: spokes, or remove the role",
        },
      ];
    }
    return [];
  },
);

const bothEnds = whole((config) => {
  if (config.topology !== "spokes") return [];
  const present = config.groups.map((group) => group.role);
  // Groups without a role have a fault of their own, and may be what is missing here.
  if (present.includes(undefined)) return [];
  return (["producers", "consumers"] as const)
    .filter((role) => !present.includes(role))
    .map((role) => ({
      path: "groups",
      value: config.groups.map((group) => group.name),
      problem: `No group has the role ${role}, so the others are joined with nothing.`,
      allowed: "at least one group of producers and one of consumers with topology spokes",
      fix: `give a group the role ${role}, or choose another topology`,
    }));
});

/** `a` to `b-to-c` and `a-to-b` to `c` would both be named a-to-b-to-c. */
const connectorNames = whole((config) => {
  const groups = config.groups.map((group) => group.name);
  const nameOf = (pair: BridgeConfig) => `${pair.from}-to-${pair.to}`;
  const first = new Map<string, BridgeConfig>();
  return bridgePairs(config).flatMap((pair) => {
    const duplicate = first.get(nameOf(pair));
    if (duplicate === undefined) first.set(nameOf(pair), pair);
    if (duplicate === undefined || duplicate.from === pair.from) return [];
    return [
      {
        path: `groups[${groups.indexOf(pair.from)}].name`,
        value: pair.from,
        problem: `The bridges ${duplicate.from} to ${duplicate.to} and ${pair.from} to ${pair.to} would both be named ${nameOf(pair)}.`,
        allowed: "names of groups whose bridges, <from>-to-<to>, differ",
        fix: "rename one of the groups",
      },
    ];
  });
});

export const bridgeRules: readonly Rule[] = [customOrNot, ends, repeated, doubled, roles, bothEnds, connectorNames];
