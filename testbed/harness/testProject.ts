/** A copy of the project for the tests, with stacks on ports of their own: the tests never meet a cluster of this machine. */
import { type Answer, ProjectCopy } from "./projectCopy";
import { STORES, type StoreName, isReplicated, usualBrokers } from "../../core/products/stores";
import { until } from "../../core/util/until";
import type { Outcome } from "../../operate/drill/context";
import type { Status } from "../../operate/status/statusModel";
import { limit, slowness } from "./patience";

export type { Answer };

/**
 * Messages a second of all eight producers together. Each is stored by three brokers and may cross a bridge; the proofs, which
 * have a machine to themselves, send more.
 */
export const RATE = 60;

/** A port of the tests: files that run side by side have ports of their own. */
export const port = (number: number) => number + 100 * (Number(process.env["JEST_WORKER_ID"] ?? 1) - 1);

/** ZooKeeper grants no session of more than twenty ticks. */
const TICK_MILLIS = 1000;

/** A session that lasts over what a broker may wait for a processor, on the machine as it is now. @param quietMillis on a quiet one */
export const sessionMillis = (quietMillis: number) => Math.min(20 * TICK_MILLIS, Math.round(quietMillis * slowness()));

/** Short times, so that a test takes seconds: failover in about a session. Still above what a busy machine needs. */
export const FAST = {
  zookeeper: {
    tickTimeMillis: TICK_MILLIS,
    sessionTimeoutMillis: sessionMillis(6000),
    ports: { client: port(22181), peer: port(22888), election: port(23888) },
  },
  client: { maxInactivityMillis: 2500 },
};

/** Log files that a test fills: they are rotated, counted and deleted then. As many as a slave can join by. */
function smallLogs({ limits }: { limits?: object }): Record<string, unknown> {
  return { replicatedLevelDB: { logSizeMiB: 1 }, limits: { storeMiB: 400, ...limits } };
}

/** A group whose ports are counted up from the tests' first ones. Without slaves that hold copies it has no replication port. */
export function group(name: string, first = 0, brokers = 3, replicated = brokers > 1) {
  const ports = { openwire: port(26616) + first, metrics: port(29404) + first };
  return { name, brokers, ports: replicated ? { ...ports, replication: port(27616) + first } : ports };
}

export class Project extends ProjectCopy {
  /** @param fill writes the program into the folder; by default that of this checkout */
  constructor(fill?: (directory: string) => void) {
    super("amq-e2e-", fill);
  }

  /** Writes config/Pulumi.<stack>.yaml: two groups on test ports, small log files, with what is given on top. */
  write(stack: string, keys: Record<string, unknown>): void {
    const { store = "replicatedLevelDB" } = keys as { store?: StoreName };
    const brokers = usualBrokers(store);
    const replicated = isReplicated(store);
    const groups = [group("a", 0, brokers, replicated), group("b", 3, brokers, replicated)];
    const database = STORES[store].election === "database" ? { jdbc: { port: port(25432) } } : {};
    const small = replicated && !("replicatedLevelDB" in keys) ? smallLogs(keys) : {};
    this.writeStack(stack, { target: "local", groups, ...FAST, ...database, ...keys, ...small });
  }

  async status(stack: string): Promise<Status> {
    return JSON.parse((await this.amq("status", stack, "--json")).stdout) as Status;
  }

  /**
   * Eight producers send {@link RATE} messages a second where an experiment streams: as many as they can would take all
   * processors from the tests beside this one.
   * @throws Error with what `amq drill` said when it has no result
   */
  async drill(stack: string, ...words: string[]): Promise<Outcome> {
    const { stdout, stderr } = await this.amq("drill", stack, ...words, "--rate", String(RATE), "--json");
    if (stdout === "") throw new Error(stderr);
    const answer = JSON.parse(stdout) as Outcome[] | { error: string };
    if (!Array.isArray(answer) || answer[0] === undefined) throw new Error(`no result: ${stdout}\n${stderr}`);
    return answer[0];
  }

  /** @throws Error with what `amq up` said, unless it worked */
  async up(stack: string): Promise<string> {
    const { code, stdout, stderr } = await this.amq("up", stack);
    if (code !== 0) throw new Error(`${stderr}\n${stdout}`);
    return stderr;
  }

  /**
   * The status of a cluster that is said to be whole. On a busy machine a service may not answer a look in time; the next look tells.
   * @throws Error with what is missing
   */
  whole(stack: string): Promise<Status> {
    return this.until(stack, ({ whole }) => whole, 60, "not whole");
  }

  /**
   * Asks for the status until it is as wanted.
   * @param seconds of a quiet machine
   * @throws Error beginning with `otherwise` when it has not become so
   */
  async until(
    stack: string,
    condition: (status: Status) => boolean,
    seconds: number,
    otherwise: string,
  ): Promise<Status> {
    // A look takes a second of a processor, and several on a machine in user mode; what is waited for needs it as well.
    let took = 0;
    const look = async () => {
      const began = Date.now();
      const status = await this.status(stack);
      took = Date.now() - began;
      return status;
    };
    const { seen, asWanted } = await until(look, condition, { millis: limit(seconds), everyMillis: () => 2 * took });
    if (!asWanted) throw new Error(`${otherwise} after ${seconds} s: ${JSON.stringify(seen)}`);
    return seen;
  }
}
