/** Experiments with cables that are pulled, and a process that stands still: hosts that live on and are not heard. */
import { until } from "../../../core/util/until";
import { IsolatedProducer } from "./isolated";
import { masterOf, membersOf, slavesOf } from "./places";
import type { Experiment } from "./runner";
import type { Site } from "./site";
import type { Trial } from "./trial";

/** Several ZooKeeper sessions. */
const CUT_SECONDS = 40;
const STOPPED_SECONDS = 30;
/** Between the order to a host to cut itself off and the cut, so that the order is answered. */
const FUSE_SECONDS = 2;

async function cutOffMaster(trial: Trial): Promise<void> {
  const { site, stream } = trial;
  const master = await masterOf(site, "a");
  const { account } = await site.context();
  const producer = await IsolatedProducer.start(site, master, account, stream.queue);
  const before = (await producer.acknowledged()).length;
  try {
    await trial.injectFault({
      what: `cable of ${master.name} (master)`,
      hit: () => site.cut(master.host),
      seconds: CUT_SECONDS,
      heal: () => site.mend(master.host),
    });
  } finally {
    await producer.stop();
    const ids = await producer.acknowledged();
    stream.add(ids);
    trial.remark(`a producer on the cut-off host itself: ${before} acknowledged before, ${ids.length - before} after`);
  }
}

async function cutOffMember(trial: Trial): Promise<void> {
  const { site } = trial;
  const [leader] = await membersOf(site);
  await trial.injectFault({
    what: `cable of ${leader.name} (leader)`,
    hit: () => site.cut(leader.host),
    seconds: CUT_SECONDS,
    heal: () => site.mend(leader.host),
  });
}

/** Two islands, each whole in itself: a firewall on each host of the smaller one lets it talk to that island alone. */
async function split(trial: Trial): Promise<void> {
  const { site } = trial;
  const [master, slaves, members] = [await masterOf(site, "a"), await slavesOf(site, "b"), await membersOf(site)];
  const island = [master, ...slaves, members[2]];
  await trial.injectFault({
    what: `${island.map(({ name }) => name).join(", ")} cut off together`,
    hit: async () => {
      const addresses = island.map(({ address }) => address).join(", ");
      for (const { host } of island) await seal(site, host, addresses);
      await site.pause(FUSE_SECONDS);
      for (const { host } of island) site.away.add(host);
    },
    seconds: CUT_SECONDS + 2 * FUSE_SECONDS,
    // Group b's master is on the other side of both its slaves.
    outage: true,
    heal: async () => {
      for (const { host } of island) await opened(site, host);
    },
  });
}

/** The host undoes it itself: nobody reaches it meanwhile. */
async function seal(site: Site, host: string, addresses: string): Promise<void> {
  const chain = (hook: string, end: string) =>
    `chain ${hook} { type filter hook ${hook} priority 0; ip ${end} != { 127.0.0.0/8, ${addresses} } drop; }`;
  const table = `table inet island { ${chain("input", "saddr")} ${chain("output", "daddr")} }`;
  const script = `sleep ${FUSE_SECONDS}; nft '${table}'; sleep ${CUT_SECONDS}; nft delete table inet island`;
  await site.on(host, `systemd-run --quiet --collect --unit=island bash -c "${script}"`);
}

async function opened(site: Site, host: string): Promise<void> {
  const patience = { millis: 60_000, everyMillis: 1000, signal: site.signal };
  const { asWanted } = await until(
    () => site.lab.ssh(host, ["true"]),
    ({ code }) => code === 0,
    patience,
  );
  if (!asWanted) throw new Error(`${host} does not answer a minute after its firewall was to be opened`);
  site.away.delete(host);
}

async function standStill(trial: Trial): Promise<void> {
  const { site } = trial;
  const { name } = await masterOf(site, "b");
  await trial.injectFault({
    what: `SIGSTOP of ${name} (master)`,
    hit: () => site.cluster.injectFault("freeze", [name]),
    seconds: STOPPED_SECONDS,
    heal: () => site.cluster.heal(),
  });
}

export const PARTITIONS: readonly Experiment[] = [
  {
    id: "5",
    title: "a master cut off",
    done: `cable of a's master's host pulled for ${CUT_SECONDS} s, a producer on that host sending to its own broker all the time`,
    traffic: "stream",
    inject: cutOffMaster,
  },
  {
    id: "6",
    title: "a ZooKeeper member cut off",
    done: `cable of the leader's host pulled for ${CUT_SECONDS} s`,
    traffic: "stream",
    inject: cutOffMember,
  },
  {
    id: "7",
    title: "half the cluster cut off",
    done: `a's master, both slaves of b and a ZooKeeper member cut off from the rest for ${CUT_SECONDS} s, as one island`,
    traffic: "stream",
    inject: split,
  },
  {
    id: "8",
    title: "a master stands still",
    done: `SIGSTOP of b's master for ${STOPPED_SECONDS} s, then SIGCONT`,
    traffic: "stream",
    inject: standStill,
  },
];
