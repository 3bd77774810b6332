/** Which hosts an engine's state knows, and the state without one of them. Pure; for both engines' formats. */
import { TYPES, nameOf, readResource, resourceName } from "../../components/resourceNames";
import { type SshLogin } from "../../core/host/ssh";

/** What both formats have in common of a resource. Where a resource was replaced, two entries may have one URN. */
export interface StateEntry {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  readonly dependencies?: readonly string[] | null;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>> | null;
  readonly deletedWith?: string;
  readonly replaceWith?: readonly string[] | null;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** Secrets in clear. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export interface StateHost {
  readonly name: string;
  /** How its commands log in; absent on target local. */
  readonly login?: SshLogin;
  /** True: it has seen the directory that brokers share; before that nobody has written to it. */
  readonly shares?: true;
}

/** Pulumi's own markers (sdk/go/common/resource/properties.go): the stand-in keeps a `value`, an exported state a `plaintext`. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** The hosts that have anything in a state. */
export function hostsIn(entries: readonly StateEntry[]): StateHost[] {
  const hosts = new Map<string, StateHost>();
  for (const entry of entries) {
    if (entry.type !== TYPES.host) continue;
    const login = entries.filter(({ parent }) => parent === entry.urn).map(loginOf)[0];
    const name = hostName(entry);
    const share = resourceName("share", nameOf(entry.parent ?? ""), { host: name });
    const shares = entries.some(({ urn }) => nameOf(urn) === share);
    hosts.set(name, { name, ...(login !== undefined && { login }), ...(shares && { shares }) });
  }
  return [...hosts.values()];
}

/** Names of the resources of a type that a destroy would delete: neither protected nor kept. */
export function unprotectedIn(entries: readonly StateEntry[], type: string): string[] {
  return entries
    .filter((entry) => entry.type === type && entry.protect !== true && entry.retainOnDelete !== true)
    .map(({ urn }) => nameOf(urn));
}

export interface WithoutHost<T extends StateEntry> {
  readonly kept: readonly T[];
  /** URNs of the resources that went. */
  readonly removed: ReadonlySet<string>;
}

/**
 * A state without what lives on a host: the host itself with all below it, and every command that is carried out there. What
 * depended on any of it does so no more.
 */
export function withoutHost<T extends StateEntry>(entries: readonly T[], host: string): WithoutHost<T> {
  const gone = new Set<T>(entries.filter((entry) => entry.type === TYPES.host && hostName(entry) === host));
  let below: readonly T[];
  do {
    const urns = new Set([...gone].map(({ urn }) => urn));
    below = entries.filter((entry) => !gone.has(entry) && entry.parent !== undefined && urns.has(entry.parent));
    for (const entry of below) gone.add(entry);
  } while (below.length > 0);
  const logins = new Set([...gone].map(loginOf).flatMap((login) => (login === undefined ? [] : [placeOf(login)])));
  for (const entry of entries) {
    const login = loginOf(entry);
    const isThere = login === undefined ? gone.size > 0 && runsInFolderOf(entry, host) : logins.has(placeOf(login));
    if (isThere) gone.add(entry);
  }
  const kept = entries.filter((entry) => !gone.has(entry));
  const left = new Set(kept.map(({ urn }) => urn));
  const removed = new Set([...gone].map(({ urn }) => urn).filter((urn) => !left.has(urn)));
  return { kept: kept.map((entry) => independentOf(entry, removed)), removed };
}

function independentOf<T extends StateEntry>(entry: T, removed: ReadonlySet<string>): T {
  const rest = (urns: readonly string[]) => urns.filter((urn) => !removed.has(urn));
  const { dependencies, propertyDependencies, deletedWith, replaceWith } = entry;
  return {
    ...entry,
    ...(dependencies && { dependencies: rest(dependencies) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([name, urns]) => [name, urns && rest(urns)]),
      ),
    }),
    ...(deletedWith !== undefined && removed.has(deletedWith) && { deletedWith: "" }),
    ...(replaceWith && { replaceWith: rest(replaceWith) }),
  };
}

/** The host of a Host, whose parent is the cluster. */
function hostName({ urn, parent = "" }: StateEntry): string {
  const found = readResource(urn, nameOf(parent));
  return found?.kind === "host" ? found.host : nameOf(urn);
}

const placeOf = ({ address, port }: SshLogin) => `${address} ${port}`;

function loginOf({ inputs }: StateEntry): SshLogin | undefined {
  const connection = plain(inputs?.["connection"]);
  if (!isMap(connection)) return undefined;
  const text = (name: string) => {
    const value = plain(connection[name]);
    return typeof value === "string" ? value : undefined;
  };
  const [address, hostKey] = [text("host"), text("hostKey")];
  if (address === undefined) return undefined;
  const port = Number(plain(connection["port"]) ?? 22);
  return { address, port, user: text("user") ?? "root", ...(hostKey !== undefined && { hostKey }) };
}

/** On target local everything that is done on a host is done by its own amq-host. */
function runsInFolderOf({ inputs }: StateEntry, host: string): boolean {
  const create = plain(inputs?.["create"]);
  return typeof create === "string" && new RegExp(`/hosts/${host}/bin/amq-host(?=['\\s]|$)`).test(create);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function plain(value: unknown): unknown {
  if (!isMap(value) || !(SIGNATURE in value)) return value;
  const { value: clear, plaintext } = value;
  return plain(typeof plaintext === "string" ? JSON.parse(plaintext) : clear);
}
