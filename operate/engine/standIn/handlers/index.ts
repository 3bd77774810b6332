/** The resource types the stand-in engine can work on. */
import { randomUUID } from "node:crypto";
import { SWITCH } from "../ec2Switch";
import type { WireMap } from "../values";
import { copyToRemote } from "./copyToRemote";
import type { Handler } from "./handler";
import { localCommand } from "./localCommand";
import { randomPassword } from "./randomPassword";
import { remoteCommand } from "./remoteCommand";
import { tlsPrivateKey } from "./tlsPrivateKey";

const handlers = new Map<string, Handler>([
  ["command:local:Command", localCommand],
  ["command:remote:Command", remoteCommand],
  ["command:remote:CopyToRemote", copyToRemote],
  ["random:index/randomPassword:RandomPassword", randomPassword],
  ["tls:index/privateKey:PrivateKey", tlsPrivateKey],
]);

/** Adds types that only some runs can work on. */
export function addHandlers(more: ReadonlyMap<string, Handler>): void {
  for (const [type, handler] of more) handlers.set(type, handler);
}

/** Functions that only some runs can call: what a program asks of a provider. */
const functions = new Map<string, (args: WireMap) => WireMap>();

export function addFunctions(more: ReadonlyMap<string, (args: WireMap) => WireMap>): void {
  for (const [token, answer] of more) functions.set(token, answer);
}

/** @throws Error for a function that nobody answers */
export function functionOf(token: string): (args: WireMap) => WireMap {
  const found = functions.get(token);
  if (found === undefined) throw new Error(`the stand-in engine cannot call the function ${token}`);
  return found;
}

/** Components and providers: recorded, nothing is done. */
const passThrough: Handler = {
  replaces: () => false,
  create: () => Promise.resolve({ id: randomUUID(), outputs: {} }),
  update: (_inputs, outputs) => Promise.resolve(outputs),
  delete: () => Promise.resolve(),
};

/** @throws Error for a type without a handler, naming those that have one */
export function handlerOf(type: string, custom: boolean): Handler {
  if (!custom || type.startsWith("pulumi:providers:")) return passThrough;
  const handler = handlers.get(type);
  if (handler) return handler;
  const lab = type.startsWith("aws:")
    ? `. A lab on this machine plays EC2 where ${SWITCH}=ec2 is in the environment`
    : "";
  throw new Error(
    `the stand-in engine cannot work on resources of type ${type}; it knows ${[...handlers.keys()].join(", ")}${lab}`,
  );
}
