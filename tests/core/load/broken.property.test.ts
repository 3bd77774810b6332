import * as fc from "fast-check";
import { plan } from "../../../core/plan/plan";
import { ConfigError } from "../../../config/faults";
import { parseConfig } from "../../../core/load/parseConfig";
import { OPTIONAL_TRANSPORTS } from "../../../core/products/transports";
import { formatPath, type Path, valueAt } from "../../../core/util/path";
import { nodeAt } from "../../../config/schemaNodes";
import { validValues } from "../../support/arbitraries";
import { faultsOf, faultsOfRaw, toRaw, type Values } from "../../support/raw";

/** Every path into the data, with the maps and lists on the way. */
function pathsOf(data: unknown, at: Path = []): Path[] {
  if (typeof data !== "object" || data === null) return [at];
  const inner = Array.isArray(data)
    ? data.flatMap((entry, i) => pathsOf(entry, [...at, i]))
    : Object.entries(data).flatMap(([key, value]) => pathsOf(value, [...at, key]));
  return at.length === 0 ? inner : [at, ...inner];
}

/** The data with one value replaced, or removed when there is none. */
function changed(data: unknown, path: Path, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(data)) {
    return data.flatMap((entry: unknown, i) => {
      if (i !== part) return [entry];
      return rest.length === 0 && value === undefined ? [] : [changed(entry, rest, value)];
    });
  }
  const entries = Object.entries(data as Values).filter(([key]) => key !== part);
  const inner = changed(valueAt(data, [part]), rest, value);
  return Object.fromEntries(inner === undefined ? entries : [...entries, [part, inner]]);
}

const startsWith = (path: Path, start: Path) => start.every((part, i) => path[i] === part);

/** Paths of which none lies in another. */
function apart(paths: readonly Path[]): Path[] {
  return paths.filter(
    (path, i) => !paths.some((other, j) => i !== j && startsWith(path, other) && (path.length > other.length || j < i)),
  );
}

/** Something the schema cannot take there, whatever it is. */
function misfit(path: Path): unknown {
  const types = (nodeAt(path)?.anyOf ?? [nodeAt(path)]).map((node) => node?.type);
  return types.includes("object") ? 5 : types.includes("array") ? "x" : { un: 1 };
}

/** Any text is a folder, and any text has the type of a release or a version. */
const takesAnyText = (path: Path) => path.length === 1 && ["directory", "release"].includes(String(path[0]));

describe("values that are broken", () => {
  it("are all listed: wrong types, wherever they are", () => {
    const cases = validValues.chain((values) =>
      fc
        .subarray(
          pathsOf(values).filter((path) => !takesAnyText(path)),
          { minLength: 1, maxLength: 6 },
        )
        .map((paths) => ({ values, paths: apart(paths) })),
    );
    fc.assert(
      fc.property(cases, ({ values, paths }) => {
        const broken = paths.reduce<unknown>((data, path) => changed(data, path, misfit(path)), values) as Values;
        const found = faultsOf(broken).map((fault) => fault.path);
        for (const path of paths) expect(found).toContain(formatPath(path));
      }),
      { numRuns: 300 },
    );
  });

  it("are all listed: unknown keys, wherever they are", () => {
    const KEYS = ["cheese", "__proto__", "constructor", "Target", "nmae", "hasOwnProperty", "then"];
    const cases = validValues.chain((values) => {
      const maps: Path[] = [[], ...pathsOf(values)].filter((path) => {
        const data = valueAt(values, path);
        return typeof data === "object" && data !== null && !Array.isArray(data);
      });
      return fc.record({
        values: fc.constant(values),
        paths: fc.subarray(maps, { minLength: 1 }),
        key: fc.constantFrom(...KEYS),
      });
    });
    fc.assert(
      fc.property(cases, ({ values, paths, key }) => {
        const broken = paths.reduce<unknown>((data, path) => changed(data, [...path, key], 1), values) as Values;
        const found = faultsOf(broken).map((fault) => fault.path);
        expect(found.sort()).toEqual(paths.map((path) => formatPath([...path, key])).sort());
      }),
      { numRuns: 300 },
    );
  });

  it("are all listed: keys that are missing", () => {
    const cases = validValues.chain((values) => {
      const required = pathsOf(values).filter((path) => {
        const key = path[path.length - 1];
        return typeof key === "string" && (nodeAt(path.slice(0, -1))?.required ?? []).includes(key);
      });
      return fc.subarray(required, { minLength: 1 }).map((paths) => ({ values, paths: apart(paths) }));
    });
    fc.assert(
      fc.property(cases, ({ values, paths }) => {
        const broken = paths.reduce<unknown>((data, path) => changed(data, path, undefined), values) as Values;
        const found = faultsOf(broken).map((fault) => fault.path);
        for (const path of paths) expect(found).toContain(formatPath(path));
      }),
      { numRuns: 300 },
    );
  });
});

