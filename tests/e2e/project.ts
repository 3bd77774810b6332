/** A copy of the project for the tests, with stacks on ports of their own: the tests never meet a cluster of this machine. */
import { type Answer, ProjectCopy } from "../../lab/projectCopy";
import type { Status } from "../../operate/status";

export type { Answer };

/** Short times, so that a test takes seconds: failover in about a session. Still above what a busy machine needs. */
const FAST = {
  zookeeper: {
    tickTimeMillis: 1000,
    sessionTimeoutMillis: 6000,
    ports: { client: 22181, peer: 22888, election: 23888 },
  },
  client: { maxInactivityMillis: 2500 },
};

export class Project extends ProjectCopy {
  constructor() {
    super("amq-e2e-");
  }

  /** Writes config/Pulumi.<stack>.yaml: two groups on test ports, with what is given on top. */
  write(stack: string, keys: Record<string, unknown>): void {
    const group = (name: string, first: number, brokers: number) => ({
      name,
      brokers,
      ports: { openwire: 26616 + first, replication: 27616 + first, metrics: 29404 + first },
    });
    const single = keys["store"] === "kahaDB";
    const groups = [group("a", 0, single ? 1 : 3), group("b", 3, single ? 1 : 3)];
    if (single) for (const { ports } of groups) delete (ports as Partial<typeof ports>).replication;
    this.writeStack(stack, { target: "local", groups, ...FAST, ...keys });
  }

  async status(stack: string): Promise<Status> {
    return JSON.parse((await this.amq("status", stack, "--json")).stdout) as Status;
  }
}
