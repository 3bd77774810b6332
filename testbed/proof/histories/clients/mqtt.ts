/** MQTT with quality 1, by MQTT.js. It publishes; topics are all that it knows. */
import { connect } from "mqtt";
import type { Account } from "../../../../operate/drill/client";
import { bodyOf } from "./client";
import { Broken, CONNECT_MILLIS, type Connect } from "./inTurn";

const KEEP_ALIVE_SECONDS = 5;

/** A topic's name with the protocol's separator. */
const named = (place: string) => place.replace("topic://", "").replaceAll(".", "/");

/** Connects with an account. */
export function mqtt({ user, password }: Account): Connect {
  return async (address) => {
    const options = { username: user, password, reconnectPeriod: 0, keepalive: KEEP_ALIVE_SECONDS };
    const client = connect(address.href, { ...options, connectTimeout: CONNECT_MILLIS });
    const broken = new Broken();
    client.on("error", ({ message }) => {
      broken.break(message);
    });
    client.on("close", () => {
      broken.break("closed");
    });
    const connected = new Promise<void>((resolve) => {
      client.once("connect", () => {
        resolve();
      });
    });
    try {
      await broken.before(connected);
    } catch (error) {
      client.end(true);
      throw error;
    }
    return {
      perform: async (id, call) => {
        if (call.call !== "send" || call.end !== "single") throw new Error(`MQTT has no ${call.call}`);
        for (const [i, place] of call.to.entries()) {
          const published = client.publishAsync(named(place), bodyOf(`${id}.${i}`, call.bytes), { qos: 1 });
          // A broken connection rejects it, too.
          published.catch(() => undefined);
          await broken.before(published);
        }
      },
      close: () => {
        client.end(true);
        return Promise.resolve();
      },
    };
  };
}
