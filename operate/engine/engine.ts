/** What `up` and `down` need of an engine, whichever runs the program. */
import type { StateHost } from "./hostsInState";
import type { StateInstance } from "./instancesInState";

/** One step of a run as people follow it. */
export interface Step {
  readonly state: "started" | "done" | "failed";
  readonly operation: "create" | "import" | "update" | "replace" | "delete" | "same";
  /** The resource's; components/resourceNames.ts reads it. */
  readonly urn: string;
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
  /** True for our own, which makes nothing in anybody's account. */
  readonly standIn: boolean;
  /** @param options `refresh`: what has gone by other hands is found out first, and made again */
  up(events: RunEvents, options?: { readonly refresh?: boolean }): Promise<RunResult>;
  /** @param options `keepProtected`: what is protected stays, with all that it takes, and is no failure */
  destroy(events: RunEvents, options?: { readonly keepProtected?: boolean }): Promise<RunResult>;
  /** Names of resources of a type that a destroy would delete, because the last run has not protected them. */
  unprotected(type: string): Promise<readonly string[]>;
  /** Whether nothing is left of a stack. */
  isEmpty(): Promise<boolean>;
  /** Forgets a destroyed stack. */
  remove(): Promise<void>;
  /** The hosts that have anything in the state; none when there is no state. */
  hosts(): Promise<readonly StateHost[]>;
  /** The machines of target aws that are in the state, as they were when the engine last looked. */
  instances(): Promise<readonly StateInstance[]>;
  /** Takes everything on a host out of the state, and runs nothing. @returns the names of what went */
  forget(host: string): Promise<readonly string[]>;
  /** What the last change was made from; see core/change/record.ts. Undefined when there is no such stack. */
  record(): Promise<string | undefined>;
  /** Outputs of the last successful run; empty when there was none. Secrets in clear: print none. */
  outputs(): Promise<Readonly<Record<string, StackOutput>>>;
}
