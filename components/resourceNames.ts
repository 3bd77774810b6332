/**
 * What the program calls its resources, and what a resource is by its URN. Names are made here and read here, so that a name which
 * changes changes for `amq`, too, which follows a run by them and finds hosts in a state. Pure: nothing of Pulumi is loaded.
 *
 * Names of AWS's own resources that nobody reads are made where those are (components/aws/).
 */
import { SERVER_NAME } from "../core/plan/database";

/** The cluster's name in a stack of this project. Other programs name theirs. */
export const CLUSTER = "activemq";

/** Types of the components that other resources are named after. */
export const TYPES = {
  cluster: "activemq:index:ActiveMqCluster",
  host: "activemq:index:Host",
  group: "activemq:index:BrokerGroup",
  ensemble: "activemq:index:ZooKeeperEnsemble",
  database: "activemq:index:DatabaseServer",
  site: "activemq:index:Ec2Site",
} as const;

type Component = keyof typeof TYPES;
const componentOf = (type: string) =>
  (Object.keys(TYPES) as Component[]).find((component) => TYPES[component] === type);

/**
 * A resource's name is its owner's, a hyphen, and the form here with the parts in braces filled in. A part that is missing in a form
 * is known from the owner. Of one owner no two forms fit one name, unless a host of target aws has `-then-` in its own.
 */
const RESOURCES = {
  host: { owners: ["cluster"], form: "{host}" },
  group: { owners: ["cluster"], form: "{group}" },
  ensemble: { owners: ["cluster"], form: "zookeeper" },
  database: { owners: ["cluster"], form: "database" },
  site: { owners: ["cluster"], form: "ec2" },

  change: { owners: ["cluster"], form: "change" },
  resolvedRuntime: { owners: ["cluster"], form: "runtime-{runtime}" },
  uploadedRuntime: { owners: ["cluster"], form: "{host}-upload-{runtimeId}" },
  installedRuntime: { owners: ["cluster"], form: "{host}-runtime-{runtimeId}" },
  runtimeArchive: { owners: ["cluster"], form: "archive-{runtimeId}" },
  preflight: { owners: ["cluster"], form: "preflight-{service}" },
  share: { owners: ["cluster"], form: "share-{host}" },
  bridges: { owners: ["cluster"], form: "bridges-{service}" },
  databasePassword: { owners: ["cluster"], form: "password-database" },
  bridgePassword: { owners: ["cluster"], form: "password-bridge" },
  userPassword: { owners: ["cluster"], form: "password-user-{user}" },
  // The generation stands before the user: user `app` in its second one would else be called, and get the password of, user `app-2`.
  laterBridgePassword: { owners: ["cluster"], form: "password-{generation}-bridge" },
  laterUserPassword: { owners: ["cluster"], form: "password-{generation}-user-{user}" },

  prepare: { owners: ["host"], form: "prepare" },
  setup: { owners: ["host"], form: "setup" },
  mounted: { owners: ["host"], form: "mounted" },
  rejoined: { owners: ["host"], form: "rejoined" },

  replicationToken: { owners: ["group"], form: "replication-token" },
  stage: { owners: ["group", "ensemble", "database"], form: "stage-{service}" },
  credentials: { owners: ["group", "ensemble", "database"], form: "credentials-{service}" },
  settle: { owners: ["group", "ensemble", "database"], form: "settle-{service}" },
  visit: { owners: ["group", "ensemble", "database"], form: "pass{pass}-{service}" },
  brokersAwaited: { owners: ["ensemble"], form: "pass{pass}-{service}-then-{host}" },

  wholeAgain: { owners: ["site"], form: "{after}-then-{host}" },
  booted: { owners: ["site"], form: "{host}-booted" },
} as const satisfies Readonly<Record<string, { readonly owners: readonly Component[]; readonly form: string }>>;

type Resources = typeof RESOURCES;
export type ResourceKind = keyof Resources;

type PartsOf<Form extends string> = Form extends `${string}{${infer Part}}${infer Rest}` ? Part | PartsOf<Rest> : never;
type Parts<K extends ResourceKind> = PartsOf<Resources[K]["form"]>;
type OwnersParts<K extends ResourceKind> = Resources[K]["owners"][number] extends "host" ? "host" : never;

