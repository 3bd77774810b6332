/** The experiment with a full disk: a small one is put under a broker, and taken away again. */
import { unitName } from "../../../core/render/host/systemdUnit";
import { masterOf, slavesOf } from "./places";
import type { Experiment } from "./runner";
import type { Site } from "./site";
import type { Trial } from "./trial";
import { type PlannedBroker, groupNamed } from "../../../core/plan/model";

const FOLDER = "/var/lib/activemq-cluster";
const DISK_MIB = 1600;
const FULL_SECONDS = 60;
const BODY_BYTES = 16 * 1024;
const MOST_TRIES = 5;

/** Moves all of a host's stack to a disk in memory; its power must stay on until it is moved back. */
async function shrink(site: Site, { host, name }: PlannedBroker): Promise<void> {
  const unit = unitName(site.plan, name);
  await site.on(
    host,
    `set -e; systemctl stop ${unit}; mv ${FOLDER} ${FOLDER}.disk; mkdir ${FOLDER}
     mount -t tmpfs -o size=${DISK_MIB}m amq-small ${FOLDER}; chmod --reference=${FOLDER}.disk ${FOLDER}
     cp -a ${FOLDER}.disk/. ${FOLDER}/; systemctl start ${unit}`,
  );
  await site.whole();
}

async function grow(site: Site, { host, name }: PlannedBroker): Promise<void> {
  const unit = unitName(site.plan, name);
  await site.on(
    host,
    `set -e; mountpoint -q ${FOLDER} || exit 0; systemctl stop ${unit}; rm -rf ${FOLDER}/filler ${FOLDER}.disk
     cp -a ${FOLDER} ${FOLDER}.disk; umount ${FOLDER}; rmdir ${FOLDER}; mv ${FOLDER}.disk ${FOLDER}; systemctl start ${unit}`,
  );
  await site.whole();
}

/** Who is elected is nobody's to choose: the others are taken down until it is this one. */
async function makeMaster(site: Site, broker: PlannedBroker): Promise<void> {
  const { cluster } = site;
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    if ((await masterOf(site, broker.group)).name === broker.name) return;
    const others = groupNamed(site.plan, broker.group).brokers.filter(({ name }) => name !== broker.name);
    for (const { name } of others) await cluster.halt(name);
    await cluster.putBack();
  }
  throw new Error(
    `${broker.name} did not become master in ${MOST_TRIES} attempts, so its full disk would prove little`,
  );
}

async function fillDisk(trial: Trial): Promise<void> {
  const { site } = trial;
  const [broker] = await slavesOf(site, "b");
  if (broker === undefined) throw new Error("group b has no slave");
  const { host, name } = broker;
  const ends = async () =>
    Number(await site.on(host, `systemctl show -p NRestarts --value ${unitName(site.plan, name)}`));
  try {
    await shrink(site, broker);
    await makeMaster(site, broker);
    const before = await ends();
    // Again and again: what the broker gives up while it ends is taken, too.
    const filler = `while :; do dd if=/dev/zero bs=4k oflag=append conv=notrunc of=${FOLDER}/filler 2>/dev/null; sleep 0.1; done`;
    await trial.injectFault({
      what: `disk of ${name} (master) full`,
      hit: async () => {
        await site.on(host, `systemd-run --quiet --collect --unit=filler bash -c '${filler}'`);
      },
      seconds: FULL_SECONDS,
      heal: async () => {
        const master = await masterOf(site, "b");
        const free = await site.on(host, `df --output=avail -B1 ${FOLDER} | tail -n 1`);
        trial.remark(
          `with ${free.trim()} bytes free for ${FULL_SECONDS} s the process of ${name} ended ${(await ends()) - before} times; ` +
            (master.name === name ? "it stayed master" : `${master.name} took over`),
        );
        await site.on(host, `systemctl stop filler; rm ${FOLDER}/filler`);
      },
    });
  } finally {
    // Also after a failure: with the power of this host would go its disk.
    if (!site.signal.aborted) {
      await site.on(host, `systemctl stop filler 2>/dev/null; rm -f ${FOLDER}/filler`);
      await grow(site, broker);
    }
  }
}

export const DISK: Experiment = {
  id: "9",
  title: "a full disk",
  done: `b's master on a disk of ${DISK_MIB} MiB, filled to the last byte for ${FULL_SECONDS} s; all clients connected to b, messages of ${BODY_BYTES / 1024} KiB`,
  traffic: "stream",
  // A client that was moved to the other group by what is done before the injection would not come back.
  sends: { group: "b", bodyBytes: BODY_BYTES },
  inject: fillDisk,
};
