/**
 * `npm run proof:nfs`: store sharedKahaDB on machines that each have a Linux of their own, with its NFS client, and a file server; what
 * can happen to them done to them, under load. Writes nfs.md. With ids (`npm run proof:nfs -- 21`) it runs those alone, and the other
 * rows stay as they were measured.
 */
import { join } from "node:path";
import { LEASE_SECONDS } from "../lab/hosts/nfsServer";
import { CHANGES } from "./hosts/changes";
import { type HostsProof, proveOnHosts } from "./hosts/onHosts";
import { PARTITIONS } from "./hosts/partitions";
import { POWER } from "./hosts/power";
import { proofMain } from "./main";
import { SHARED_FILES } from "./nfs/experiments";
import { ON_NFS } from "./nfs/layout";

/** Those of proof:hosts that mean something here: a master's power, its cable, its process standing still, a machine replaced. */
const OF_HOSTS = ["1", "2", "3", "5", "8", "12"];

/** What machines in user mode can take beside what is measured. */
const PER_SECOND = 30;

const PROOF: HostsProof = {
  layout: ON_NFS,
  experiments: [
    ...[...POWER, ...PARTITIONS, ...CHANGES].filter(({ id }) => OF_HOSTS.includes(id)),
    ...SHARED_FILES,
  ].map((experiment) => ({ ...experiment, sends: { perSecond: PER_SECOND, ...experiment.sends } })),
  table: join(__dirname, "nfs.md"),
  results: join(__dirname, "nfs", "results.json"),
  intro: (where) => `# What a cluster on an NFS server went through

Written by \`npm run proof:nfs\`; with numbers of experiments after it, these are measured anew and the others stay. The last one on
${where} "on" is the day of a row, and the machine's load average at its end, other work on it included.

Every machine has a Linux of its own (Debian 12, kernel 6.1, in user mode), whose NFSv4.2 client the program mounts the file server with;
that is the kernel's NFS server, with a lease of ${LEASE_SECONDS} s, on a disk of its own. In user mode everything is several times slower than on a
machine: a broker takes 30 s and more to start, and seconds here say what waits for what, not what they would be elsewhere.

One cluster, one experiment after the other: store \`sharedKahaDB\`, two groups of two brokers, each on a machine of its own, joined as
a mesh, brought up by SSH with the default settings. Rows up to 12 are the experiments of hosts.md. Unless a row says otherwise eight
producers send ${PER_SECOND} messages of 1 KiB a second and a consumer receives, all through the printed failover URL, before, during and after.`,
};

void proofMain((ids, signal) => proveOnHosts(PROOF, ids, signal));
