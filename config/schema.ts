/**
 * The shape of a stack file: every key a user can write, its type, unit and default.
 *
 * Only what one value can say about itself is checked here; rules between values are in rules.ts. `npm run schema` writes
 * stack.schema.json from this file, so that editors complete stack files.
 */
import { z } from "zod";
import { defaultRelease } from "../core/products/releases";
import { awsSchema, cidr } from "./awsSchema";
import { STORE_NAMES } from "../core/products/stores";
import { storesOf } from "../core/products/storesOf";
import { TRANSPORTS, forOptionalTransports } from "../core/products/transports";

/** The namespace of our keys in a stack file: the project's name in Pulumi.yaml. */
export const NAMESPACE = "activemq";

export const TARGETS = ["local", "ssh", "aws"] as const;
export const PLACEMENTS = ["hostPerBroker", "hostPerGroup", "interleaved"] as const;
export const TOPOLOGIES = ["mesh", "duplex", "spokes", "none", "custom"] as const;
export const GROUP_ROLES = ["producers", "consumers"] as const;
export const HOST_ROLES = ["broker", "zookeeper"] as const;
export const USER_ROLES = ["application", "admin"] as const;
export const SYNC_MODES = [
  "quorum_disk",
  "quorum_mem",
  "local_disk",
  "local_mem",
  "remote_disk",
  "remote_mem",
] as const;

const NAME = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;
const name = (what: string) =>
  z
    .string()
    .regex(NAME, { error: "a letter, then letters, digits and hyphens, at most 40 (it becomes part of a URI)" })
    .describe(what);
const port = z.int().min(1).max(65535);
/** ZooKeeper refuses `.` and `..` as names. */
const zkPath = z
  .string()
  .regex(/^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)+$/, { error: "an absolute ZooKeeper path such as /activemq/a" });
/** What a Java int holds: larger numbers would only be found wrong when a broker starts. */
const JAVA_INT = 2 ** 31 - 1;
const millis = z.int().max(JAVA_INT);
/** 16 TiB: more is a slip of the unit. */
const MOST_MIB = 16 * 1024 * 1024;

/** What sshd and useradd accept; `$` would end up in a shell. */
const login = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, { error: "a user's name: letters, digits, `_`, `-` and `.`" });
/** A line of known_hosts without the host. */
const hostKey = z.string().regex(/^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]+={0,2}( .*)?$/, {
  error: "a public host key such as `ssh-ed25519 AAAA...` (on the host: cat /etc/ssh/ssh_host_ed25519_key.pub)",
});
const address = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, { error: "an IPv4 address or a DNS name" });

/** Parts between dots; `*` is a whole part, `>` the last one. A comma or a question mark would be read as more than a name. */
const PART = String.raw`[^\s.,?*>]+`;
const DESTINATION = new RegExp(String.raw`^(queue|topic)://(?!ActiveMQ\.)((${PART}|\*)\.)*(${PART}|\*|>)$`);
const NAMED_DESTINATION = new RegExp(String.raw`^(queue|topic)://(?!ActiveMQ\.)(${PART}\.)*${PART}$`);
const destinations = (what: string) =>
  z
    .array(
      z.string().regex(DESTINATION, {
        error:
          "queue://NAME or topic://NAME, as in queue://orders.>: * is one part of the name, > at the end all that follow; not ActiveMQ's own",
      }),
    )
    .min(1)
    .optional()
    .describe(what);

const hostSchema = z.strictObject({
  name: name("The host's name; resources and folders carry it, so renaming it replaces the host."),
  address: address.describe("Address that brokers and clients dial. On local: 127.x.y.z."),
  user: login.optional().describe("ssh: the login user of this host.").meta({ defaultText: "activemq:ssh.user" }),
  port: port.optional().describe("ssh: sshd's port on this host.").meta({ defaultText: "activemq:ssh.port" }),
  hostKey: hostKey
    .optional()
    .describe("ssh: the host's public key, as ssh-keyscan prints it after the address. Given, another key is refused.")
    .meta({ defaultText: "none, whoever answers is trusted" }),
  generation: z
    .int()
    .min(1)
    .default(1)
    .describe("ssh: count it up when the machine was replaced by an empty one of the same name."),
  roles: z
    .array(z.enum(HOST_ROLES))
    .min(1)
    .default([...HOST_ROLES])
    .describe("What may be placed here."),
});