type Injection = readonly [path: string, change: Values];

/** Two groups of three on machines of their own, and one for each key that is broken below. */
const SOUND: Values = {
  target: "ssh",
  groups: ["a", "b", "c", "d", "e"].map((name) => ({ name })),
  hosts: Array.from({ length: 24 }, (_, i) => ({ name: `h${i}`, address: `10.0.0.${i}` })),
  users: ["u", "v", "w", "x"].map((name) => ({ name })),
};

/** Faults of the schema and of the rules that do not meet each other. Paths and changes are merged into SOUND. */
const INJECTIONS: readonly Injection[] = [
  ["groups[0].brokers", { groups: { 0: { brokers: 4 } } }],
  ["groups[1].name", { groups: { 1: { name: "a" } } }],
  ["groups[2].brokerName", { groups: { 2: { brokerName: "a" } } }],
  ["groups[3].zkPath", { groups: { 3: { zkPath: "/zookeeper/x" } } }],
  ...OPTIONAL_TRANSPORTS.map((transport): Injection => [
    `groups[3].ports.${transport}`,
    { groups: { 3: { ports: { [transport]: 1 } } } },
  ]),
  ["groups[4].cheese", { groups: { 4: { cheese: 1 } } }],
  ["groups[4].role", { groups: { 4: { role: "producers" } } }],
  ["hosts[1].name", { hosts: { 1: { name: "h0" } } }],
  ["hosts[2].address", { hosts: { 2: { address: "127.0.0.1" } } }],
  ["hosts[3].roles", { hosts: { 3: { roles: [] } } }],
  ["bridges", { bridges: [{ from: "a", to: "c" }] }],
  ...OPTIONAL_TRANSPORTS.map((transport): Injection => [
    `groups[2].transports.${transport}`,
    { groups: { 2: { transports: { [transport]: "yes" } } } },
  ]),
  ["transports.maximumConnections", { transports: { maximumConnections: 0 } }],
  ["users[1].name", { users: { 1: { name: "u" } } }],
  ["users[2].name", { users: { 2: { name: "bridge" } } }],
  ["users[3].role", { users: { 3: { role: "king" } } }],
  ["passwords.generation", { passwords: { generation: 0 } }],
  ["passwords.acceptPrevious", { passwords: { acceptPrevious: "no" } }],
  ["directory", { directory: "x" }],
  ["limits.storeMiB", { limits: { storeMiB: 50000 } }],
  ["limits.memoryMiB", { limits: { memoryMiB: 256 } }],
  ["limits.tempMiB", { limits: { tempMiB: null } }],
  ["client.maxInactivityMillis", { client: { maxInactivityMillis: 6000 } }],
  ["client.randomize", { client: { randomize: 1 } }],
  ["zookeeper.members", { zookeeper: { members: 4 } }],
  ["zookeeper.version", { zookeeper: { version: "3.4.6" } }],
  ["zookeeper.ports.peer", { zookeeper: { ports: { peer: [1] } } }],
  ["release", { release: "5.15" }],
  ["replicatedLevelDB.sync", { replicatedLevelDB: { sync: "never" } }],
  ["cheese", { cheese: "x" }],
];

