/** Two groups of two on an NFS server, each machine with a Linux of its own. */
import { EXPORT, serveFiles, shareFiles } from "../../lab/hosts/nfsServer";
import type { Layout } from "../hosts/site";

const address = (last: number) => `192.168.7.${last}`;

/** The file server. */
export const FILES = "files";

export const ON_NFS: Layout = {
  machines: [
    ...[1, 2, 3, 4].map((n) => ({ name: `broker-${n}`, address: address(10 + n), role: "broker" as const })),
    { name: FILES, address: address(20) },
  ],
  kernel: "own",
  // A question costs a broker there half a second of its processor.
  pauseMillis: 5000,
  keys: {
    store: "sharedKahaDB",
    sharedKahaDB: { directory: "/srv/activemq", mount: `${address(20)}:${EXPORT}` },
    groups: ["a", "b"].map((name) => ({ name, brokers: 2 })),
    topology: "mesh",
  },
  furnish: async (host, on) => {
    await on(host === FILES ? serveFiles(`${address(0)}/24`) : shareFiles());
  },
};
