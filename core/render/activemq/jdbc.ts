/** The store in a database that all brokers of a group share; whoever holds the lease in it is the master. */
import { DATABASE_ADDRESS, DATABASE_PASSWORD, type PlannedDatabase } from "../../plan/database";
import { placeholder } from "../../plan/users";
import { BEANS, type Element, add, comment, innerBean, properties } from "./xml";
import type { ClassicStore, Rendered } from "./store";

const POOL = "database";
/** The product's classes for this store. */
const PRODUCT = "org.apache.activemq.store.jdbc";

/** How long a lease lasts. Slaves ask for it every second: a dead master is replaced after both at most. */
const LEASE_MILLIS = 5000;
/** How often the master renews it: twice before it ends. */
const RENEWAL_MILLIS = 2000;

/** Beside the other files of a broker: whom it believes that a server is the database. */
const AUTHORITIES_FILE = "database-ca.pem";

/**
 * The URL with what makes a connection to a dead server fail within seconds, and where it is known who may answer, with the check of
 * that. What the user has set stays as it is.
 * Options: pgjdbc, "Initializing the driver"; times are seconds.
 */
function connectionUrl({ url, authorities }: PlannedDatabase, brokerName: string): string {
  const options: readonly (readonly [string, string])[] = [
    ["connectTimeout", "5"],
    ["socketTimeout", "10"],
    ["tcpKeepAlive", "true"],
    ["ApplicationName", brokerName],
    ...(authorities === undefined
      ? []
      : ([
          ["sslmode", "verify-full"],
          ["sslrootcert", `\${activemq.conf}/${AUTHORITIES_FILE}`],
        ] as const)),
  ];
  const [base = "", given] = url.split("?", 2);
  const known = new Set((given ?? "").split("&").map((option) => option.split("=")[0]));
  const added = options.filter(([name]) => !known.has(name)).map(([name, value]) => `${name}=${value}`);
  return `${base}?${[...(given ? [given] : []), ...added].join("&")}`;
}

/**
 * The tables of a group; several groups share a database. SQL names have no hyphen, and PostgreSQL makes them lower case. Not by
 * the product's tablePrefix: that leaves the name of a constraint the same for all, and the second group without a table.
 */
function tableNames(group: string) {
  const name = group.replaceAll("-", "_").toLowerCase();
  return {
    messageTableName: `${name}_msgs`,
    durableSubAcksTableName: `${name}_acks`,
    lockTableName: `${name}_lock`,
  };
}

/** The pool of connections, as a bean before the broker. */
function connectionPool(beans: Element, { plan, broker }: Rendered): void {
  const { database, config } = plan;
  if (database === undefined) throw new Error(`${broker.name}: jdbc needs a database in the plan`);
  const bean = add(
    beans,
    "bean",
    { id: POOL, class: "activemq.cluster.GroupDatabase", "destroy-method": "close" },
    "broker: this broker's own name, which is said to the database with every connection; it holds the lease by it. The brokerName would let two masters renew one lease. testOnBorrow: a connection that a restarted database has forgotten is replaced before it is used.",
  );
  properties(bean, {
    broker: `${plan.stack}/${broker.name}`,
    driverClassName: "org.postgresql.Driver",
    url: connectionUrl(database, broker.name),
    username: database.user,
    password: placeholder(DATABASE_PASSWORD),
    maxTotal: config.jdbc.maxConnections,
    maxIdle: config.jdbc.maxConnections,
    maxWaitMillis: 5000,
    poolPreparedStatements: true,
    testOnBorrow: true,
  });
}

function jdbc(adapter: Element, { group }: Rendered): void {
  comment(
    adapter,
    "DatabaseStore is the product's jdbcPersistenceAdapter with the faults mended that lost messages of durable subscriptions. The tables are the same.",
  );
  comment(
    adapter,
    "The lease makes one broker the master, and the only one that the database lets write. lockKeepAlivePeriod renews it well before it ends.",
  );
  const store = adapter.ele(BEANS, "bean", { class: "activemq.cluster.DatabaseStore" });
  properties(store, {
    dataDirectory: "${activemq.data}",
    createTablesOnStartup: false,
    lockKeepAlivePeriod: RENEWAL_MILLIS,
  });
  add(store, "property", { name: "dataSource", ref: POOL });
  properties(innerBean(store, "locker", "activemq.cluster.GroupLease"), { lockAcquireSleepInterval: LEASE_MILLIS });
  const tables = tableNames(group.name);
  comment(
    store,
    "Groups share the database, each with tables of its own, which GroupLease makes. The adapter is named because the product asks the database for it, and takes a wrong one when that does not answer.",
  );
  properties(innerBean(store, "statements", `${PRODUCT}.Statements`), tables);
  properties(innerBean(store, "adapter", `${PRODUCT}.adapter.PostgresqlJDBCAdapter`), {
    acksPkName: `pk_${tables.durableSubAcksTableName}`,
  });
}

/** While the database is away the ports are closed. A write whose outcome is unknown ends the process. */
function waitForDatabase(handler: Element): void {
  comment(
    handler,
    "While the database is away the ports are closed, and open again once it is back and the lease is still this broker's: clients wait instead of failing. The process ends when nobody knows whether the database has committed a write.",
  );
  const errors = handler.ele(BEANS, "bean", { class: "activemq.cluster.DatabaseErrors" });
  add(errors, "property", { name: "ignoreNoSpaceErrors", value: false });
}

export const jdbcStore: ClassicStore = {
  beans: connectionPool,
  // A lease is kept for a restart inside the process, and ours end: the next master would wait for nothing.
  attributes: { restartAllowed: false },
  adapter: jdbc,
  onFailure: waitForDatabase,
  credentials: ({ database }) => [DATABASE_PASSWORD, ...(database?.rds === undefined ? [] : [DATABASE_ADDRESS])],
  files: ({ database }) =>
    database?.authorities === undefined ? [] : [{ path: AUTHORITIES_FILE, text: database.authorities }],
  listens: () => [],
};
