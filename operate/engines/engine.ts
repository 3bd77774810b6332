/** What `up` and `down` need of an engine, whichever runs the program. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pulumiCli } from "./pulumiCli";
import { standIn } from "./standIn";

/** One step of a run as people follow it. */
export interface Step {
  readonly state: "started" | "done" | "failed";
  readonly operation: "create" | "update" | "replace" | "delete" | "same";
  /** The resource's name. */
  readonly name: string;
}

export interface RunEvents {
  readonly step: (step: Step) => void;
  readonly warning: (message: string) => void;
}

export interface RunResult {
  readonly ok: boolean;
  /** Resources that were created, updated, replaced or deleted. */
  readonly changed: number;
  readonly failures: readonly { readonly name: string; readonly message: string }[];
}

/** Every failure of a run and what to know about it, as one error for the user. */
export function runFailure(result: RunResult, then: string): Error {
  return new Error([...result.failures.map(({ name, message }) => `${name}: ${message.trim()}`), then].join("\n\n"));
}

export interface StackOutput {
  readonly value: unknown;
  readonly secret: boolean;
}

export interface Engine {
  /** As told to the user. */
  readonly description: string;
  up(events: RunEvents): Promise<RunResult>;
  destroy(events: RunEvents): Promise<RunResult>;
  /** Forgets a destroyed stack. */
  remove(): Promise<void>;
  /** Outputs of the last successful run; empty when there was none. Secrets in clear: print none. */
  outputs(): Promise<Readonly<Record<string, StackOutput>>>;
}

/** The engine for a stack: the real CLI when it is on PATH, else the stand-in. */
export function engineFor(projectDir: string, stack: string): Engine {
  return pulumiOnPath() ? pulumiCli(projectDir, stack) : standIn(projectDir, stack);
}

function pulumiOnPath(): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, "pulumi")));
}
