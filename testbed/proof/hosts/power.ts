/** Experiments with hosts that lose their power. */
import type { Experiment } from "./runner";
import { masterOf, membersOf } from "./places";
import type { Trial } from "./trial";

/** For a majority of ZooKeeper's members to be missed: longer than a session. */
const OUTAGE_SECONDS = 15;

async function masterLosesPower(trial: Trial, group: string): Promise<void> {
  const { site } = trial;
  const { name, host } = await masterOf(site, group);
  await trial.injectFault({
    what: `power of ${name} (master)`,
    hit: () => site.powerOff(host),
    heal: () => site.powerOn(host),
  });
}

/** Without power for a while, so that what the others think of it has settled. */
async function membersLosePower(trial: Trial, what: string, hosts: readonly string[]): Promise<void> {
  const { site } = trial;
  await trial.injectFault({
    what,
    hit: () => site.powerOff(...hosts),
    seconds: OUTAGE_SECONDS,
    ...(hosts.length > 1 && { outage: true }),
    heal: () => site.powerOn(...hosts),
  });
}

export const POWER: readonly Experiment[] = [
  {
    id: "1",
    title: "power of a master's host, same group",
    done: "3 messages to group a, its master's host without power; consumed from a meanwhile; on again",
    traffic: [{ count: 3, from: "a", to: "a", consumed: "meanwhile" }],
    inject: (trial) => masterLosesPower(trial, "a"),
  },
  {
    id: "2",
    title: "power of a master's host, other group",
    done: "3 messages to group a, its master's host without power; consumed from b over the bridge meanwhile; on again",
    traffic: [{ count: 3, from: "a", to: "b", consumed: "meanwhile" }],
    inject: (trial) => masterLosesPower(trial, "a"),
  },
  {
    id: "3",
    title: "power of masters' hosts",
    done: "hosts of the masters of a, b and a without power, one after the other",
    traffic: "stream",
    inject: async (trial) => {
      for (const group of ["a", "b", "a"]) await masterLosesPower(trial, group);
    },
  },
  {
    id: "4",
    title: "power of ZooKeeper's hosts",
    done: "host of a follower without power, of the leader, then two of three",
    traffic: "stream",
    inject: async (trial) => {
      const [, follower] = await membersOf(trial.site);
      await membersLosePower(trial, `power of ${follower.name} (follower)`, [follower.host]);
      const [leader] = await membersOf(trial.site);
      await membersLosePower(trial, `power of ${leader.name} (leader)`, [leader.host]);
      const [first, second] = await membersOf(trial.site);
      await membersLosePower(trial, `power of ${first.name} (leader) and ${second.name}`, [first.host, second.host]);
    },
  },
  {
    id: "11",
    title: "power of everything",
    done: "250 messages to each group without a consumer, all nine hosts without power at once, on again, nothing else done",
    traffic: ["a", "b"].map((group) => ({ count: 250, from: group, to: group, consumed: "afterwards" as const })),
    inject: async (trial) => {
      const { site } = trial;
      const hosts = site.plan.hosts.map(({ name }) => name);
      await trial.injectFault({
        what: "power of all nine hosts",
        hit: () => site.powerOff(...hosts),
        seconds: OUTAGE_SECONDS,
        outage: true,
        heal: () => site.powerOn(...hosts),
      });
    },
  },
];
