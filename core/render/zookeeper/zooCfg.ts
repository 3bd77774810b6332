/** zoo.cfg of one member. Pure. */
import { type ClusterPlan, type PlannedEnsemble, type PlannedMember, brokersOf } from "../../plan/model";

/** Connections that a broker has: its store's and its watchdog's, each of them twice while it reconnects. */
const CONNECTIONS_PER_BROKER = 4;
const FEWEST_CONNECTIONS = 60;

export function zooCfg(plan: ClusterPlan, ensemble: PlannedEnsemble, member: PlannedMember): string {
  const { tickTimeMillis, initLimitTicks, syncLimitTicks } = plan.config.zookeeper;
  const connections = Math.max(FEWEST_CONNECTIONS, 20 + CONNECTIONS_PER_BROKER * brokersOf(plan).length);
  return `# ZooKeeper ${member.name}. Rendered from the stack file; what is changed here by hand is overwritten.
tickTime=${tickTimeMillis}
initLimit=${initLimitTicks}
syncLimit=${syncLimitTicks}
# Brokers ask for ${plan.config.zookeeper.sessionTimeoutMillis} ms; what is outside of these bounds would be changed without a word.
minSessionTimeout=${2 * tickTimeMillis}
maxSessionTimeout=${20 * tickTimeMillis}

# Relative to the service's folder, where run starts the process. myid is written there by run.
dataDir=./data
clientPort=${member.ports.client}
clientPortAddress=${member.address}
# Per client address: with several brokers on a machine, and on local with all of them.
maxClientCnxns=${connections}

# Off by default, so that snapshots pile up until the disk is full.
autopurge.snapRetainCount=5
autopurge.purgeInterval=12
# The data is a few znodes: files of 64 MiB would be empty.
preAllocSize=1024

# What the probe and monitoring ask, and nothing that changes anything.
4lw.commands.whitelist=srvr,ruok,mntr
# A web server on every address, without a password.
admin.enableServer=false

# The members are these, for good: a change goes through the stack file.
standaloneEnabled=false
reconfigEnabled=false
quorumListenOnAllIPs=false
${ensemble.members.map((peer) => `server.${peer.id}=${peer.address}:${peer.ports.peer}:${peer.ports.election}`).join("\n")}
`;
}
