/** Who may log in, and who may do what: applications send and consume, bridges forward, admins do everything. */
import type { ClusterConfig } from "../../../config/schema";
import { type DestinationKind, covers, destination } from "../../plan/destinations";
import { BRIDGE_USER, type BrokerUser, GROUPS, acceptsPrevious, brokerUsers, placeholder } from "../../plan/users";
import { DEAD_LETTER_PREFIX } from "../../plan/deadLetters";
import { releaseLineOf } from "./releaseLine";
import { BEANS, CORE, type Element, add, asText, comment } from "./xml";

const AUTHORIZATION_MAP = "authorizationMap";

interface Entry {
  readonly to: Readonly<Partial<Record<DestinationKind, string>>>;
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly admin: readonly string[];
  readonly why?: string;
}

const EVERYBODY = [GROUPS.applications, GROUPS.bridges, GROUPS.admins];
const BRIDGES_AND_ADMINS = [GROUPS.bridges, GROUPS.admins];
const open = { read: EVERYBODY, write: EVERYBODY, admin: EVERYBODY };
const kept = { read: BRIDGES_AND_ADMINS, write: BRIDGES_AND_ADMINS, admin: BRIDGES_AND_ADMINS };

/** From the widest to the closest. */
const ENTRIES: readonly Entry[] = [
  { to: { queue: ">" }, ...open },
  { to: { topic: ">" }, ...open },
  {
    to: { queue: `${DEAD_LETTER_PREFIX}>` },
    ...kept,
    why: "Dead letters may hold anybody's data: only admins read them. Brokers write them whatever is said here; bridges may, so that an admin on one group gets the letters of all.",
  },
  { to: { queue: "ActiveMQ.>" }, ...kept, why: "The product's own names." },
  { to: { topic: "ActiveMQ.>" }, ...kept },
  {
    to: { topic: "ActiveMQ.Advisory.>" },
    read: EVERYBODY,
    write: [GROUPS.admins],
    admin: EVERYBODY,
    why: "Read for temporary queues and for bridges; created by whoever connects first. Written by brokers alone: a forged one could misdirect a bridge.",
  },
];

const textOf = ({ to }: Entry) =>
  Object.entries(to)
    .map(([kind, name]) => `${kind}://${name}`)
    .join();

function withoutBridges({ read, write, admin, ...rest }: Entry): Entry {
  const others = (list: readonly string[]) => list.filter((group) => group !== GROUPS.bridges);
  return { ...rest, read: others(read), write: others(write), admin: others(admin) };
}

/**
 * The entries, bridges left out of what is kept from them: then the group that must keep it refuses it, whatever the connector over
 * there asks for. Not for a `*`: an entry with one could come closer than the one that keeps dead letters for admins.
 */
function entriesWithout(keptIn: readonly string[]): Entry[] {
  const base = ENTRIES.map((entry) =>
    keptIn.some((pattern) => covers(pattern, textOf(entry))) ? withoutBridges(entry) : entry,
  );
  const closer = keptIn
    .filter((pattern) => !pattern.includes("*") && !base.some((entry) => textOf(entry) === pattern))
    .flatMap((pattern): Entry[] => {
      const closest = base.findLast((entry) => covers(textOf(entry), pattern));
      if (closest === undefined) return [];
      const { kind, name } = destination(pattern);
      const { read, write, admin } = withoutBridges(closest);
      return [{ to: { [kind]: name }, read, write, admin }];
    });
  return closer.length === 0
    ? base
    : [...base, ...closer.map((entry, i) => (i === 0 ? { ...entry, why: "Crosses no bridge of this group." } : entry))];
}

/** The rights, as a bean before the broker. @param keptIn what no bridge of the group carries */
export function authorizationMap(beans: Element, keptIn: readonly string[]): void {
  comment(
    beans,
    "Rights. The closest entry alone decides: the product's own map adds up every entry that matches, so that one for > would open all queues and leave nothing to admins. admin is the right to create and to remove a destination.",
  );
  const map = add(beans, "bean", { id: AUTHORIZATION_MAP, class: "activemq.cluster.ClosestAuthorizationMap" });
  const entries = add(add(map, "property", { name: "authorizationEntries" }), "list");
  const rights = ({ read, write, admin }: Pick<Entry, "read" | "write" | "admin">) => ({
    read: read.join(),
    write: write.join(),
    admin: admin.join(),
  });
  for (const entry of entriesWithout(keptIn)) {
    if (entry.why !== undefined) comment(entries, entry.why);
    entries.ele(CORE, "authorizationEntry", asText({ ...entry.to, ...rights(entry) }));
  }
  add(map, "property", { name: "tempDestinationAuthorizationEntry" }).ele(
    CORE,
    "tempDestinationAuthorizationEntry",
    asText(rights(open)),
  );
}

/** Log-in and rights. Passwords come from credentials.properties. */
export function securityPlugins(
  plugins: Element,
  config: Pick<ClusterConfig, "users" | "passwords" | "release">,
): void {
  authentication(plugins, config);
  releaseLineOf(config).authorization(plugins, AUTHORIZATION_MAP);
}

/** The generation is written down because new passwords alone would change no rendered file, and so show in no diff. */
function authentication(plugins: Element, config: Pick<ClusterConfig, "users" | "passwords">): void {
  const { generation } = config.passwords;
  const users = brokerUsers(config);
  if (!acceptsPrevious(config.passwords)) {
    if (generation > 1) comment(plugins, `Passwords of generation ${generation}, and no others.`);
    const plugin = add(plugins, "simpleAuthenticationPlugin", { anonymousAccessAllowed: false });
    authenticationUsers(add(plugin, "users"), users);
    return;
  }
  comment(
    plugins,
    `Passwords of generation ${generation}, and those of generation ${generation - 1} as well: the product's own plugin knows one for each user. passwords.acceptPrevious: false in the stack file ends that.`,
  );
  const plugin = plugins.ele(BEANS, "bean", { class: "activemq.cluster.RotatingAuthenticationPlugin" });
  authenticationUsers(add(add(plugin, "property", { name: "users" }), "list"), users);
  const previous = add(add(plugin, "property", { name: "previousPasswords" }), "map");
  for (const { name, previousPasswordKey } of users) {
    if (previousPasswordKey !== undefined)
      add(previous, "entry", { key: name, value: placeholder(previousPasswordKey) });
  }
}

function authenticationUsers(list: Element, users: readonly BrokerUser[]): void {
  for (const user of users) {
    if (user.name === BRIDGE_USER) {
      comment(list, "Network connectors log in as this one, here and on the other group.");
    }
    const password = placeholder(user.passwordKey);
    list.ele(CORE, "authenticationUser", { username: user.name, password, groups: user.group });
  }
}
