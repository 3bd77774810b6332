/** Random valid stack files: every topology, placement, store and target, with whatever else may be said about them. */
import * as fc from "fast-check";
import { availableReleases } from "../../core/products/releases";
import type { Values } from "./raw";
import { STORES, STORE_NAMES, type StoreName, isReplicated, sizeFault } from "../../core/products/stores";
import { OPTIONAL_TRANSPORTS, forOptionalTransports } from "../../core/products/transports";

type Group = Record<string, unknown> & { readonly name: string; readonly brokers: number };
interface Bridge {
  readonly from: string;
  readonly to: string;
  readonly duplex?: boolean;
  readonly staticallyIncludedDestinations?: readonly string[];
  readonly excludedDestinations?: readonly string[];
}

/** Names without a digit after a hyphen, which could be a broker's; some are names that every object has. */
const groupNames = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom("constructor", "toString", "valueOf", "group1", "orders-eu", "A", "x-", "a-host", "host"),
    fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,12}$/).filter((name) => name !== "zookeeper"),
  ),
  // A database knows tables without regard to case, and DNS names.
  { minLength: 1, maxLength: 5, selector: (name) => name.toLowerCase() },
);

/** That which has most to be said about it twice. */
const stores = fc.constantFrom<StoreName>("replicatedLevelDB", ...STORE_NAMES);
/** That which every release has. */
const FURTHER_STORE: StoreName = "kahaDB";

/** First ports far apart from each other, from the defaults and from the members' ports. */
function portsOf(purposes: readonly string[], group: number): fc.Arbitrary<Values> {
  const entries = purposes.map((purpose, i) => [purpose, fc.constant(20000 + group * 1000 + i * 50)] as const);
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] });
}

function groupsOf(names: readonly string[], values: Values): fc.Arbitrary<Group[]> {
  return fc.tuple(
    ...names.map((name, i) => {
      const own = fc.constantFrom(undefined, undefined, FURTHER_STORE);
      return (i === 0 ? fc.constant(undefined) : own).chain((store) => groupOf(name, i, values, store));
    }),
  );
}

/** @param own the group's own store, which every release has; undefined when it has the cluster's */
function groupOf(name: string, i: number, values: Values, own: StoreName | undefined): fc.Arbitrary<Group> {
  const store = own ?? (values["store"] as StoreName);
  const replicated = isReplicated(store);
  const on = Object.entries(values["transports"] as Values).flatMap(([key, value]) => (value === true ? [key] : []));
  const purposes = ["openwire", "metrics", ...on, ...(replicated ? ["replication"] : [])];
  const role = i === 0 ? "producers" : i === 1 ? "consumers" : undefined;
  const required = ["name", "brokers", ...(own === undefined ? [] : ["store"])] as const;
  return fc.record(
    {
      name: fc.constant(name),
      ...(own !== undefined && { store: fc.constant(own) }),
      brokers: fc.constantFrom(...[1, 2, 3, 3, 4, 5].filter((brokers) => sizeFault(store, brokers) === undefined)),
      ports: portsOf(purposes, i),
      brokerName: fc.constant(`broker-of-${name}`.slice(0, 40)),
      limits: fc.constantFrom({ heapMiB: 512 }, { tempMiB: 200, memoryMiB: 60 }),
      transports: fc.oneof(
        fc.constant({ maximumConnections: 50 }),
        fc.constantFrom(...OPTIONAL_TRANSPORTS).map((transport) => ({ [transport]: true })),
      ),
      ...(replicated && { zkPath: fc.constant(`/stores/of.group_${i}`) }),
      ...(values["topology"] === "spokes" && {
        role: role === undefined ? fc.constantFrom("producers", "consumers") : fc.constant(role),
      }),
    },
    { requiredKeys: [...required, ...(values["topology"] === "spokes" ? ["role"] : [])] as ["name", "brokers"] },
  );
}

const ZONES = ["a", "b", "c", "d", "e"].map((letter) => `eu-west-1${letter}`);
const cidrs = fc.subarray(["10.9.0.0/16", "192.0.2.7/32", "198.51.100.0/24"], { minLength: 1 });

/** A new VPC or one that exists, three to five zones in any order, with what may be said besides. */
const aws: fc.Arbitrary<Values> = fc.shuffledSubarray(ZONES, { minLength: 3 }).chain((zones) =>
  fc.record({
    region: fc.constant("eu-west-1"),
    zones: fc.constant(zones),
    image: fc.constantFrom({ id: "ami-0a1b2c3d4e5f60718" }, { id: "ami-0a1b2c3d", architecture: "arm64" }),
    instanceTypes: fc.constant({ broker: "m7g.large", zookeeper: "t4g.small" }),
    network: fc.oneof(
      fc.record({ cidr: fc.constantFrom("10.0.0.0/16", "172.20.16.0/20") }, { requiredKeys: [] }),
      fc.constant({
        vpcId: "vpc-0a1b2c3d",
        publicSubnetId: "subnet-00000001",
        subnets: zones.map((zone, i) => ({ zone, id: `subnet-0000001${i}`, cidr: `10.7.${i}.0/24` })),
      }),
    ),
    login: fc
      .record({ bastion: fc.record({ cidrs }), cidrs }, { requiredKeys: ["bastion"] })
      .map((login) => ({ ...login })),
    protect: fc.boolean(),
  }),
);

