/** Clients whose libraries know no failover URL: one address after the other until a master answers, as their users do. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Call, Delivery } from "../history";
import type { Ended, HistoryClient } from "./client";

/** Between two rounds over all addresses. */
const PAUSE_MILLIS = 200;
/** How long an address may take to answer. */
export const CONNECT_MILLIS = 5000;

/** A connection of a protocol. Each call rejects when the connection breaks meanwhile. */
export interface Connection {
  readonly perform: (id: string, call: Call, deliver: (delivery: Delivery) => void) => Promise<void>;
  /** Ends it without complaint. */
  readonly close: () => Promise<void>;
}

/** @throws Error when nobody answers there, or it is refused */
export type Connect = (address: URL) => Promise<Connection>;

/** A broken connection rejects whatever waits for it. */
export class Broken {
  private readonly waiting = new Set<(error: Error) => void>();
  private reason: Error | undefined;

  /** It is broken from now on. */
  break(why: string): void {
    this.reason ??= new Error(why);
    for (const reject of this.waiting) reject(this.reason);
  }

  /** @throws Error when the connection breaks first */
  async before<T>(promise: Promise<T>): Promise<T> {
    if (this.reason !== undefined) throw this.reason;
    let mine: (error: Error) => void = () => undefined;
    const broken = new Promise<never>((_resolve, reject) => {
      mine = reject;
      this.waiting.add(reject);
    });
    try {
      return await Promise.race([promise, broken]);
    } finally {
      this.waiting.delete(mine);
    }
  }
}

/** The client of a protocol, through the addresses of its URL. */
export class InTurn implements HistoryClient {
  private connection: Connection | undefined;

  constructor(
    private readonly addresses: readonly URL[],
    private readonly connect: Connect,
    private readonly signal: AbortSignal,
  ) {}

  async perform(id: string, call: Call, deliver: (delivery: Delivery) => void): Promise<Ended> {
    this.connection ??= await this.connectInTurn();
    try {
      await this.connection.perform(id, call, deliver);
      return { result: "ok", at: Date.now() };
    } catch (error) {
      await this.close();
      // What a broken connection leaves undone, its client cannot know.
      return { result: "unknown", at: Date.now(), error: error instanceof Error ? error.message : String(error) };
    }
  }

  async close(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    await connection?.close();
  }

  private async connectInTurn(): Promise<Connection> {
    for (;;) {
      for (const address of this.addresses) {
        this.signal.throwIfAborted();
        try {
          return await this.connect(address);
        } catch {
          // A slave, or a dead broker: the next one.
        }
      }
      await sleep(PAUSE_MILLIS, undefined, { signal: this.signal });
    }
  }
}
