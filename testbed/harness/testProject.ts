/** A copy of the project for the tests, with stacks on ports of their own: the tests never meet a cluster of this machine. */
import { type Answer, ProjectCopy } from "./projectCopy";
import { until } from "../../core/util/until";
import type { Outcome } from "../../operate/drill/context";
import type { Status } from "../../operate/status/statusModel";

export type { Answer };

/**
 * Messages a second of all eight producers together. Each is stored by three brokers and may cross a bridge; the proofs, which
 * have a machine to themselves, send more.
 */
export const RATE = 60;

/** A port of the tests: files that run side by side have ports of their own. */
export const port = (number: number) => number + 100 * (Number(process.env["JEST_WORKER_ID"] ?? 1) - 1);

/** Short times, so that a test takes seconds: failover in about a session. Still above what a busy machine needs. */
export const FAST = {
  zookeeper: {
    tickTimeMillis: 1000,
    sessionTimeoutMillis: 6000,
    ports: { client: port(22181), peer: port(22888), election: port(23888) },
  },
  client: { maxInactivityMillis: 2500 },
};

/** A group whose ports are counted up from the tests' first ones. Without slaves that hold copies it has no replication port. */
export function group(name: string, first = 0, brokers = 3, replicated = brokers > 1) {
  const ports = { openwire: port(26616) + first, metrics: port(29404) + first };
  return { name, brokers, ports: replicated ? { ...ports, replication: port(27616) + first } : ports };
}

export class Project extends ProjectCopy {
  constructor() {
    super("amq-e2e-");
  }

  /** Writes config/Pulumi.<stack>.yaml: two groups on test ports, with what is given on top. */
  write(stack: string, keys: Record<string, unknown>): void {
    const brokers = keys["store"] === "kahaDB" ? 1 : 3;
    const replicated = keys["store"] === undefined || keys["store"] === "replicatedLevelDB";
    const groups = [group("a", 0, brokers, replicated), group("b", 3, brokers, replicated)];
    const database = keys["store"] === "jdbc" ? { jdbc: { port: port(25432) } } : {};
    this.writeStack(stack, { target: "local", groups, ...FAST, ...database, ...keys });
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
   * Asks for the status until it is as wanted.
   * @throws Error beginning with `otherwise` when it has not become so
   */
  async until(
    stack: string,
    condition: (status: Status) => boolean,
    seconds: number,
    otherwise: string,
  ): Promise<Status> {
    // A look takes a second of a processor, which what is waited for needs as well.
    const patience = { millis: seconds * 1000, everyMillis: 2000 };
    const { seen, asWanted } = await until(() => this.status(stack), condition, patience);
    if (!asWanted) throw new Error(`${otherwise} after ${seconds} s: ${JSON.stringify(seen)}`);
    return seen;
  }
}