/** What crosses bridges, where there are any: never so little that one of them would carry nothing. */
const filters = {
  excludedDestinations: fc.option(fc.constantFrom(["queue://local.>"], ["queue://*.own", "topic://b.>"]), {
    nil: undefined,
  }),
  dynamicallyIncludedDestinations: fc.option(fc.constantFrom(["queue://>"], ["queue://orders.>", "topic://>"]), {
    nil: undefined,
  }),
};

/** For each pair: nothing, one of the two directions, both, or duplex from one side. */
function bridgesOf(names: readonly string[]): fc.Arbitrary<Bridge[]> {
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const));
  const of = ([a, b]: readonly [string, string]) =>
    fc.constantFrom<Bridge[]>(
      [],
      [{ from: a, to: b }],
      [{ from: a, to: b, staticallyIncludedDestinations: ["queue://s"], excludedDestinations: ["queue://t"] }],
      [{ from: b, to: a, duplex: false }],
      [
        { from: a, to: b },
        { from: b, to: a },
      ],
      [{ from: a, to: b, duplex: true }],
      [{ from: b, to: a, duplex: true }],
    );
  return fc
    .tuple(...pairs.map(of))
    .map((bridges) => bridges.flat())
    .filter((bridges) => bridges.length > 0);
}

/** How many hosts the brokers need. */
function slotsOf(placement: string, groups: readonly Group[]): number {
  const sizes = groups.map((group) => group.brokers);
  return placement === "hostPerBroker"
    ? sizes.reduce((sum, size) => sum + size, 0)
    : placement === "hostPerGroup"
      ? sizes.length
      : Math.max(...sizes);
}

/** Enough hosts in any order: some for brokers, some for ZooKeeper, some for either; on local also on equal addresses. */
function hostsOf(target: string, slots: number, replicated: boolean): fc.Arbitrary<Values[]> {
  return fc
    .record({
      spare: fc.nat({ max: 3 }),
      members: fc.integer({ min: replicated && target === "ssh" ? 1 : 0, max: 4 }),
      either: fc.integer({ min: replicated ? 1 : 0, max: slots + 3 }),
      oneAddress: fc.boolean(),
    })
    .chain(({ spare, members, either, oneAddress }) => {
      const count = slots + spare + members;
      const hosts = Array.from({ length: count }, (_, i) => ({
        name: `h${i + 1}`,
        address:
          target === "local"
            ? oneAddress
              ? "127.0.0.1"
              : `127.0.1.${i + 1}`
            : i % 3 === 0
              ? `mq${i}.lan`
              : `10.0.0.${i + 1}`,
        // The first `either` may carry both; the rest are split so that there is enough of each.
        ...(i >= either && { roles: i < slots + spare ? ["broker"] : ["zookeeper"] }),
      }));
      return fc.shuffledSubarray(hosts, { minLength: count, maxLength: count });
    });
}

const zookeeper = fc
  .record({
    members: fc.constantFrom(3, 3, 5, 7),
    tick: fc.integer({ min: 200, max: 3000 }),
    ticks: fc.integer({ min: 2, max: 20 }),
  })
  .chain(({ members, tick, ticks }) =>
    fc.record({
      zookeeper: fc.record({
        members: fc.constant(members),
        tickTimeMillis: fc.constant(tick),
        sessionTimeoutMillis: fc.constant(tick * ticks),
        ports: fc.record(
          {
            client: fc.oneof(fc.constant(30000), fc.constant(Array.from({ length: members }, (_, i) => 30500 - i * 7))),
            peer: fc.constant(31000),
            election: fc.constant(Array.from({ length: members }, (_, i) => 32000 + i * 3)),
          },
          { requiredKeys: [] },
        ),
      }),
      client: fc.record(
        { maxInactivityMillis: fc.constant(Math.ceil((tick * ticks) / 2) - 1), randomize: fc.boolean() },
        { requiredKeys: ["maxInactivityMillis"] },
      ),
    }),
  );