const groupPortsSchema = z.strictObject({
  openwire: port
    .optional()
    .describe("Client port.")
    .meta({ defaultText: "61616, or the next free one on a shared address" }),
  ...forOptionalTransports((transport) =>
    port
      .optional()
      .describe("Client port of this transport, when it is on.")
      .meta({ defaultText: `${TRANSPORTS[transport].port} and up` }),
  ),
  replication: z
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe("Where a replicatedLevelDB master serves its slaves. 0 = random, cannot be firewalled.")
    .meta({ defaultText: "62616 and up" }),
  metrics: port.optional().describe("Prometheus metrics, on loopback only.").meta({ defaultText: "9404 and up" }),
});

/** A value with its default in words, because that follows from other values. */
function otherwise<T extends z.ZodType>(value: T, what: string): T {
  return value.meta({ defaultText: what });
}

/** Settings of the cluster, as a group says them for itself: what it leaves out is the cluster's. */
function ofGroup<T extends Record<string, z.ZodType>>(settings: T, inWords: Partial<Record<keyof T, string>>) {
  const said = Object.entries(settings).map(([key, value]) => [key, otherwise(value, inWords[key] ?? "the cluster's")]);
  return z.strictObject(Object.fromEntries(said) as T).partial();
}

/** Also said by a group for itself, without the defaults. */
const TRANSPORT_SETTINGS = {
  ...forOptionalTransports((transport) => z.boolean().describe(TRANSPORTS[transport].about)),
  maximumConnections: z.int().min(1).max(JAVA_INT).describe("Connections per connector and broker."),
  maxFrameSizeMiB: z.number().min(0.0625).max(2047).optional().describe("Largest frame, in MiB."),
};
const LARGEST_FRAME = "a fifth of the heap, at most 100";

const transportsSchema = z.strictObject({
  ...forOptionalTransports((transport) => TRANSPORT_SETTINGS[transport].default(false)),
  maximumConnections: TRANSPORT_SETTINGS.maximumConnections.default(1000),
  maxFrameSizeMiB: otherwise(TRANSPORT_SETTINGS.maxFrameSizeMiB, LARGEST_FRAME),
});

/** As TRANSPORT_SETTINGS. */
const LIMITS = {
  heapMiB: z.int().min(128).max(MOST_MIB).describe("-Xms and -Xmx of a broker, in MiB."),
  memoryMiB: z.int().min(16).max(MOST_MIB).optional().describe("Messages held in memory, in MiB."),
  storeMiB: z.int().min(256).max(MOST_MIB).describe("Persistent messages on disk per broker, in MiB."),
  tempMiB: z
    .int()
    .min(128)
    .max(MOST_MIB)
    .describe("Non-persistent messages and backlogs of bridges, spooled to disk per broker, in MiB."),
};
const MEMORY = "a quarter of the heap";

const limitsSchema = z.strictObject({
  heapMiB: LIMITS.heapMiB.default(256),
  memoryMiB: otherwise(LIMITS.memoryMiB, MEMORY),
  storeMiB: LIMITS.storeMiB.default(4096),
  tempMiB: LIMITS.tempMiB.default(512),
});

