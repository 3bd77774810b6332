/** The way to a database, which can break in the one moment that matters: after a commit, before its answer has come back. */
import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";

export class DatabaseWay {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private wanted: { readonly sent: string; readonly answered: string; readonly done: () => void } | undefined;

  constructor(port: number) {
    this.server = createServer((client) => {
      this.carry(client, connect(port, "127.0.0.1"));
    });
  }

  /** @returns the port that it listens on */
  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return (this.server.address() as AddressInfo).port;
  }

  /**
   * Breaks the next connection over which `sent` goes to the database, when `answered` comes back for it.
   * @returns resolves when that has happened
   */
  breakOnce(sent: string, answered: string): Promise<void> {
    return new Promise((done) => (this.wanted = { sent, answered, done }));
  }

  /** Breaks what is connected. Nobody gets through any more. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private carry(client: Socket, database: Socket): void {
    let watched = false;
    client.on("data", (chunk) => {
      if (this.wanted !== undefined && chunk.includes(this.wanted.sent)) watched = true;
      database.write(chunk);
    });
    database.on("data", (chunk) => {
      if (this.wanted === undefined || !watched || !chunk.includes(this.wanted.answered)) {
        client.write(chunk);
        return;
      }
      const { done } = this.wanted;
      this.wanted = undefined;
      client.destroy();
      done();
    });
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      // prettier-ignore
      this.sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
