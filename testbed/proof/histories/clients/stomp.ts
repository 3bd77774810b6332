/** STOMP, by stompjs. */
import { Client, type IMessage, StompHeaders } from "@stomp/stompjs";
import { TCPWrapper } from "@stomp/tcp-wrapper";
import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "../../../../operate/drill/client";
import type { Delivery, ReceiveCall, SendCall } from "../history";
import { WAIT_MILLIS, bodyOf, readBody } from "./client";
import { Broken, CONNECT_MILLIS, type Connect } from "./inTurn";

/** Headers as the library's types want them. */
const headersOf = (values: Readonly<Record<string, string>>): StompHeaders => Object.assign(new StompHeaders(), values);

/** `/queue/name`, `/topic/name`. */
const named = (place: string) => `/${place.replace("://", "/")}`;

/** Connects with an account. */
export function stomp({ user, password }: Account): Connect {
  return async (address) => {
    const client = new Client();
    const broken = new Broken();
    client.webSocketFactory = () => new TCPWrapper(address.hostname, Number(address.port));
    client.connectHeaders = headersOf({ login: user, passcode: password });
    client.reconnectDelay = 0;
    client.connectionTimeout = CONNECT_MILLIS;
    client.onStompError = ({ headers }) => {
      broken.break(headers["message"] ?? "ERROR");
    };
    client.onWebSocketClose = () => {
      broken.break("closed");
    };
    const connected = new Promise<void>((resolve) => {
      client.onConnect = () => {
        resolve();
      };
    });
    client.activate();
    try {
      await broken.before(connected);
    } catch (error) {
      void client.deactivate({ force: true });
      throw error;
    }
    const operations = new Operations(client, broken);
    return {
      perform: async (id, call, deliver) => {
        if (call.call === "send") await operations.send(id, call);
        else if (call.call === "receive") await operations.receive(id, call, deliver);
        else throw new Error(`STOMP has no ${call.call}`);
      },
      close: async () => {
        await client.deactivate({ force: true });
      },
    };
  };
}

class Operations {
  private receipts = 0;

  constructor(
    private readonly client: Client,
    private readonly broken: Broken,
  ) {}

  async send(id: string, { to, bytes, priority, end }: SendCall): Promise<void> {
    const transaction = end === "single" ? undefined : this.client.begin(id);
    for (const [i, place] of to.entries()) {
      const headers = {
        persistent: "true",
        priority: String(priority),
        ...(transaction !== undefined && { transaction: transaction.id }),
      };
      await this.confirmed((receipt) => {
        this.client.publish({
          destination: named(place),
          body: bodyOf(`${id}.${i}`, bytes),
          // With a length it would be bytes to a client of JMS.
          skipContentLengthHeader: true,
          headers: headersOf({ ...headers, receipt }),
        });
      });
    }
    if (transaction === undefined) return;
    if (end === "commit") transaction.commit();
    else transaction.abort();
    // Its frames know no receipt. A broker reads one frame after the other, so the next one's will do.
    await this.confirmed((receipt) => {
      this.client.publish({ destination: "/topic/histories.receipts", body: "", headers: headersOf({ receipt }) });
    });
  }

  async receive(id: string, { from, count, end }: ReceiveCall, deliver: (delivery: Delivery) => void): Promise<void> {
    const got: IMessage[] = [];
    let enough = false as boolean;
    const headers = headersOf({ id, ack: "client-individual", "activemq.prefetchSize": String(count) });
    const hear = (message: IMessage) => {
      const redelivered = message.headers["redelivered"] === "true";
      const { message: name, damaged } = readBody(Buffer.from(message.binaryBody).toString("latin1"));
      if (!enough) got.push(message);
      deliver({
        message: name,
        at: Date.now(),
        redelivered,
        ...(damaged && { damaged }),
        ...(enough && { surplus: true }),
      });
      enough ||= got.length >= count;
    };
    const subscription = this.client.subscribe(named(from), hear, headers);
    for (let before = -1; !enough && got.length > before;) {
      before = got.length;
      await this.broken.before(sleep(WAIT_MILLIS));
    }
    enough = true;
    if (end === "acknowledge") {
      for (const message of got) {
        await this.confirmed((receipt) => {
          message.ack(headersOf({ receipt }));
        });
      }
    }
    await this.confirmed((receipt) => {
      subscription.unsubscribe(headersOf({ receipt }));
    });
  }

  /** Waits until the broker has done what a frame asked for. */
  private async confirmed(send: (receipt: string) => void): Promise<void> {
    const receipt = `receipt-${this.receipts++}`;
    const came = new Promise<void>((resolve) => {
      this.client.watchForReceipt(receipt, () => {
        resolve();
      });
    });
    // When the frame cannot be sent nobody waits for its receipt.
    came.catch(() => undefined);
    send(receipt);
    await this.broken.before(came);
  }
}
