/** Lines of shell, for root, that make a lab host with a kernel of its own a file server, and others fit to share its files. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shellQuote } from "../../../core/util/shell";

/** Of user `activemq`, who needs the same number wherever files are shared: free on a fresh Debian. */
export const BROKER_USER_ID = 900;
/** How long the server keeps the locks of a client that it does not hear of. Linux has 90. */
export const LEASE_SECONDS = 15;
/** Not of the root, which is an overlay and cannot be exported. */
export const EXPORTED = "/disk/export";
/** What is exported below it, as clients name it after the server's address and a colon. */
export const EXPORT = "/activemq";

/**
 * The kernel's NFSv4 server, for a folder on the host's disk.
 * @param subnet whose hosts may mount it, as in 192.168.2.0/24
 */
export function serveFiles(subnet: string): string {
  const values = { exported: EXPORTED, folder: EXPORT, subnet, user: BROKER_USER_ID, lease: LEASE_SECONDS };
  const assignments = Object.entries(values).map(([name, value]) => `${name}=${shellQuote(String(value))}\n`);
  return `${assignments.join("")}${readFileSync(join(__dirname, "nfsServer.sh"), "utf8")}`;
}

/** The brokers' user, before the program makes one of another number. */
export function shareFiles(): string {
  const like = "--system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin";
  return `useradd --uid ${BROKER_USER_ID} ${like} activemq`;
}
