/** What is done to the cluster on machines of EC2, and by the program itself. */
import type { Experiment } from "../hosts/runner";
import { masterOf, membersOf } from "../hosts/places";
import type { Ec2Site } from "./site";

/** For a member to be missed: longer than a session. */
const OUTAGE_SECONDS = 15;

export const EXPERIMENTS: readonly Experiment<Ec2Site>[] = [
  {
    id: "1",
    title: "a master's machine, other group",
    done: "3 messages to group a, power of the instance of its master cut; consumed from b over the bridge meanwhile; started again",
    traffic: [{ count: 3, from: "a", to: "b", consumed: "meanwhile" }],
    inject: async (trial) => {
      const { site } = trial;
      const { name, host } = await masterOf(site, "a");
      await trial.injectFault({
        what: `instance of ${name} (master) without power`,
        hit: () => site.cut(host),
        heal: () => site.start(host),
      });
    },
  },
  {
    id: "2",
    title: "a ZooKeeper member's machine",
    done: `power of the instance of the leader cut, started again after ${OUTAGE_SECONDS} s`,
    traffic: "stream",
    inject: async (trial) => {
      const { site } = trial;
      const [{ name, host }] = await membersOf(site);
      await trial.injectFault({
        what: `instance of ${name} (leader) without power`,
        hit: () => site.cut(host),
        seconds: OUTAGE_SECONDS,
        heal: () => site.start(host),
      });
    },
  },
  {
    id: "3",
    title: "a master killed",
    done: "kill -9 of the master of b; systemd starts it again",
    traffic: "stream",
    inject: async (trial) => {
      const { cluster } = trial.site;
      const { name } = await masterOf(trial.site, "b");
      await trial.injectFault({
        what: `kill -9 of ${name} (master)`,
        hit: () => cluster.injectFault("kill", [name]),
        heal: () => cluster.heal(),
      });
    },
  },
  {
    id: "4",
    title: "a change",
    done: "a setting of all brokers changed, amq up",
    traffic: "stream",
    inject: async (trial) => {
      const { site } = trial;
      site.write({ limits: { tempMiB: 600 } });
      await trial.injectFault({
        what: "amq up with another setting",
        hit: () => site.up(),
        heal: () => Promise.resolve(),
      });
    },
  },
  {
    id: "5",
    title: "a machine lost",
    done: "instance of the master of a terminated behind the program's back, amq up: another one, with its address and its disk",
    traffic: "stream",
    inject: async (trial) => {
      const { site } = trial;
      const { name, host } = await masterOf(site, "a");
      await trial.injectFault({
        what: `instance of ${name} (master) terminated`,
        hit: () => site.terminate(host),
        heal: async () => {
          await site.up();
          site.away.delete(host);
        },
      });
    },
  },
  {
    id: "6",
    title: "all machines replaced",
    done: "another image, amq up: nine instances one after the other, each with its address and its disk",
    traffic: "stream",
    inject: async (trial) => {
      const { site } = trial;
      const before = site.ids();
      site.writeNextImage();
      const began = Date.now();
      await trial.injectFault({
        what: "amq up with another image",
        hit: () => site.up(),
        heal: () => Promise.resolve(),
      });
      const after = new Set(site.ids());
      const replaced = before.filter((id) => !after.has(id)).length;
      trial.remark(
        `${replaced} of ${before.length} instances replaced in ${Math.round((Date.now() - began) / 1000)} s`,
      );
      if (replaced !== before.length) throw new Error(`${before.length - replaced} instances are still the old ones`);
    },
  },
];
