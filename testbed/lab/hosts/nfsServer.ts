/** Lines of shell, for root, that make a lab host with a kernel of its own a file server, and others fit to share its files. */

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
  return `set -e
install -d -o ${BROKER_USER_ID} -g ${BROKER_USER_ID} ${EXPORTED}${EXPORT}
echo '${EXPORTED} ${subnet}(rw,sync,no_subtree_check,fsid=0)' >/etc/exports
mkdir -p /etc/nfs.conf.d
printf '[nfsd]\\nvers3=n\\nlease-time=${LEASE_SECONDS}\\ngrace-time=${LEASE_SECONDS}\\n' >/etc/nfs.conf.d/lab.conf
systemctl --quiet enable --now nfs-server`;
}

/** The brokers' user, before the program makes one of another number. */
export function shareFiles(): string {
  const like = "--system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin";
  return `useradd --uid ${BROKER_USER_ID} ${like} activemq`;
}