/** Deep merge; numbers as keys reach into lists. */
function merged(data: unknown, change: unknown): unknown {
  if (typeof change !== "object" || change === null || Array.isArray(change)) return change;
  if (Array.isArray(data))
    return data.map((entry: unknown, i) => (i in change ? merged(entry, (change as unknown[])[i]) : entry));
  const result = { ...(data as Values | undefined) };
  for (const [key, value] of Object.entries(change)) result[key] = merged(result[key], value);
  return result;
}

describe("faults of every kind", () => {
  it("are all listed, each at its path, and nothing else is", () => {
    expect(faultsOf(SOUND)).toEqual([]);
    fc.assert(
      fc.property(fc.subarray([...INJECTIONS], { minLength: 1 }), (injections) => {
        const broken = injections.reduce<unknown>((data, [, change]) => merged(data, change), SOUND) as Values;
        const found = faultsOf(broken).map((fault) => fault.path);
        expect(found.sort()).toEqual(injections.map(([path]) => path).sort());
      }),
      { numRuns: 500 },
    );
  });

  it("are found whatever else cannot be read", () => {
    const raw = { ...toRaw(merged(SOUND, { groups: { 0: { brokers: 4 } } }) as Values), client: "{", limits: "no" };
    expect(faultsOfRaw(raw).map((fault) => fault.path)).toEqual(["client", "limits", "groups[0].brokers"]);
  });
});

describe("whatever is written", () => {
  const judged = (raw: Record<string, string>) => {
    try {
      const config = parseConfig("test", raw);
      // What passes can be planned: nothing is left to be found wrong later.
      plan("test", config);
      return "sound";
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).faults.length).toBeGreaterThan(0);
      expect((error as ConfigError).message).toContain("nothing was changed");
      return "refused";
    }
  };

  it("is a configuration that can be planned, or a ConfigError: junk at random places", () => {
    const cases = validValues.chain((values) =>
      fc.record({
        values: fc.constant(values),
        junk: fc.array(
          fc.tuple(fc.constantFrom(...pathsOf(values)), fc.oneof(fc.jsonValue(), fc.integer(), fc.constant(undefined))),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
      }),
    );
    const seen = new Set<string>();
    fc.assert(
      fc.property(cases, ({ values, junk }) => {
        const broken = junk.reduce<unknown>((data, [path, value]) => {
          // An earlier change may have taken the place away.
          return valueAt(data, path.slice(0, -1)) instanceof Object || path.length === 1
            ? changed(data, path, value)
            : data;
        }, values) as Values;
        seen.add(judged(toRaw(broken)));
      }),
      { numRuns: 500 },
    );
    expect([...seen].sort()).toEqual(["refused", "sound"]);
  });

  it("is a configuration that can be planned, or a ConfigError: values of one key at another", () => {
    const cases = validValues.chain((values) => {
      const path = fc.constantFrom(...pathsOf(values));
      return fc.record({
        values: fc.constant(values),
        moves: fc.array(fc.tuple(path, path), { minLength: 1, maxLength: 3 }),
      });
    });
    fc.assert(
      fc.property(cases, ({ values, moves }) => {
        const broken = moves.reduce<unknown>((data, [from, to]) => {
          return valueAt(data, to.slice(0, -1)) instanceof Object ? changed(data, to, valueAt(values, from)) : data;
        }, values) as Values;
        judged(toRaw(broken));
      }),
      { numRuns: 500 },
    );
  });

  it("is a ConfigError: text that is no JSON", () => {
    const key = fc.oneof(
      fc.constantFrom("target", "groups", "limits", "zookeeper", "__proto__", "toString"),
      fc.string(),
    );
    const value = fc.oneof(fc.string(), fc.json());
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value)), (entries) => {
        expect(judged(Object.fromEntries(entries))).toBe("refused");
      }),
      { numRuns: 500 },
    );
  });
});