const groupSchema = z.strictObject({
  name: name("The group's name; its brokers are <name>-1, <name>-2, ..."),
  brokers: z
    .int()
    .min(1)
    .max(9)
    .default(3)
    .describe(
      "Brokers in the group: odd and at least 3 with replicatedLevelDB; any number with jdbc and sharedKahaDB; 1 with kahaDB.",
    ),
  brokerName: name("The brokerName all brokers of the group share.")
    .meta({ defaultText: "the group's name" })
    .optional(),
  role: z
    .enum(GROUP_ROLES)
    .optional()
    .describe("With topology spokes: who connects here.")
    .meta({ defaultText: "nobody by role" }),
  retire: z
    .union([z.boolean(), z.literal("discard")])
    .default(false)
    .describe(
      "true: no client URL names the group any more, bridges drain it; removed from the file next. discard: what it holds is given up.",
    ),
  store: z
    .enum(STORE_NAMES)
    .optional()
    .describe("How this group keeps its messages, where that differs from the cluster's; one release has to have both.")
    .meta({ defaultText: "the cluster's" }),
  limits: ofGroup(LIMITS, { memoryMiB: `the cluster's, or ${MEMORY}` })
    .optional()
    .describe("What this group says here replaces the cluster's limits, key by key.")
    .meta({ defaultText: "the cluster's" }),
  transports: ofGroup(TRANSPORT_SETTINGS, { maxFrameSizeMiB: `the cluster's, or ${LARGEST_FRAME}` })
    .optional()
    .describe("What this group says here replaces the cluster's transports, key by key.")
    .meta({ defaultText: "the cluster's" }),
  excludedDestinations: destinations("Stay in this group: cross no bridge from or to it. Added to the cluster's."),
  addressBlock: z
    .int()
    .min(0)
    .max(500)
    .optional()
    .describe("aws: which ten addresses of each subnet, and which zone first, the group's hosts take.")
    .meta({ defaultText: "the group's position, from 0" }),
  hosts: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("With placement interleaved: the hosts of the group's brokers, in the brokers' order.")
    .meta({ defaultText: "those with the fewest brokers of the groups before it" }),
  zkPath: zkPath
    .optional()
    .describe("Election path inside ZooKeeper.")
    .meta({ defaultText: "/activemq/leveldb-stores/<name>" }),
  ports: groupPortsSchema
    .default({})
    .describe("The group's first port per purpose; further brokers on the same address get the next ones."),
});

const bridgeSchema = z.strictObject({
  from: z.string().describe("The group that dials and holds the connector."),
  to: z.string().describe("The group that is dialled."),
  duplex: z.boolean().default(false).describe("true: messages flow both ways over the one connection."),
  dynamicallyIncludedDestinations: destinations("Only these cross, to where their consumers are.").meta({
    defaultText: "the cluster's",
  }),
  excludedDestinations: destinations("Never cross this bridge. Added to the cluster's and the groups'."),
  staticallyIncludedDestinations: z
    .array(
      z.string().regex(NAMED_DESTINATION, {
        error: "queue://NAME or topic://NAME, without wildcards: a subscription is made for each; not ActiveMQ's own",
      }),
    )
    .min(1)
    .optional()
    .describe("Cross whether the other group has consumers or not. Only one way."),
});

const memberPorts = (base: number, what: string) =>
  z
    .union([port, z.array(port).min(1)])
    .default(base)
    .describe(`${what}. A number: the first member's, counted up on a shared address; a list: one per member.`);

const zookeeperSchema = z.strictObject({
  members: z.int().min(3).max(7).default(3).describe("Members of the ensemble: odd, 3 to 7."),
  version: z.string().default("3.9.5").describe("ZooKeeper server release."),
  ports: z
    .strictObject({
      client: memberPorts(2181, "Where brokers connect"),
      peer: memberPorts(2888, "Where followers connect to the leader"),
      election: memberPorts(3888, "Leader election"),
    })
    .prefault({})
    .describe("The members' ports."),
  tickTimeMillis: z.int().min(100).max(60000).default(2000).describe("ZooKeeper's tickTime, in milliseconds."),
  initLimitTicks: z.int().min(1).max(1000).default(10).describe("Ticks a follower has to connect and catch up."),
  syncLimitTicks: z.int().min(1).max(1000).default(5).describe("Ticks a follower may lag before it is dropped."),
  sessionTimeoutMillis: millis
    .min(200)
    .default(10000)
    .describe("How long a silent broker keeps its mastership, in milliseconds: 2 to 20 tickTimes."),
  heapMiB: z.int().min(64).max(MOST_MIB).default(128).describe("-Xms and -Xmx of a member, in MiB."),
});

const userSchema = z.strictObject({
  name: name("The user's name; the password is generated, see the stack output `password-<name>`."),
  role: z.enum(USER_ROLES).default("application").describe("application: send and consume; admin: everything."),
});

