/**
 * `npm run proof:hosts`: nine real hosts on this machine, a cluster on them by SSH, and what can happen to machines done to it, under
 * load. Writes hosts.md. With ids (`npm run proof:hosts -- 5 8`) it runs those alone, and the other rows stay as they were measured.
 */
import { join } from "node:path";
import { CHANGES } from "./hosts/changes";
import { DISK } from "./hosts/disk";
import { NINE_HOSTS } from "./hosts/nineHosts";
import { type HostsProof, proveOnHosts } from "./hosts/onHosts";
import { PARTITIONS } from "./hosts/partitions";
import { POWER } from "./hosts/power";
import { proofMain } from "./main";

const PROOF: HostsProof = {
  layout: NINE_HOSTS,
  experiments: [...POWER, ...PARTITIONS, DISK, ...CHANGES].sort((a, b) => Number(a.id) - Number(b.id)),
  table: join(__dirname, "hosts.md"),
  results: join(__dirname, "hosts", "results.json"),
  intro: (where) => `# What nine real hosts went through

Written by \`npm run proof:hosts\`; with numbers of experiments after it, these are measured anew and the others stay. The last one on
${where} "on" is the day of a row, and the machine's load average at its end, other work on it included: on a busy machine seconds say
little.

One cluster, one experiment after the other: two groups of three brokers and three ZooKeeper members, each on a host of its own
(systemd, sshd, a network address), brought up by SSH with the default settings. Unless a row says otherwise eight producers send
150 messages of 1 KiB a second and a consumer receives, all through the printed failover URL, before, during and after.`,
};

void proofMain((ids, signal) => proveOnHosts(PROOF, ids, signal));
