/** AMQP 1.0, by rhea. */
import rhea from "rhea";
import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "../../../../operate/drill/client";
import type { Delivery, ReceiveCall, SendCall } from "../history";
import { WAIT_MILLIS, bodyOf, readBody } from "./client";
import { Broken, CONNECT_MILLIS, type Connect } from "./inTurn";

const IDLE_MILLIS = 8000;

/** Connects with an account. */
export function amqp({ user, password }: Account): Connect {
  return async (address) => {
    const container = rhea.create_container();
    const connection = container.connect({
      host: address.hostname,
      port: Number(address.port),
      username: user,
      password,
      reconnect: false,
      idle_time_out: IDLE_MILLIS,
    });
    const broken = new Broken();
    for (const event of ["disconnected", "connection_close", "connection_error", "session_error", "error"]) {
      connection.on(event, ({ error }: { error?: Error } = {}) => {
        broken.break(error?.message ?? event);
      });
    }
    const late = setTimeout(() => {
      broken.break("no answer");
    }, CONNECT_MILLIS);
    try {
      await broken.before(
        new Promise<void>((resolve) => {
          connection.once("connection_open", () => {
            resolve();
          });
        }),
      );
    } catch (error) {
      connection.close();
      throw error;
    } finally {
      clearTimeout(late);
    }
    const before: Before = (promise) => broken.before(promise);
    return {
      perform: async (id, call, deliver) => {
        if (call.call === "send") await send(connection, before, id, call);
        else if (call.call === "receive") await receive(connection, before, call, deliver);
        else throw new Error(`AMQP has no ${call.call}`);
      },
      close: () => {
        connection.close();
        return Promise.resolve();
      },
    };
  };
}

type Before = <T>(promise: Promise<T>) => Promise<T>;

async function send(
  connection: rhea.Connection,
  before: Before,
  id: string,
  { to, bytes, priority }: SendCall,
): Promise<void> {
  for (const [i, place] of to.entries()) {
    const sender = connection.open_sender(place);
    await before(once(sender, ["sendable"]));
    const settled = once(sender, ["accepted"], ["rejected", "released", "sender_error"]);
    // When it cannot be sent nobody waits for its answer.
    settled.catch(() => undefined);
    sender.send({ body: bodyOf(`${id}.${i}`, bytes), durable: true, priority });
    await before(settled);
    await before(closed(sender, "sender_close"));
  }
}

async function receive(
  connection: rhea.Connection,
  before: Before,
  { from, count, end }: ReceiveCall,
  deliver: (delivery: Delivery) => void,
): Promise<void> {
  const got: rhea.Delivery[] = [];
  const receiver = connection.open_receiver({ source: from, credit_window: 0, autoaccept: false, autosettle: false });
  receiver.on("message", ({ message, delivery }: rhea.EventContext) => {
    if (message === undefined || delivery === undefined) return;
    got.push(delivery);
    const { message: name, damaged } = readBody(textOf(message.body));
    const redelivered = (message.delivery_count ?? 0) > 0;
    deliver({ message: name, at: Date.now(), redelivered, ...(damaged && { damaged }) });
  });
  receiver.add_credit(count);
  for (let seen = -1; got.length < count && got.length > seen;) {
    seen = got.length;
    await before(sleep(WAIT_MILLIS));
  }
  if (end === "acknowledge") for (const delivery of got) delivery.accept();
  // Its answer comes after the broker has read what was sent before.
  await before(closed(receiver, "receiver_close"));
}

/** Bytes come as a section of data, or as they are. */
function textOf(body: unknown): string {
  if (typeof body === "string") return body;
  const content = Buffer.isBuffer(body) ? body : (body as { content?: unknown } | undefined)?.content;
  return Buffer.isBuffer(content) ? content.toString("latin1") : "";
}

function closed(link: rhea.Sender | rhea.Receiver, event: string): Promise<void> {
  const answered = once(link, [event]);
  link.close();
  return answered;
}

function once(link: rhea.Sender | rhea.Receiver, good: readonly string[], bad: readonly string[] = []): Promise<void> {
  return new Promise((resolve, reject) => {
    for (const event of good) {
      link.once(event, () => {
        resolve();
      });
    }
    for (const event of bad) {
      link.once(event, () => {
        reject(new Error(event));
      });
    }
  });
}