const passwordsSchema = z.strictObject({
  generation: z
    .int()
    .min(1)
    .default(1)
    .describe(
      "Count it up by one for new passwords of all users and of the bridges; see docs/operating.md, 'New passwords'.",
    ),
  acceptPrevious: z
    .boolean()
    .default(true)
    .describe("From generation 2 on: brokers accept the passwords of the generation before as well. false: no more."),
});

const clientSchema = z.strictObject({
  maxInactivityMillis: millis
    .min(100)
    .default(4000)
    .describe("A connection silent for this long is dropped; below half the ZooKeeper session, in milliseconds."),
  maxReconnectDelayMillis: millis
    .min(10)
    .default(1000)
    .describe("Longest pause between two rounds of the broker list."),
  randomize: z
    .boolean()
    .default(true)
    .describe("Clients try the brokers in random order, which spreads them over the groups."),
});

const bastionSchema = z.strictObject({
  address: address.describe("The machine that connections to hosts go through."),
  user: login.optional().describe("The bastion's login user.").meta({ defaultText: "activemq:ssh.user" }),
  port: port.default(22).describe("sshd's port on the bastion."),
  hostKey: hostKey
    .optional()
    .describe("The bastion's public host key.")
    .meta({ defaultText: "none, whoever answers is trusted" }),
});

const sshSchema = z.strictObject({
  user: login.default("root").describe("The login user. Anybody but root needs sudo without a password."),
  port: port.default(22).describe("sshd's port on the hosts."),
  privateKeyFile: z
    .string()
    .min(1)
    .optional()
    .describe("The private key, without a passphrase; ~ is your home.")
    .meta({ defaultText: "the keys of your SSH agent" }),
  bastion: bastionSchema.optional().describe("A machine that log-ins go through.").meta({ defaultText: "none" }),
});

const levelDbSchema = z.strictObject({
  sync: z
    .enum(SYNC_MODES)
    .default("quorum_disk")
    .describe("When a send is acknowledged; see docs/stores.md before you change it."),
  logSizeMiB: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe(
      "Size of a log file, in MiB. A file is deleted when nobody needs a message in it. Small ones are for tests.",
    )
    .meta({ defaultText: "100" }),
  bindAddress: z
    // One setting for all brokers: any single address but the wildcard would be wrong on all hosts but one.
    .enum(["0.0.0.0"])
    .optional()
    .describe("Where the replication port listens: on every address.")
    .meta({ defaultText: "the broker's own address" }),
});

const jdbcSchema = z.strictObject({
  url: z
    .string()
    .regex(/^jdbc:postgresql:\/\/[^\s?#'"\\]+(\?[^\s#'"\\]*)?$/, {
      error: "a JDBC URL of PostgreSQL such as `jdbc:postgresql://db.example.com:5432/activemq`",
    })
    .optional()
    .describe("The database that brokers share.")
    .meta({
      defaultText:
        "on local: one in a PostgreSQL server that the program runs; on aws: an RDS instance that it makes (aws.database)",
    }),
  user: login.default("activemq").describe("Who the brokers are to the database: owns the tables, or may create them."),
  passwordFile: z
    .string()
    .min(1)
    .optional()
    .describe("With url: a file on this machine whose first line is the user's password; ~ is your home."),
  port: port.default(5432).describe("Without url: the port of the server that the program runs or makes."),
  caCertificates: z
    .string()
    .regex(/^(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/, {
      error: "certificates as PEM files have them, from -----BEGIN CERTIFICATE----- on",
    })
    .optional()
    .describe(
      "Certificates (PEM) that the database's own must lead to; connections are then encrypted, and its name is checked.",
    )
    .meta({ defaultText: "on aws without url: Amazon's own of the region; else as the url says" }),
  cidrs: z
    .array(cidr)
    .min(1)
    .optional()
    .describe("aws, with url: the networks that the database is in. Brokers may connect to the url's port there."),
  maxConnections: z.int().min(5).max(1000).default(20).describe("Connections that each broker may open."),
});

/** Characters that no shell, unit file or mount table takes for their own. */
const sharedPath = z.string().regex(/^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)+$/, {
  error: "an absolute path such as /srv/activemq, of letters, digits, `.`, `_` and `-`",
});

