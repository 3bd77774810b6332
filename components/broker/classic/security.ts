/** Who may log in, and who may do what: applications send and consume, bridges forward, admins do everything. */
import type { ClusterConfig } from "../../../config/schema";
import { BRIDGE_USER, type BrokerUser, GROUPS, acceptsPrevious, brokerUsers, placeholder } from "../users";
import { DEAD_LETTER_PREFIX } from "./deadLetters";
import { lineOf } from "./line";
import { type Attributes, BEANS, CORE, type Element, add, comment } from "./xml";

const AUTHORIZATION_MAP = "authorizationMap";

const everybody = groups(GROUPS.applications, GROUPS.bridges, GROUPS.admins);
const bridgesAndAdmins = groups(GROUPS.bridges, GROUPS.admins);

function groups(...names: string[]): string {
  return names.join(",");
}

function rights(read: string, write: string, admin: string): Attributes {
  return { read, write, admin };
}

/** The rights, as a bean before the broker. */
export function authorizationMap(beans: Element): void {
  comment(
    beans,
    "Rights. The closest entry alone decides: the product's own map adds up every entry that matches, so that one for > would open all queues and leave nothing to admins. admin is the right to create and to remove a destination.",
  );
  const map = add(beans, "bean", { id: AUTHORIZATION_MAP, class: "activemq.cluster.ClosestAuthorizationMap" });
  const entries = add(add(map, "property", { name: "authorizationEntries" }), "list");
  const entry = (attributes: Attributes, why?: string) => {
    if (why !== undefined) comment(entries, why);
    entries.ele(CORE, "authorizationEntry", asText(attributes));
  };
  const open = rights(everybody, everybody, everybody);
  const kept = rights(bridgesAndAdmins, bridgesAndAdmins, bridgesAndAdmins);
  entry({ queue: ">", ...open });
  entry({ topic: ">", ...open });
  entry(
    { queue: `${DEAD_LETTER_PREFIX}>`, ...kept },
    "Dead letters may hold anybody's data: only admins read them. Brokers write them whatever is said here; bridges may, so that an admin on one group gets the letters of all.",
  );
  entry({ queue: "ActiveMQ.>", ...kept }, "The product's own names.");
  entry({ topic: "ActiveMQ.>", ...kept });
  entry(
    { topic: "ActiveMQ.Advisory.>", ...rights(everybody, GROUPS.admins, everybody) },
    "Read for temporary queues and for bridges; created by whoever connects first. Written by brokers alone: a forged one could misdirect a bridge.",
  );
  add(map, "property", { name: "tempDestinationAuthorizationEntry" }).ele(
    CORE,
    "tempDestinationAuthorizationEntry",
    asText(open),
  );
}

function asText(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)]));
}

/** Log-in and rights. Passwords come from credentials.properties. */
export function securityPlugins(broker: Element, config: Pick<ClusterConfig, "users" | "passwords" | "release">): void {
  const plugins = add(broker, "plugins");
  authentication(plugins, config);
  lineOf(config).authorization(plugins, AUTHORIZATION_MAP);
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
