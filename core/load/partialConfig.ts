/**
 * A configuration with broken parts, made safe for rules: reading a part that is broken, or that rests on it, throws
 * BrokenValue, and the rule that asked for it is passed over. So rules are written as if every value were sound, and a stack
 * file with a typo in one place still hears about everything else.
 */
import type { Path } from "../util/path";
import { formatPath } from "../util/path";
import { type ClusterConfig, configSchema } from "../../config/schema";

/** Thrown when a rule reads a value that the schema refused. */
export class BrokenValue extends Error {
  override readonly name = "BrokenValue";
}

/** What the function returns; undefined when it needed a value that is broken. */
export function ifSound<T>(judge: () => T): T | undefined {
  try {
    return judge();
  } catch (error) {
    if (error instanceof BrokenValue) return undefined;
    throw error;
  }
}

/** Stands in for values that cannot be left out, so that the schema accepts the rest. No rule ever sees them. */
const STAND_INS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["target", "local"],
  ["groups", [{ name: "x" }]],
  ["groups[]", { name: "x" }],
  ["groups[].name", "x"],
  ["groups[].hosts[]", "x"],
  ["hosts[]", { name: "x", address: "x" }],
  ["hosts[].name", "x"],
  ["hosts[].address", "x"],
  ["hosts[].roles[]", "broker"],
  ["bridges[]", { from: "x", to: "x" }],
  ["bridges[].from", "x"],
  ["bridges[].to", "x"],
  ...["", "groups[].", "bridges[]."].flatMap((at) =>
    (["dynamically", "excluded", "statically"] as const).map((list): [string, unknown] => [
      `${at}${list === "excluded" ? list : `${list}Included`}Destinations[]`,
      "queue://x",
    ]),
  ),
  ["users[]", { name: "x" }],
  ["users[].name", "x"],
  ["zookeeper.ports.client[]", 1],
  ["zookeeper.ports.peer[]", 1],
  ["zookeeper.ports.election[]", 1],
  ["aws.region", "xx-xx-1"],
  ["aws.zones", ["xx-xx-1a"]],
  ["aws.zones[]", "xx-xx-1a"],
  ["aws.image", { id: "ami-00000000" }],
  ["aws.image.id", "ami-00000000"],
  ["aws.instanceTypes", { broker: "x.x", zookeeper: "x.x" }],
  ["aws.instanceTypes.broker", "x.x"],
  ["aws.instanceTypes.zookeeper", "x.x"],
  ["aws.login", {}],
  ["aws.login.cidrs[]", "0.0.0.0/0"],
  ["aws.login.bastion.cidrs", ["0.0.0.0/0"]],
  ["aws.login.bastion.cidrs[]", "0.0.0.0/0"],
  ["aws.network.subnets[]", { zone: "xx-xx-1a", id: "subnet-00000000", cidr: "0.0.0.0/0" }],
  ["aws.network.subnets[].zone", "xx-xx-1a"],
  ["aws.network.subnets[].id", "subnet-00000000"],
  ["aws.network.subnets[].cidr", "0.0.0.0/0"],
  ["aws.network.routeTableIds[]", "rtb-00000000"],
  ["aws.tags[]", { key: "x", value: "x" }],
  ["aws.tags[].key", "x"],
  ["aws.tags[].value", "x"],
]);

/**
 * The configuration without its broken parts.
 *
 * @param values what the schema refused; changed in place
 * @param hidden what is known to be broken, beyond what the schema finds
 * @returns undefined when nothing can be made of it
 */
export function partialConfig(values: Record<string, unknown>, hidden: readonly Path[]): ClusterConfig | undefined {
  const broken: Path[] = [...hidden];
  // Mending one value lets the schema look further, at what it had not reached: a few rounds, then everything was seen.
  for (let round = 0; round < 5; round += 1) {
    const result = configSchema.safeParse(values);
    if (result.success) {
      // Defaults may be shared between parses, and hiding must not reach into them.
      const config = structuredClone(result.data);
      for (const path of [...broken].sort((a, b) => b.length - a.length)) hide(config, path);
      return config;
    }
    for (const issue of result.error.issues) {
      const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
      if (issue.code === "unrecognized_keys") {
        for (const key of issue.keys) mend(values, [...path, key]);
      } else {
        broken.push(path);
        mend(values, path);
      }
    }
  }
  return undefined;
}

/** Takes the value away, or puts a stand-in where there must be one. */
function mend(values: unknown, path: Path): void {
  const parent = parentOf(values, path);
  const key = path[path.length - 1];
  if (parent === undefined || key === undefined) return;
  const standIn = STAND_INS.get(formatPath(path).replace(/\[\d+\]/g, "[]"));
  if (standIn === undefined) Reflect.deleteProperty(parent, key);
  else parent[key] = structuredClone(standIn);
}

function hide(config: unknown, path: Path): void {
  const parent = parentOf(config, path);
  const key = path[path.length - 1];
  if (parent === undefined || key === undefined) return;
  // One for all who read it: to note where each did takes longer than most rules.
  const broken = new BrokenValue(formatPath(path));
  Object.defineProperty(parent, key, {
    configurable: true,
    enumerable: true,
    get() {
      throw broken;
    },
  });
}

function parentOf(data: unknown, path: Path): Record<string | number, unknown> | undefined {
  let at = data;
  for (const part of path.slice(0, -1)) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string | number, unknown>)[part];
  }
  return typeof at === "object" && at !== null ? (at as Record<string | number, unknown>) : undefined;
}
