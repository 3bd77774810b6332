/** How long `amq status` takes with thousands of queues, against a handful: the difference is what queues cost whoever looks. */
import { Client, StompHeaders } from "@stomp/stompjs";
import { TCPWrapper } from "@stomp/tcp-wrapper";
import { accountsOf } from "../../operate/drill/accounts";
import type { Account } from "../../operate/drill/client";
import { type BenchContext, benchGroup, benchStack, timed } from "./context";
import { type Row, median, spread } from "./row";

const STACK = "status";
const STOMP_PORT = 27616;
const FEW = 5;
const MANY = 5000;
const MOST_MORE_SECONDS = 2;

export async function benchStatus(context: BenchContext): Promise<Row[]> {
  const copy = context.copy();
  const { ports, ...group } = benchGroup("a", 0, 1);
  const groups = [{ ...group, ports: { ...ports, stomp: STOMP_PORT } }];
  const plan = benchStack(copy, STACK, { store: "kahaDB", transports: { stomp: true }, topology: "none", groups });
  await timed(context, "up", STACK);
  const { account } = await accountsOf(copy.directory, plan);
  const look = async (queues: number) => {
    const times: number[] = [];
    for (let round = 1; round <= context.rounds; round++) times.push((await timed(context, "status", STACK)).seconds);
    context.say(`${queues} queues: ${times.map((seconds) => seconds.toFixed(2)).join(" ")} s`);
    return times;
  };
  await fill(account, 0, FEW);
  const few = await look(FEW);
  await fill(account, FEW, MANY);
  const many = await look(MANY);
  await timed(context, "down", STACK);
  return [
    {
      what: `amq status, ${MANY} queues`,
      value: median(many),
      detail: spread(many, "s"),
      unit: "s",
      against: `${FEW} queues`,
      base: median(few),
      aim: { most: median(few) + MOST_MORE_SECONDS, words: `at most ${MOST_MORE_SECONDS} s more` },
    },
  ];
}

/** As the library's types want them. */
const headersOf = (values: Readonly<Record<string, string>>): StompHeaders => Object.assign(new StompHeaders(), values);

/** A message for each queue of a range of numbers; ends when the broker has them all. */
async function fill({ user, password }: Account, from: number, to: number): Promise<void> {
  const client = new Client();
  client.webSocketFactory = () => new TCPWrapper("127.0.0.1", STOMP_PORT);
  client.connectHeaders = headersOf({ login: user, passcode: password });
  client.reconnectDelay = 0;
  let left = to - from;
  try {
    await new Promise<void>((resolve, reject) => {
      client.onStompError = ({ headers }) => {
        reject(new Error(headers["message"] ?? "ERROR"));
      };
      client.onWebSocketClose = () => {
        reject(new Error("the broker closed the connection"));
      };
      client.onConnect = () => {
        for (let n = from; n < to; n++) {
          const receipt = `sent-${n}`;
          client.watchForReceipt(receipt, () => {
            if (--left === 0) resolve();
          });
          client.publish({
            destination: `/queue/bench.${n}`,
            body: "x",
            headers: headersOf({ persistent: "true", receipt }),
          });
        }
      };
      client.activate();
    });
  } finally {
    await client.deactivate({ force: true });
  }
}
