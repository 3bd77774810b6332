/** One client of each protocol's own ecosystem, over TCP and inside WebSockets: rhea (AMQP 1.0), stompjs (STOMP), MQTT.js (MQTT). */
import { Client as StompClient } from "@stomp/stompjs";
import { TCPWrapper } from "@stomp/tcp-wrapper";
import { connect as connectMqtt, connectAsync as connectMqttAsync } from "mqtt";
import rhea from "rhea";
import { WebSocket } from "ws";
import { OPTIONAL_TRANSPORTS, type Protocol, TRANSPORTS } from "../../core/products/transports";
import type { Account } from "../../operate/drill/client";
import { limit } from "../../testbed/harness/patience";

/** Seconds until a broker that says nothing is given up. */
const LIMIT_SECONDS = 20;
const RECONNECT_MILLIS = 200;

/**
 * Sends a text to a destination, takes it from there again, and leaves.
 * @returns the text that came
 * @throws Error when nobody listens there, the log-in is refused, or nothing comes
 */
export type RoundTrip = (broker: URL, account: Account, destination: string, text: string) => Promise<string>;

type Settle = (error?: Error, text?: string) => void;

/** Runs a client until it settles, then ends it. */
async function trip(start: (settle: Settle) => () => unknown): Promise<string> {
  let end: () => unknown = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`nothing came in ${LIMIT_SECONDS} s`));
      }, limit(LIMIT_SECONDS));
      end = start((error, text) => {
        if (error === undefined) resolve(text ?? "");
        else reject(error);
      });
    });
  } finally {
    clearTimeout(timer);
    await end();
  }
}

const asError = (cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause)));

const amqp: RoundTrip = ({ hostname, port, protocol, href }, { user, password }, destination, text) =>
  trip((settle) => {
    const container = rhea.create_container();
    container.on("message", ({ message }: rhea.EventContext) => {
      settle(undefined, String(message?.body));
    });
    container.on("sendable", ({ sender }: rhea.EventContext) => {
      sender?.send({ body: text });
      sender?.close();
    });
    for (const event of ["disconnected", "connection_error", "error"]) {
      container.on(event, ({ error, connection }: rhea.EventContext) => {
        settle(asError(error ?? connection.error ?? event));
      });
    }
    const options = { host: hostname, port: Number(port), username: user, password, reconnect: false } as const;
    const connection = container.connect(
      protocol === "ws:"
        ? // Its types know this property without what its documentation ("WebSocket support") makes of it.
          ({
            ...options,
            connection_details: container.websocket_connect(WebSocket)(href, ["amqp"], {}),
          } as unknown as rhea.ConnectionOptions)
        : options,
    );
    connection.open_receiver(destination);
    connection.open_sender(destination);
    return () => {
      connection.close();
    };
  });

const stomp: RoundTrip = ({ hostname, port, protocol, href }, { user, password }, destination, text) =>
  trip((settle) => {
    const client = new StompClient();
    client.webSocketFactory = () =>
      protocol === "ws:" ? new WebSocket(href, ["v12.stomp", "v11.stomp"]) : new TCPWrapper(hostname, Number(port));
    client.connectHeaders["login"] = user;
    client.connectHeaders["passcode"] = password;
    client.reconnectDelay = 0;
    client.onConnect = () => {
      client.subscribe(`/queue/${destination}`, ({ body }) => {
        settle(undefined, body);
      });
      client.publish({ destination: `/queue/${destination}`, body: text });
    };
    client.onStompError = ({ headers }) => {
      settle(new Error(headers["message"]));
    };
    client.onWebSocketClose = () => {
      settle(new Error("closed"));
    };
    client.activate();
    return () => client.deactivate();
  });

const mqtt: RoundTrip = ({ href }, { user, password }, destination, text) =>
  trip((settle) => {
    const client = connectMqtt(href, { username: user, password, reconnectPeriod: 0 });
    client.on("error", settle);
    client.on("close", () => {
      settle(new Error("closed"));
    });
    client.on("message", (_topic, payload) => {
      settle(undefined, payload.toString());
    });
    client.on("connect", () => {
      client.subscribe(destination, { qos: 1 }, () => client.publish(destination, text, { qos: 1 }));
    });
    return () => client.endAsync(true);
  });

/** Has a broker keep a text for those who subscribe to an MQTT topic later. */
export async function retain({ href }: URL, { user, password }: Account, topic: string, text: string): Promise<void> {
  const client = await connectMqttAsync(href, { username: user, password });
  await client.publishAsync(topic, text, { qos: 1, retain: true });
  await client.endAsync();
}

/** @returns what comes at once to who subscribes to an MQTT topic, from a broker that may be about to come back */
export function retained({ href }: URL, { user, password }: Account, topic: string): Promise<string> {
  return trip((settle) => {
    const client = connectMqtt(href, { username: user, password, reconnectPeriod: RECONNECT_MILLIS });
    client.on("message", (_topic, payload, { retain: isRetained }) => {
      settle(undefined, isRetained ? payload.toString() : "a message that was not retained");
    });
    client.on("connect", () => {
      client.subscribe(topic, { qos: 1 });
    });
    return () => client.endAsync(true);
  });
}

/** What each client's ecosystem calls its protocol, and the client. OpenWire has examples/. */
const CLIENTS = {
  amqp: { protocol: "AMQP", roundTrip: amqp },
  stomp: { protocol: "STOMP", roundTrip: stomp },
  mqtt: { protocol: "MQTT", roundTrip: mqtt },
} as const satisfies Readonly<Record<Exclude<Protocol, "openwire">, object>>;

/** Each transport that a stack file turns on, and for each what may be spoken through it. */
export const ROUND_TRIPS = OPTIONAL_TRANSPORTS.flatMap((transport) =>
  TRANSPORTS[transport].protocols.flatMap((spoken) => {
    if (spoken === "openwire") return [];
    const { protocol, roundTrip } = CLIENTS[spoken];
    return [[transport, protocol, roundTrip] as const];
  }),
);
