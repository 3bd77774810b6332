/**
 * Known vulnerabilities of the products beside ActiveMQ that a runtime of ours pins a version with, and why each is or is not a
 * way into a cluster. `npm run advisories` fails when one is in no table.
 *
 * Source: bitnami/vulndb, data/postgresql, data/postgresql-jdbc-driver and data/zookeeper, read as of August 2026.
 */
export interface OtherVulnerability {
  /** CVE number. */
  readonly id: string;
  /** Other numbers of advisories that this entry answers. */
  readonly aliases?: readonly string[];
  readonly product: "ZooKeeper" | "PostgreSQL" | "PostgreSQL JDBC driver";
  readonly what: string;
  /** What an attacker needs, and whether a cluster gives it. */
  readonly verdict: string;
}

/**
 * The PostgreSQL server is that of store jdbc on target local: it listens on 127.0.0.1, has no Unix socket, and lets in one user,
 * with a password (core/render/postgresql/service.ts). That user is the brokers'.
 */
const ONE_USER = "needs a database user: only the brokers are one, and clients of the brokers write no SQL";

export const OTHER_VULNERABILITIES: readonly OtherVulnerability[] = [
  {
    id: "CVE-2023-44981",
    product: "ZooKeeper",
    what: "a stranger joins an ensemble that authenticates its members by SASL",
    verdict: "needs a member of release 3.5.10: there only the brokers' client has it, members are newer",
  },
  { id: "CVE-2026-2003", product: "PostgreSQL", what: "a few bytes of memory by oidvector", verdict: ONE_USER },
  { id: "CVE-2026-2004", product: "PostgreSQL", what: "code by the extension intarray", verdict: ONE_USER },
  { id: "CVE-2026-2005", product: "PostgreSQL", what: "code by the extension pgcrypto", verdict: ONE_USER },
  { id: "CVE-2026-2006", product: "PostgreSQL", what: "code by lengths of multibyte characters", verdict: ONE_USER },
  { id: "CVE-2026-6472", product: "PostgreSQL", what: "SQL of others by CREATE TYPE", verdict: ONE_USER },
  {
    id: "CVE-2026-6473",
    product: "PostgreSQL",
    what: "allocations too small, by integer wraparound",
    verdict: `${ONE_USER}; a value of gigabytes is larger than any message that a broker takes`,
  },
  { id: "CVE-2026-6474", product: "PostgreSQL", what: "memory by timeofday()", verdict: ONE_USER },
  {
    id: "CVE-2026-6475",
    product: "PostgreSQL",
    what: "files overwritten by pg_basebackup and pg_rewind",
    verdict: "needs somebody who runs them: nothing of ours does",
  },
  {
    id: "CVE-2026-6477",
    product: "PostgreSQL",
    what: "memory of clients that call lo_* of libpq",
    verdict: "needs libpq in a client: brokers use JDBC",
  },
  {
    id: "CVE-2026-6478",
    product: "PostgreSQL",
    what: "MD5 passwords by a timing channel",
    verdict: "needs an MD5 password: ours is scram-sha-256",
  },
  {
    id: "CVE-2026-6479",
    product: "PostgreSQL",
    what: "a crash before log-in, by recursion in TLS and GSS negotiation",
    verdict: "open on target local to everybody on this machine: its brokers wait until the server serves again",
  },
  { id: "CVE-2026-6637", product: "PostgreSQL", what: "code by the extension refint", verdict: ONE_USER },
  { id: "CVE-2026-6638", product: "PostgreSQL", what: "SQL by REFRESH PUBLICATION", verdict: ONE_USER },
  {
    id: "CVE-2026-54291",
    product: "PostgreSQL JDBC driver",
    what: "channel binding given up in silence, before 42.7.12",
    verdict: "needs channelBinding=require in a URL of yours (activemq:jdbc): ours have none",
  },
];
