/** Rules about the database of store jdbc. */
import { needsDatabase, runsDatabase, SERVER_NAME, serversOf } from "../../plan/database";
import { earlierDuplicate, each, type Rule, whole } from "./rule";

const keys = ["url", "passwordFile", "caCertificates"] as const;

/** What names a database means nothing without a store that is in one. */
const unused = whole((config) => {
  if (needsDatabase(config)) return [];
  return keys.flatMap((key) => {
    const value = config.jdbc[key];
    if (value === undefined) return [];
    return [
      {
        path: `jdbc.${key}`,
        value,
        problem: "No group's store keeps anything in a database.",
        allowed: "with store jdbc only",
        fix: "write store: jdbc, or remove the key",
      },
    ];
  });
});

const url = whole((config) => {
  if (!needsDatabase(config) || config.jdbc.url !== undefined || config.target !== "ssh") return [];
  return [
    {
      path: "jdbc.url",
      problem: `With target ${config.target} the program runs no database server.`,
      allowed: "the JDBC URL of a PostgreSQL database of yours",
      fix: "write jdbc: { url: jdbc:postgresql://<address>:5432/<database>, user: ..., passwordFile: ... }",
    },
  ];
});

const password = whole((config) => {
  const { jdbc } = config;
  if (!needsDatabase(config) || (jdbc.url === undefined) === (jdbc.passwordFile === undefined)) return [];
  if (jdbc.passwordFile === undefined) {
    return [
      {
        path: "jdbc.passwordFile",
        problem: `The database of jdbc.url asks for the password of user ${jdbc.user}.`,
        allowed: "the path of a file on this machine, whose first line is the password",
        fix: "write the password to a file that you alone can read, and its path here",
      },
    ];
  }
  return [
    {
      path: "jdbc.passwordFile",
      value: jdbc.passwordFile,
      problem: "Without jdbc.url the program runs a server of its own, and makes its password.",
      allowed: "with jdbc.url only",
      fix: "write jdbc.url as well, or remove the key",
    },
  ];
});

/** The check that certificates are for is in the URL's options. */
const certificates = whole(({ jdbc }) => {
  const found = /[?&](sslmode|sslrootcert|sslfactory)=/.exec(jdbc.url ?? "")?.[1];
  if (found === undefined || jdbc.caCertificates === undefined) return [];
  return [
    {
      path: "jdbc.caCertificates",
      problem: `jdbc.url has the option ${found}, which says otherwise how the server is checked.`,
      allowed: "the one or the other",
      fix: `remove ${found} from the URL: with the certificates, sslmode=verify-full is added to it; or remove the certificates`,
    },
  ];
});

/** A stack file is no place for a secret, and the driver would prefer this one to the file's. */
const secretInUrl = whole(({ jdbc }) => {
  const found = /[?&](password|user|sslpassword)=/.exec(jdbc.url ?? "")?.[1];
  if (found === undefined) return [];
  return [
    {
      path: "jdbc.url",
      problem: `The URL has the option ${found}, and would be printed and written down with it.`,
      allowed: "a URL without user and password",
      fix: "write jdbc.user and jdbc.passwordFile instead",
    },
  ];
});

/** Of several servers the driver takes the first one that answers, which may be a standby. */
const severalServers = whole(({ jdbc: { url: given } }) => {
  if (given === undefined || serversOf(given).length === 1 || /[?&]targetServerType=primary(&|$)/.test(given))
    return [];
  return [
    {
      path: "jdbc.url",
      value: given,
      problem: "The URL names several servers, and brokers would take a standby, which refuses every write.",
      allowed: "several servers with the option targetServerType=primary, or one server",
      fix: `write ${given.includes("?") ? "&" : "?"}targetServerType=primary at the end of the URL, instead of another targetServerType`,
    },
  ];
});

/** PostgreSQL knows table names without regard to case. */
const tableNames = each(
  (config) => config.groups,
  (group, i, config) => {
    if (!needsDatabase(config)) return [];
    const duplicate = earlierDuplicate(config.groups, group, i, (other) => other.name.toLowerCase())?.entry;
    if (duplicate === undefined || duplicate.name === group.name) return [];
    return [
      {
        path: `groups[${i}].name`,
        value: group.name,
        problem: `Group \`${duplicate.name}\` has the same name but for its case, and the database would give both the same tables.`,
        allowed: "names that differ by more than upper and lower case",
        fix: "rename one of the two",
      },
    ];
  },
);

const hostName = each(
  (config) => config.hosts,
  (host, i, config) => {
    if (!runsDatabase(config) || host.name !== SERVER_NAME) return [];
    return [
      {
        path: `hosts[${i}].name`,
        value: host.name,
        problem: "The program's own database server is on a host of this name.",
        allowed: "any other name",
        fix: "rename the host",
      },
    ];
  },
);

export const jdbcRules: readonly Rule[] = [
  unused,
  url,
  password,
  certificates,
  secretInUrl,
  severalServers,
  tableNames,
  hostName,
];
