/** Who may connect to a broker, in which groups, and under which keys their secrets reach it. Pure. */
import type { ClusterConfig } from "../../config/schema";

/** Groups that rights are given to; see classic/security.ts. */
export const GROUPS = { applications: "applications", admins: "admins", bridges: "bridges" } as const;

/** The user that network connectors log in as, on their own broker and on the other group's. */
export const BRIDGE_USER = "bridge";

/** Keys of credentials.properties. Rendered files name them as `${key}` and never carry a value. */
export const passwordKeys = {
  user: (name: string): string => `user.${name}.password`,
  bridge: "bridge.password",
  /** The one of the generation before, while it is accepted as well. No user's own key: their names have no dot. */
  previous: (key: string): string => key.replace(/password$/, "previous.password"),
} as const;

/** Key of the token with which slaves attach to their master. */
export const REPLICATION_TOKEN = "replication.token";

/** One account of a broker. */
export interface BrokerUser {
  readonly name: string;
  readonly group: string;
  readonly passwordKey: string;
  /** While passwords rotate: the key of the one that is accepted as well. */
  readonly previousPasswordKey?: string;
}

/** True while passwords rotate: every account has two, and both let it in. */
export function acceptsPrevious(passwords: ClusterConfig["passwords"]): boolean {
  return passwords.acceptPrevious && passwords.generation > 1;
}

/** The accounts of every broker: those of the stack file, and the bridges' own. */
export function brokerUsers({ users, passwords }: Pick<ClusterConfig, "users" | "passwords">): BrokerUser[] {
  const accounts = [
    ...users.map((user) => ({
      name: user.name,
      group: user.role === "admin" ? GROUPS.admins : GROUPS.applications,
      passwordKey: passwordKeys.user(user.name),
    })),
    { name: BRIDGE_USER, group: GROUPS.bridges, passwordKey: passwordKeys.bridge },
  ];
  if (!acceptsPrevious(passwords)) return accounts;
  return accounts.map((account) => ({ ...account, previousPasswordKey: passwordKeys.previous(account.passwordKey) }));
}

/**
 * The key of the password that bridges dial with. While the previous one is accepted it is that: a broker that has not restarted
 * yet knows no other, and one that has takes both.
 */
export function bridgePasswordKey(passwords: ClusterConfig["passwords"]): string {
  return acceptsPrevious(passwords) ? passwordKeys.previous(passwordKeys.bridge) : passwordKeys.bridge;
}

/** How a rendered file names a secret. */
export function placeholder(key: string): string {
  return `\${${key}}`;
}

/**
 * credentials.properties as java.util.Properties reads it.
 * @throws Error for a value with `${`: Spring would take it for another placeholder, and has no way to escape it
 */
export function credentialsText(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => {
      if (value.includes("${")) throw new Error(`the value of ${key} contains "\${", which a broker cannot take`);
      return `${escapeProperty(key, /[ :=#!\\]/g)}=${escapeProperty(value, /^[ ]|\\/g)}\n`;
    })
    .sort()
    .join("");
}

/** Properties files are ISO 8859-1: everything beyond printable ASCII becomes \uXXXX. */
function escapeProperty(text: string, special: RegExp): string {
  return text
    .replace(special, "\\$&")
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
