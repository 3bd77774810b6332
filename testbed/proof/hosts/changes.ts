/** Experiments in which the program itself is at work: a push that is torn, a machine that is replaced. */
import type { Experiment } from "./runner";
import { slavesOf } from "./places";
import { STACK, type Site } from "./site";
import type { Trial } from "./trial";

/** How often sshd is restarted during a push, and how far apart. */
const TEARS = 4;
const TEAR_SECONDS = 7;

/** sshd and every session of it, with all that runs in them. */
async function restartSshd(site: Site): Promise<void> {
  const line = "systemctl kill --kill-whom=all --signal=KILL ssh; systemctl reset-failed ssh; systemctl restart ssh";
  await Promise.all(
    site.plan.hosts.map(({ name }) => site.on(name, `systemd-run --quiet --collect bash -c 'sleep 0.5; ${line}'`)),
  );
}

async function tornPush(trial: Trial): Promise<void> {
  const { site } = trial;
  site.write({ limits: { tempMiB: 600 } });
  await trial.injectFault({
    what: "a push, sshd of all hosts restarted meanwhile",
    hit: async () => {
      const { answer, stderr: said } = site.project.start(["up", STACK]);
      const over = answer.then(() => true);
      // Before its first command on a host there is no session to tear.
      while (!said().includes(": files (") && !(await Promise.race([over, site.pause(0.2).then(() => false)])));
      let tears = 0;
      for (; tears < TEARS; tears++) {
        // True as soon as the push has ended.
        if (await Promise.race([over, site.pause(tears === 0 ? 0 : TEAR_SECONDS).then(() => false)])) break;
        await restartSshd(site);
      }
      const { code, stderr } = await answer;
      const last =
        stderr
          .trim()
          .split("\n")
          .find((line) => /exit status|FAILED|error/i.test(line)) ?? "";
      site.say(stderr);
      trial.remark(
        `sshd restarted ${tears} times; amq up ended with ${String(code)}${code === 0 ? "" : ` (${last.trim().slice(0, 160)})`}`,
      );
    },
    heal: async () => {
      await site.up();
      trial.remark("the second amq up ended with 0");
    },
  });
}

async function replaceMachine(trial: Trial): Promise<void> {
  const { site } = trial;
  const [slave] = await slavesOf(site, "b");
  if (slave === undefined) throw new Error("group b has no slave");
  await trial.injectFault({
    what: `${slave.host} with ${slave.name} (slave) replaced`,
    hit: () => site.powerOff(slave.host),
    heal: async () => {
      await site.replace(slave.host);
      await site.up();
    },
  });
}

export const CHANGES: readonly Experiment[] = [
  {
    id: "10",
    title: "sshd restarted during a push",
    done: "a setting of all brokers changed, amq up, sshd and its sessions ended on all hosts several times meanwhile; amq up again",
    traffic: "stream",
    inject: tornPush,
  },
  {
    id: "12",
    title: "a machine replaced",
    done: "host of a slave of b lost for good, an empty one in its place, generation counted up, amq up",
    traffic: "stream",
    inject: replaceMachine,
  },
];
