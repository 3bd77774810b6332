/** OpenWire clients: the Java client's command `session`, one process for all of them. */
import { type Account, type ClientEvent, ClientProcess } from "../../../../operate/drill/client";
import { type Call, type Delivery, selectorOf } from "../history";
import { type Ended, type HistoryClient, WAIT_MILLIS } from "./client";

/** What a line of the command says; see SessionCommand.java. */
interface SessionEvent {
  readonly event: ClientEvent["event"];
  readonly op: string;
  readonly at: number;
  readonly message?: string;
  readonly redelivered?: boolean;
  readonly damaged?: boolean;
  readonly ids?: string;
  readonly result?: Ended["result"];
  readonly error?: string;
}

interface Pending {
  readonly deliver: (delivery: Delivery) => void;
  readonly end: (ended: Ended) => void;
  browsed?: readonly string[];
}

/** The words of a call: `name=value` each. */
function wordsOf(call: Call): string[] {
  const { call: verb, ...values } = call;
  const place = call.call === "receive" ? call.from : "at" in call ? call.at : "";
  const all = { ...values, selector: selectorOf(place) ?? "", wait: WAIT_MILLIS };
  return [verb, ...Object.entries(all).map(([name, value]) => `${name}=${String(value)}`)];
}

/** A process with as many clients as there are names. */
export class OpenWireProcess {
  private readonly pending = new Map<string, Pending>();
  private readonly process: ClientProcess;

  constructor(account: Account, url: string, signal: AbortSignal) {
    this.process = new ClientProcess(account, ["session", "--url", url], signal, [], (event) => {
      this.hear(event as SessionEvent);
    });
  }

  /** @throws Error when it does not start */
  async ready(): Promise<void> {
    await this.process.ready;
  }

  client(name: string): HistoryClient {
    let closings = 0;
    const perform = (id: string, words: readonly string[], deliver: Pending["deliver"]) =>
      new Promise<Ended>((end) => {
        this.pending.set(id, { deliver, end });
        this.process.tell([id, name, ...words].join("\t"));
      });
    return {
      perform: (id, call, deliver) => perform(id, wordsOf(call), deliver),
      close: async () => {
        await perform(`${name}:close${closings++}`, ["close"], () => undefined);
      },
    };
  }

  kill(): void {
    this.process.kill();
  }

  private hear({ event, op, at, message = "", redelivered = false, damaged = false, ...rest }: SessionEvent): void {
    const pending = this.pending.get(op);
    if (pending === undefined) return;
    if (event === "delivery") pending.deliver({ message, at, redelivered, ...(damaged && { damaged }) });
    if (event === "browsed") pending.browsed = (rest.ids ?? "").split(",").filter(Boolean);
    if (event !== "end") return;
    this.pending.delete(op);
    pending.end({
      at,
      result: rest.result ?? "unknown",
      ...(rest.error !== undefined && rest.error !== "" && { error: rest.error }),
      ...(pending.browsed !== undefined && { browsed: pending.browsed }),
    });
  }
}
