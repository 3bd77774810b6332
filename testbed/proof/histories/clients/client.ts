/** What the runner needs of a client, whatever it speaks. */
import type { Call, Delivery, Result } from "../history";

export interface Ended {
  readonly result: Result;
  readonly at: number;
  readonly error?: string;
  readonly browsed?: readonly string[];
}

export interface HistoryClient {
  /**
   * Does one operation; one after the other. It waits over failovers, as long as it takes.
   * @param deliver is told each message as it comes
   */
  perform(id: string, call: Call, deliver: (delivery: Delivery) => void): Promise<Ended>;
  /** Leaves the broker. */
  close(): Promise<void>;
}

/** How long a consumer waits for a next message before it has got all there is. */
export const WAIT_MILLIS = 1000;

/** A body that tells which message it is of, in every protocol. The Java client has the same. */
export function bodyOf(message: string, bytes: number): string {
  const head = `${message}|${bytes}|`;
  return head + "x".repeat(Math.max(0, bytes - head.length));
}

/** A message's name begins with its client's, which begins with its protocol: before it may be a byte that is a letter. */
const BODY = /((?:openwire|stomp|amqp|mqtt)\d+:\d+\.\d+)\|(\d+)\|x*/;

/**
 * What a body says; what came by AMQP may be bytes with its text among them.
 * @returns the message, and whether the body is as it was sent
 */
export function readBody(body: string): { message: string; damaged: boolean } {
  const [text, message = "", bytes = ""] = BODY.exec(body) ?? [];
  return { message, damaged: text !== bodyOf(message, Number(bytes)) };
}
