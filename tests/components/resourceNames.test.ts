/** Names of resources: what is made is read back as what it was, whatever groups and hosts are called. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { RUNTIMES } from "../../core/host/runtimes";
import {
  type NamedResource,
  type ResourceKind,
  TYPES,
  readResource,
  resourceName,
} from "../../components/resourceNames";

type Owner = keyof typeof TYPES;

/** Words of the names themselves, so that every group may be called like a part of another resource's name. */
const WORDS = ["a", "b-1", "1", "change", "stage", "settle", "credentials", "pass1", "pass2", "share", "preflight", "bridges", "runtime", "upload", "archive", "prepare", "setup", "booted", "zookeeper", "database", "ec2", "password", "user", "postgresql"]; // prettier-ignore
const nameOfWords = (words: readonly string[]) =>
  fc
    .array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join("-"))
    .filter((name) => /^[A-Za-z]/.test(name));
const name = nameOfWords([...WORDS, "then"]);
const digit = fc.integer({ min: 1, max: 12 }).map(String);
const runtime = fc.constantFrom(...RUNTIMES);
const hash = fc.stringMatching(/^[0-9a-f]{12}$/);
const parts = {
  host: name,
  runtime,
  runtimeId: fc.tuple(runtime, hash).map((both) => both.join("-")),
  user: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/),
  generation: digit,
  pass: fc.constantFrom("1", "2"),
  // Machines of target aws: a host may stand on both sides of `-then-`.
  after: nameOfWords(WORDS),
};

/** A component with the parts of its name, and the services that are its own. */
const owners: Readonly<Record<Owner, fc.Arbitrary<{ own: object; service: string }>>> = {
  cluster: fc.tuple(name, digit).map((both) => ({ own: {}, service: both.join("-") })),
  host: name.map((host) => ({ own: { host }, service: "" })),
  group: fc.tuple(name, digit).map(([group, n]) => ({ own: { group }, service: `${group}-${n}` })),
  ensemble: digit.map((n) => ({ own: {}, service: `zookeeper-${n}` })),
  database: fc.constant({ own: {}, service: "postgresql" }),
  site: fc.constant({ own: {}, service: "" }),
};

/** Whose each is, and the parts of its name. */
const KINDS: Readonly<Record<ResourceKind, readonly [owners: readonly Owner[], parts: readonly string[]]>> = {
  host: [["cluster"], ["host"]],
  group: [["cluster"], ["group"]],
  ensemble: [["cluster"], []],
  database: [["cluster"], []],
  site: [["cluster"], []],
  change: [["cluster"], []],
  resolvedRuntime: [["cluster"], ["runtime"]],
  uploadedRuntime: [["cluster"], ["host", "runtimeId"]],
  installedRuntime: [["cluster"], ["host", "runtimeId"]],
  runtimeArchive: [["cluster"], ["runtimeId"]],
  preflight: [["cluster"], ["service"]],
  share: [["cluster"], ["host"]],
  bridges: [["cluster"], ["service"]],
  databasePassword: [["cluster"], []],
  bridgePassword: [["cluster"], []],
  userPassword: [["cluster"], ["user"]],
  laterBridgePassword: [["cluster"], ["generation"]],
  laterUserPassword: [["cluster"], ["generation", "user"]],
  prepare: [["host"], []],
  setup: [["host"], []],
  mounted: [["host"], []],
  rejoined: [["host"], []],
  replicationToken: [["group"], []],
  stage: [["group", "ensemble", "database"], ["service"]],
  credentials: [["group", "ensemble", "database"], ["service"]],
  settle: [["group", "ensemble", "database"], ["service"]],
  visit: [
    ["group", "ensemble", "database"],
    ["pass", "service"],
  ],
  brokersAwaited: [["ensemble"], ["pass", "service", "host"]],
  booted: [["site"], ["host"]],
  wholeAgain: [["site"], ["after", "host"]],
};

/** A resource of a kind: the cluster's name, its own, its URN, and what it must be read as. */
const resourceOf = (kind: ResourceKind) => {
  const [whose, needed] = KINDS[kind];
  const host = whose.includes("site") ? parts.after : parts.host;
  return fc.constantFrom(...whose).chain((owner) =>
    fc.record({ ...parts, host, group: name, cluster: name, owned: owners[owner] }).map((made) => {
      const { cluster, owned } = made;
      const all = { ...made, service: owned.service } as unknown as Readonly<Record<string, string>>;
      const own = Object.fromEntries(needed.map((part) => [part, all[part] ?? ""]));
      const ownerName = owner === "cluster" ? cluster : resourceName(owner, cluster, owned.own as never);
      const type = kind in TYPES ? TYPES[kind as Owner] : "command:remote:Command";
      const above = owner === "cluster" ? TYPES.cluster : `their:index:Component$${TYPES.cluster}$${TYPES[owner]}`;
      const urn = `urn:pulumi:test::activemq::${above}$${type}::${resourceName(kind, ownerName, own as never)}`;
      const host = owner === "host" ? owned.own : {};
      return { urn, cluster, expected: { kind, ...own, ...host } as unknown as NamedResource };
    }),
  );
};

it.each(Object.keys(KINDS) as ResourceKind[])("%s: what is made is read back as what it was", (kind) => {
  fc.assert(
    fc.property(resourceOf(kind), ({ urn, cluster, expected }) => {
      expect(readResource(urn, cluster)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

/** What nobody reads: AWS's own. */
const READ = /^(command:|random:|activemq:index:(Host|BrokerGroup|ZooKeeperEnsemble|DatabaseServer|Ec2Site)$)/;

test("every command, password and owner of the program for target aws is read", () => {
  const golden = readFileSync(join(__dirname, "aws/golden/aws.urns.txt"), "utf8").replaceAll(
    "<content>",
    "0123456789ab",
  );
  const mine = golden.split("\n").filter((urn) => READ.test(urn.split("::").at(-2)?.split("$").at(-1) ?? ""));
  expect(mine.length).toBeGreaterThan(100);
  const clusterOf = (urn: string) => urn.split("::").at(-1)?.split("-")[0];
  expect(mine.filter((urn) => readResource(urn, clusterOf(urn)) === undefined)).toEqual([]);
});

test("another cluster's, and what is no resource of ours", () => {
  const urn = (type: string) => `urn:pulumi:test::activemq::${type}$command:local:Command::orders-change`;
  expect(readResource(urn(TYPES.cluster), "orders")).toEqual({ kind: "change" });
  expect(readResource(urn(TYPES.cluster), "order")).toBeUndefined();
  expect(readResource(urn("their:index:Component"), "orders")).toBeUndefined();
  expect(readResource("urn:pulumi:test::activemq::command:local:Command::orders-change", "orders")).toBeUndefined();
});