/** Keys that hold in every combination; each may be left out. */
const settings = fc.record(
  {
    limits: fc.record(
      { heapMiB: fc.integer({ min: 256, max: 8192 }), memoryMiB: fc.integer({ min: 16, max: 179 }) },
      { requiredKeys: ["heapMiB"] },
    ),
    users: fc
      .uniqueArray(fc.constantFrom("app", "admin", "constructor", "Bridge"), { minLength: 1 })
      .map((names) => names.map((name, i) => (i === 0 ? { name } : { name, role: "admin" }))),
    replicatedLevelDB: fc.record(
      {
        sync: fc.constantFrom("quorum_disk", "local_disk"),
        logSizeMiB: fc.integer({ min: 11, max: 100 }),
        bindAddress: fc.constant("0.0.0.0"),
      },
      { requiredKeys: [] },
    ),
    passwords: fc.record(
      { generation: fc.integer({ min: 1, max: 3 }), acceptPrevious: fc.boolean() },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const releaseOf = ({ store }: { readonly store: StoreName }) =>
  fc.record({ release: fc.constantFrom(...availableReleases([store])) }, { requiredKeys: [] });

/** A database of the user's own, or on local one that the program runs, on aws one that it makes. */
function jdbcOf({ store, target }: { readonly store: StoreName; readonly target: string }): fc.Arbitrary<Values> {
  if (STORES[store].election !== "database") return fc.constant({});
  const own = { url: "jdbc:postgresql://db.lan:5433/mq?sslmode=verify-full", passwordFile: "~/pw", user: "mq" };
  const given = fc.constant({ jdbc: { ...own, ...(target === "aws" && { cidrs: ["10.8.0.0/24", "10.8.7.0/24"] }) } });
  return target === "ssh" ? given : fc.oneof(given, fc.constant({ jdbc: { port: 15432 } }), fc.constant({}));
}

/** Below a directory of the user's own, which the program may mount on ssh, or on local the program's. */
function sharedOf({ store, target }: { readonly store: StoreName; readonly target: string }): fc.Arbitrary<Values> {
  if (STORES[store].election !== "file") return fc.constant({});
  const given = fc.constant({ sharedKahaDB: { directory: "/srv/mq" } });
  const mounted = fc.constant({ sharedKahaDB: { directory: "/srv/mq", mount: "nfs.lan:/export/mq" } });
  return target === "ssh" ? fc.oneof(given, mounted) : fc.oneof(given, fc.constant({}));
}

/** A valid stack file's values, with the keys in random order. */
export const validValues: fc.Arbitrary<Values> = fc
  .record({
    target: fc.constantFrom("local", "ssh", "aws"),
    placement: fc.constantFrom("hostPerBroker", "hostPerGroup", "interleaved"),
    topology: fc.constantFrom("mesh", "duplex", "spokes", "none", "custom"),
    transports: fc.record(
      forOptionalTransports(() => fc.boolean()),
      { requiredKeys: [] },
    ),
  })
  .chain((head) => stores.map((store) => ({ ...head, store })))
  .chain((head) =>
    fc
      .record({
        names: groupNames,
        ensemble: zookeeper,
        more: settings,
        release: releaseOf(head),
        jdbc: jdbcOf(head),
        shared: sharedOf(head),
      })
      .chain(({ names, ensemble, more, release, jdbc, shared }) => {
        const joined = names.length > 1 || !["spokes", "custom"].includes(head.topology);
        const values: Values = {
          ...head,
          ...(joined ? {} : { topology: "mesh" }),
          ...ensemble,
          ...more,
          ...release,
          ...jdbc,
          ...shared,
        };
        return withGroups(names, values);
      }),
  )
  .chain(inAnyOrder);

function withGroups(names: readonly string[], values: Values): fc.Arbitrary<Values> {
  return groupsOf(names, values).chain((groups) => {
    const slots = slotsOf(String(values["placement"]), groups);
    const hosts = hostsOf(String(values["target"]), slots, isReplicated(values["store"] as StoreName));
    return fc
      .record({
        hosts:
          values["target"] === "ssh"
            ? hosts
            : values["target"] === "aws"
              ? fc.constant(undefined)
              : fc.option(hosts, { nil: undefined }),
        aws: values["target"] === "aws" ? aws : fc.constant(undefined),
        bridges: values["topology"] === "custom" ? bridgesOf(names) : fc.constant(undefined),
        ...(values["topology"] !== "none" && names.length > 1 && filters),
      })
      .map((rest) => {
        const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
        return { ...values, groups, ...given };
      });
  });
}

/** The same data with the keys of every map in random order. */
export function inAnyOrder<T>(data: T): fc.Arbitrary<T> {
  return fc.infiniteStream(fc.nat()).map((numbers) => shuffled(data, numbers) as T);
}

function shuffled(data: unknown, numbers: Iterator<number>): unknown {
  if (Array.isArray(data)) return data.map((entry) => shuffled(entry, numbers));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(
    Object.entries(data)
      .map(([key, value]) => ({ at: Number(numbers.next().value), entry: [key, shuffled(value, numbers)] as const }))
      .sort((a, b) => a.at - b.at)
      .map(({ entry }) => entry),
  );
}
