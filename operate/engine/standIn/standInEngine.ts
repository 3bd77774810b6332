/**
 * The stand-in engine: runs the real program where the `pulumi` CLI cannot be installed, to try and to test it.
 *
 * Each run is a process of its own (`engineHost.ts`), because Pulumi's mocks are global to a process. This file starts
 * it, relays its events, and passes an interrupt on.
 */
import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { readable } from "./registration";
import { takeLock } from "./lock";
import { type ResourceState, StackState, stateFile } from "./state";
import type { Output } from "./values";

export type Operation = "create" | "import" | "update" | "replace" | "delete" | "same";

interface Subject {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
}

/** A preview emits `finished` only. Lines that a command prints carry the command's name in `resource`. */
export type EngineEvent =
  | ({ readonly kind: "started"; readonly op: Exclude<Operation, "same"> } & Subject)
  | ({ readonly kind: "finished"; readonly op: Operation; readonly seconds: number } & Subject)
  | ({ readonly kind: "failed"; readonly op: Operation; readonly message: string } & Subject)
  | {
      readonly kind: "log";
      readonly severity: "info" | "warn" | "error";
      readonly message: string;
      readonly resource?: string;
    };

export interface EngineOptions {
  /** Where Pulumi.yaml is. */
  readonly projectDir: string;
  readonly stack: string;
  /** Where the state files are; made when missing, for its owner only. */
  readonly stateDir: string;
  /** What the secrets in the state file are encrypted with. */
  readonly passphrase: string;
  /** With destroy: what is protected stays, with what it depends on, and is no failure. Default: it is one. */
  readonly keepProtected?: boolean;
  /** Called in real time. */
  readonly onEvent?: (event: EngineEvent) => void;
}

export interface EngineResult {
  /** Everything is as the program wants it. */
  readonly ok: boolean;
  /** The stack's outputs as recorded; empty for a preview. */
  readonly outputs: Record<string, Output>;
  /** How many resources; components and the stack itself count too. */
  readonly changes: Record<Operation, number>;
  /** What failed, in order of time; a fault of the program has the stack's type, `pulumi:pulumi:Stack`. */
  readonly failures: { name: string; type: string; message: string }[];
  readonly interrupted: boolean;
}

export type Action = "up" | "preview" | "destroy";

/** What the host process is told, and what it answers. */
export interface HostRequest {
  readonly action: Action;
  readonly options: Omit<EngineOptions, "onEvent">;
}
export type HostMessage = { event: EngineEvent } | { result: EngineResult } | { error: string };

/** Brings the stack to what the program wants. Interrupted by SIGINT and SIGTERM of this process.
 * @throws Error when nothing could be begun: faulty project or stack file, wrong passphrase, another run at work */
export function up(options: EngineOptions): Promise<EngineResult> {
  return run("up", options);
}

/** Counts what {@link up} would do; nothing is run or written.
 * @throws Error as `up` */
export function preview(options: EngineOptions): Promise<EngineResult> {
  return run("preview", options);
}

/** Deletes everything in the stack, in reverse order, without running the program.
 * @throws Error as `up` */
export function destroy(options: EngineOptions): Promise<EngineResult> {
  return run("destroy", options);
}

/** The stack's recorded outputs, secrets decrypted; `{}` when there is no state.
 * @throws Error on a wrong passphrase */
export function readOutputs(options: EngineOptions): Promise<Record<string, Output>> {
  return Promise.resolve().then(() => {
    const state = StackState.read(stateFile(options.stateDir, options.stack), undefined, options.passphrase);
    return readable(state?.outputs ?? {});
  });
}

/** The stack's resources as recorded, secrets in clear; none when there is no state.
 * @throws Error on a wrong passphrase */
export function readResources({ stateDir, stack, passphrase }: EngineOptions): readonly ResourceState[] {
  return StackState.read(stateFile(stateDir, stack), undefined, passphrase)?.resources ?? [];
}

/** Edits what is recorded; nothing is run.
 * @throws Error on a wrong passphrase, or when another run is at work */
export function rewriteResources(
  { stateDir, stack, passphrase }: EngineOptions,
  rewrite: (resources: readonly ResourceState[]) => readonly ResourceState[],
): void {
  const file = stateFile(stateDir, stack);
  const release = takeLock(`${file}.lock`);
  try {
    const state = StackState.read(file, undefined, passphrase);
    if (state === undefined) return;
    state.resources = rewrite(state.resources);
    state.save();
  } finally {
    release();
  }
}

/** Whether the stack was ever brought up (a destroyed stack still exists, empty). */
export function stackExists(options: EngineOptions): boolean {
  return existsSync(stateFile(options.stateDir, options.stack));
}

async function run(action: Action, { onEvent, ...options }: EngineOptions): Promise<EngineResult> {
  const emit = onEvent ?? (() => undefined);
  const host = fork(path.join(__dirname, "engineHost.ts"), [], {
    execArgv: ["--require", path.join(__dirname, "..", "..", "typescript.js")],
    // A ^C in the terminal reaches only this process, which passes it on: once.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const interrupt = () => {
    if (host.connected) host.send("interrupt");
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await answerOf(host, { action, options }, emit);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

function answerOf(host: ChildProcess, request: HostRequest, emit: (event: EngineEvent) => void): Promise<EngineResult> {
  relayLines(host.stdout, "info", emit);
  relayLines(host.stderr, "warn", emit);
  return new Promise((resolve, reject) => {
    let answer: Exclude<HostMessage, { event: EngineEvent }> | undefined;
    host.on("message", (message: HostMessage) => {
      if ("event" in message) emit(message.event);
      else answer = message;
    });
    host.on("error", reject);
    // "close": the last lines of the program have arrived.
    host.on("close", (code, signal) => {
      if (!answer) reject(new Error(`the engine's process ended without a result (${signal ?? `exit code ${code}`})`));
      else if ("result" in answer) resolve(answer.result);
      else reject(new Error(answer.error));
    });
    host.send(request);
  });
}

/** What the program prints. */
function relayLines(stream: Readable | null, severity: "info" | "warn", emit: (event: EngineEvent) => void): void {
  if (!stream) return;
  createInterface(stream).on("line", (message) => {
    emit({ kind: "log", severity, message });
  });
}