const sharedKahaDbSchema = z.strictObject({
  directory: sharedPath
    .optional()
    .describe(
      "The directory that all brokers share; each group has a folder of its own below it. On ssh: where a shared file system is mounted on every host. On aws: where the one that is made gets mounted.",
    )
    .meta({ defaultText: "on local: one of the stack's; on ssh: none; on aws: /srv/activemq-cluster" }),
  mount: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?:\/[A-Za-z0-9._/-]*$/, {
      error: "an NFS export such as `nfs.example.com:/export/activemq`",
    })
    .optional()
    .describe("ssh: the NFSv4 export that the program mounts at `directory`.")
    .meta({ defaultText: "it is mounted already" }),
});

/** A stack file's keys, without the `activemq:` prefix. */
const keysSchema = z.strictObject({
  target: z
    .enum(TARGETS)
    .describe("local: this machine. ssh: machines that exist. aws: EC2 machines that the program makes."),
  groups: z.array(groupSchema).min(1).describe("Each a master and its slaves."),
  hosts: z
    .array(hostSchema)
    .min(1)
    .optional()
    .describe(
      "The machines. On local: omit it, and every broker and member gets a folder at 127.0.0.1. Not on aws, which makes its own.",
    ),
  placement: z.enum(PLACEMENTS).default("hostPerBroker").describe("How brokers share machines."),
  topology: z.enum(TOPOLOGIES).default("mesh").describe("How groups are joined."),
  bridges: z.array(bridgeSchema).min(1).optional().describe("With topology custom only: who dials whom."),
  dynamicallyIncludedDestinations: destinations(
    "Only these cross bridges, to where their consumers are; all others stay in the group they were sent to.",
  ).meta({ defaultText: "everything crosses" }),
  excludedDestinations: destinations("Never cross a bridge: stay in the group they were sent to."),
  store: z
    .enum(STORE_NAMES)
    .default("replicatedLevelDB")
    .describe("How a group keeps its messages. On aws there is no default: choose, informed (docs/stores.md)."),
  release: z
    .string()
    .optional()
    .describe("ActiveMQ Classic release line, in quotes.")
    .meta({ defaultText: "the newest one here that has the store" }),
  replicatedLevelDB: levelDbSchema.prefault({}).describe("With store replicatedLevelDB: how it copies messages."),
  jdbc: jdbcSchema.prefault({}).describe("With store jdbc: which database."),
  sharedKahaDB: sharedKahaDbSchema.prefault({}).describe("With store sharedKahaDB: which directory."),
  zookeeper: zookeeperSchema.prefault({}).describe("The ensemble that elects masters, where the store needs one."),
  transports: transportsSchema.prefault({}).describe("OpenWire is always on; the others when asked for."),
  users: z
    .array(userSchema)
    .min(1)
    .default([
      { name: "app", role: "application" },
      { name: "admin", role: "admin" },
    ])
    .describe("Who may connect. A user for the bridges is added by the program."),
  passwords: passwordsSchema.prefault({}).describe("Which of the generated passwords brokers accept."),
  limits: limitsSchema.prefault({}).describe("What each broker may use of its host."),
  client: clientSchema.prefault({}).describe("Options of the printed client URLs."),
  ssh: sshSchema.optional().describe("With target ssh: how to log in to the hosts."),
  aws: awsSchema.optional().describe("With target aws: region, network, machines and who may log in."),
  directory: z
    .string()
    .min(1)
    .optional()
    .describe("local: where hosts live.")
    .meta({ defaultText: ".amq/<stack> in the project" }),
});

/** With the defaults that follow from other keys. */
export const configSchema = keysSchema.transform((keys) => ({
  ...keys,
  release: keys.release ?? defaultRelease(storesOf(keys)),
}));

/** A stack file that passed the schema and the rules, defaults filled in. */
export type ClusterConfig = z.output<typeof configSchema>;
export type GroupConfig = ClusterConfig["groups"][number];
export type HostConfig = NonNullable<ClusterConfig["hosts"]>[number];
export type SshConfig = z.output<typeof sshSchema>;
export type BridgeConfig = NonNullable<ClusterConfig["bridges"]>[number];
export type UserConfig = ClusterConfig["users"][number];
export type Placement = ClusterConfig["placement"];