/** A resource by its kind, with the parts of its name. */
export type NamedResource<K extends ResourceKind = ResourceKind> = {
  readonly [Each in K]: { readonly kind: Each } & Readonly<Record<Parts<Each> | OwnersParts<Each>, string>>;
}[K];

/**
 * The name of a resource.
 * @param owner the name of the component that it is named after
 */
export function resourceName<K extends ResourceKind>(
  kind: K,
  owner: string,
  ...[parts]: [Parts<K>] extends [never] ? [] : [parts: Readonly<Record<Parts<K>, string>>]
): string {
  const values: Readonly<Record<string, string>> = parts ?? {};
  return `${owner}-${RESOURCES[kind].form.replace(/\{(\w+)\}/g, (_, part: string) => values[part] ?? "")}`;
}

/**
 * What a resource is.
 * @param cluster the name of the cluster that it belongs to
 * @returns undefined for one that nobody reads, or of another cluster
 */
export function readResource(urn: string, cluster: string = CLUSTER): NamedResource | undefined {
  const [parentType = "", type = ""] = urnTypes(urn).slice(-2);
  const [owner, component] = [componentOf(parentType), componentOf(type)];
  const name = nameOf(urn);
  if (owner === undefined || !name.startsWith(`${cluster}-`)) return undefined;
  for (const { kind, pattern } of READERS[owner]) {
    if ((kind in TYPES ? kind : undefined) !== component) continue;
    const match = pattern.exec(name.slice(cluster.length + 1));
    // The form has the parts that the type says: the pattern is made from it.
    if (match !== null) return { ...match.groups, kind } as NamedResource;
  }
  return undefined;
}

/** The name of a resource, which its URN ends with. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** Types of a resource's ancestors, from the outermost to its own. */
function urnTypes(urn: string): string[] {
  return (urn.split("::").at(-2) ?? "").split("$");
}

const NAME = "[A-Za-z][A-Za-z0-9-]*";
const RUNTIME = String.raw`[a-z]+(?:-[\d.]+)?`;

/** What each part may be, as the schema has it. */
const PARTS: Readonly<Record<string, string>> = {
  host: NAME,
  after: NAME,
  group: NAME,
  service: `${NAME}-\\d+|${SERVER_NAME}`,
  runtime: RUNTIME,
  runtimeId: `${RUNTIME}-[0-9a-f]{12}`,
  user: "[A-Za-z_][A-Za-z0-9_.-]*",
  generation: String.raw`\d+`,
  pass: "[12]",
};

/** What stands before the form of whatever a component owns, and what of its parts is known from that. */
const OWNERS: Readonly<Record<Component, { readonly prefix: string; readonly service?: string }>> = {
  cluster: { prefix: "" },
  host: { prefix: `(?<host>${NAME})-` },
  // A group's brokers are named after it: however its name goes on, this tells where it ends.
  group: { prefix: `(${NAME})-`, service: String.raw`\1-\d+` },
  ensemble: { prefix: "zookeeper-", service: String.raw`zookeeper-\d+` },
  database: { prefix: "database-", service: SERVER_NAME },
  site: { prefix: "ec2-" },
};

interface Reader {
  readonly kind: ResourceKind;
  readonly pattern: RegExp;
}
const READERS: Readonly<Record<Component, readonly Reader[]>> = {
  cluster: readersOf("cluster"),
  host: readersOf("host"),
  group: readersOf("group"),
  ensemble: readersOf("ensemble"),
  database: readersOf("database"),
  site: readersOf("site"),
};

function readersOf(owner: Component): Reader[] {
  return (Object.keys(RESOURCES) as ResourceKind[])
    .filter((kind) => (RESOURCES[kind].owners as readonly Component[]).includes(owner))
    .map((kind) => ({ kind, pattern: patternOf(RESOURCES[kind].form, OWNERS[owner]) }));
}

function patternOf(form: string, { prefix, service }: (typeof OWNERS)[Component]): RegExp {
  const parts = service === undefined ? PARTS : { ...PARTS, service };
  return new RegExp(
    `^${prefix}${form.replace(/\{(\w+)\}/g, (_, part: string) => `(?<${part}>${parts[part] ?? ""})`)}$`,
  );
}
