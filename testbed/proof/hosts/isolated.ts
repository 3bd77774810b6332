/**
 * A producer on the very host that is cut off, which sends to its own broker and nowhere else: whatever a master that nobody can
 * see acknowledges must have been stored by the group all the same.
 */
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { failoverUrl } from "../../../core/plan/clientUrls";
import { runtimeDirectory } from "../../../core/host/runtimes";
import type { Account } from "../../../operate/drill/client";
import type { Site } from "./site";
import type { PlannedBroker } from "../../../core/plan/model";

const FOLDER = "/home/ops/client";
const UNIT = "isolated";
/** It ends by itself, whatever becomes of the proof. */
const MOST_SECONDS = 300;

export class IsolatedProducer {
  private constructor(
    private readonly site: Site,
    private readonly host: string,
  ) {}

  /** Starts it, detached, and waits until its first sends are acknowledged. @throws Error when none are */
  static async start(site: Site, broker: PlannedBroker, account: Account, queue: string): Promise<IsolatedProducer> {
    const { host } = broker;
    const producer = new IsolatedProducer(site, host);
    await site.on(host, `rm -rf ${FOLDER}; install -d -o ops ${FOLDER}`);
    const jars = execFileSync("tar", ["-C", join(runtimeDirectory("client"), "lib"), "-c", "."], {
      maxBuffer: 256 * 1024 * 1024,
    });
    await producer.feed(jars, `tar -x -C ${FOLDER}`);
    // Through stdin and a file: a command line could be read by everybody there.
    const environment = `AMQ_USER=${account.user}\nAMQ_PASSWORD=${account.password}\n`;
    await producer.feed(environment, `umask 077; cat >${FOLDER}/environment`);
    const url = failoverUrl([broker], site.plan.config.client);
    const java = [
      "java -Xmx128m -cp",
      `'${FOLDER}/*' activemq.cluster.client.Client send --url '${url}' --queue '${queue}'`,
      `--count 10000000 --size 1024 --prefix isolated-${broker.name} --acked ${FOLDER}/acked --timeout ${MOST_SECONDS}`,
    ].join(" ");
    const unit = `systemd-run --quiet --collect --unit=${UNIT} --uid=ops -p EnvironmentFile=${FOLDER}/environment`;
    await site.on(host, `${unit} ${java}`);
    for (let second = 0; second < 60; second++) {
      if ((await producer.acknowledged()).length > 20) return producer;
      await site.pause(1);
    }
    throw new Error(`nothing was acknowledged to the producer on ${host}: ${await producer.log()}`);
  }

  /** The ids of what it got acknowledged so far. */
  async acknowledged(): Promise<string[]> {
    return (await this.site.on(this.host, `cat ${FOLDER}/acked 2>/dev/null || true`)).split("\n").filter(Boolean);
  }

  async stop(): Promise<void> {
    await this.site.on(this.host, `systemctl stop ${UNIT} 2>/dev/null || true`);
  }

  private log(): Promise<string> {
    return this.site.on(this.host, `journalctl --no-pager -n 5 -o cat -u ${UNIT}`);
  }

  /** Runs a line as ops that reads what is given. */
  private feed(input: string | Buffer, line: string): Promise<void> {
    const [command, ...args] = this.site.lab.sshCommand(this.host);
    return new Promise((resolve, reject) => {
      const child = spawn(command, [...args, line], { stdio: ["pipe", "ignore", "inherit"] });
      child.once("error", reject);
      child.once("close", (code) => {
        if (code === 0) resolve();
        else reject(new Error(`${this.host}: ${line}: exit code ${String(code)}`));
      });
      child.stdin.end(input);
    });
  }
}
