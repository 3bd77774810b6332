/**
 * A producer on the very host that is cut off, which sends to its own broker and nowhere else: whatever a master that nobody can
 * see acknowledges must have been stored by the group all the same.
 */
import { join } from "node:path";
import { failoverUrl } from "../../../core/plan/clientUrls";
import { runtimeDirectory } from "../../../core/host/runtimes";
import { ask, askBytesSync } from "../../../core/util/process";
import { until } from "../../../core/util/until";
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
    const jars = askBytesSync("tar", ["-C", join(runtimeDirectory("client"), "lib"), "-c", "."]);
    if (jars.code !== 0) throw new Error(`the client's jars cannot be packed: ${jars.stderr}`);
    await producer.feed(jars.stdout, `tar -x -C ${FOLDER}`);
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
    const patience = { millis: 60_000, everyMillis: 1000, signal: site.signal };
    const { asWanted } = await until(
      () => producer.acknowledged(),
      ({ length }) => length > 20,
      patience,
    );
    if (asWanted) return producer;
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
  private async feed(input: string | Buffer, line: string): Promise<void> {
    const [command, ...args] = this.site.lab.sshCommand(this.host);
    const { code, stderr } = await ask(command, [...args, line], { input });
    if (code !== 0) throw new Error(`${this.host}: ${line}: exit code ${code}: ${stderr.trim()}`);
  }
}
