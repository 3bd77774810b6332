/** What can happen to machines that share files, and to the file server. */
import { LEASE_SECONDS } from "../../lab/hosts/nfsServer";
import { masterOf } from "../hosts/places";
import type { Experiment } from "../hosts/runner";
import type { Trial } from "../hosts/trial";
import { FILES } from "./layout";

/** Longer than the file server keeps a lock for who is not heard. */
const LONG_SECONDS = 3 * LEASE_SECONDS;
const SHORT_SECONDS = 12;

async function killMasters(trial: Trial): Promise<void> {
  const { site } = trial;
  for (const group of ["a", "b", "a", "b", "a"]) {
    const { name } = await masterOf(site, group);
    await trial.injectFault({
      what: `kill -9 of ${name} (master)`,
      hit: () => site.cluster.injectFault("kill", [name]),
      heal: () => Promise.resolve(),
    });
  }
}

async function pauseMaster(trial: Trial): Promise<void> {
  const { site } = trial;
  const { name, host } = await masterOf(site, "a");
  await trial.injectFault({
    what: `machine of ${name} (master) paused`,
    hit: () => {
      site.pauseHost(host);
      return Promise.resolve();
    },
    seconds: LONG_SECONDS,
    heal: () => {
      site.resumeHost(host);
      return Promise.resolve();
    },
  });
}

/** No group has its files, so none serves. */
async function withoutFiles(trial: Trial, what: string, hit: () => Promise<void>, heal: () => Promise<void>) {
  for (const seconds of [SHORT_SECONDS, LONG_SECONDS]) {
    await trial.injectFault({ what: `${what} for ${seconds} s`, hit, seconds, outage: true, heal });
  }
}

export const SHARED_FILES: readonly Experiment[] = [
  {
    id: "20",
    title: "timed kills",
    done: "masters of a, b, a, b and a killed with -9",
    traffic: "stream",
    inject: killMasters,
  },
  {
    id: "21",
    title: "a master's machine paused",
    done: `the machine of a's master stopped for ${LONG_SECONDS} s, kernel and all, then let go on`,
    traffic: "stream",
    inject: pauseMaster,
  },
  {
    id: "22",
    title: "power of the file server",
    done: `the file server without power for ${SHORT_SECONDS} s, then for ${LONG_SECONDS} s, and the time that it boots`,
    traffic: "stream",
    inject: (trial) =>
      withoutFiles(
        trial,
        "file server without power",
        () => trial.site.powerOff(FILES),
        () => trial.site.powerOn(FILES),
      ),
  },
  {
    id: "23",
    title: "the file server cut off",
    done: `the file server's cable pulled for ${SHORT_SECONDS} s, then for ${LONG_SECONDS} s`,
    traffic: "stream",
    inject: (trial) =>
      withoutFiles(
        trial,
        "file server cut off",
        () => trial.site.cut(FILES),
        () => trial.site.mend(FILES),
      ),
  },
  {
    id: "24",
    title: "power of everything",
    done: "250 messages to each group without a consumer, all machines without power at once, the file server too, on again, nothing else done",
    traffic: ["a", "b"].map((group) => ({ count: 250, from: group, to: group, consumed: "afterwards" as const })),
    inject: async (trial) => {
      const { site } = trial;
      const hosts = [FILES, ...site.plan.hosts.map(({ name }) => name)];
      await trial.injectFault({
        what: "power of everything",
        hit: () => site.powerOff(...hosts),
        seconds: SHORT_SECONDS,
        outage: true,
        heal: () => site.powerOn(...hosts),
      });
    },
  },
];
