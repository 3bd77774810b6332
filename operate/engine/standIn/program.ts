/** Runs the project's program against a deployment, in this process. */
import { createRequire } from "node:module";
import * as path from "node:path";
import type * as Pulumi from "@pulumi/pulumi";
import type { EngineEvent } from "./standInEngine";
import type { Deployment } from "./deployment";
import { loadSeldomUsedLate, traceNoPromises } from "./lightPulumi";
import { connect } from "./monitor";
import type { Project } from "./project";
import type { WireMap } from "./values";

export interface ProgramOptions {
  readonly project: Project;
  readonly stack: string;
  readonly preview: boolean;
  readonly emit: (event: EngineEvent) => void;
  /** The outputs of another stack. */
  readonly outputsOf: (stackName: string) => WireMap;
}

/** Returns when the program and what it asked for has ended, or the deployment has halted. */
export async function runProgram(options: ProgramOptions, deployment: Deployment): Promise<void> {
  const { project, stack, preview, emit } = options;
  loadSeldomUsedLate();
  // The program's own copy: another one would know nothing of the mocks.
  const load = createRequire(path.join(project.folder, "program.js"));
  const pulumi = load("@pulumi/pulumi") as typeof Pulumi;
  traceNoPromises(load);

  const seen = new Set<unknown>();
  const blame = (error: unknown) => {
    // One rejection can arrive by several promises.
    if (!seen.has(error)) deployment.blame(describe(error));
    seen.add(error);
  };
  process.on("uncaughtException", blame).on("unhandledRejection", blame);
  // Nothing is left to wait for, and yet the program has not ended.
  process.once("beforeExit", () => {
    deployment.blame("the program waits for a value that never comes");
  });

  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: undefined, state: {} }), call: () => ({}) },
    project.name,
    stack,
    preview,
    "organization",
  );
  connect(pulumi.runtime.getMonitor() as object, deployment, { ...options, project: project.name });
  pulumi.runtime.setAllConfig(project.config);
  relayLog(pulumi, emit);

  const program = pulumi.runtime
    .runInPulumiStack(async () => {
      const exported = load(project.main) as unknown;
      return (await (typeof exported === "function" ? (exported as () => unknown)() : exported)) as object;
    })
    .then(() => pulumi.runtime.disconnect())
    .catch(blame);
  await Promise.race([program, deployment.halted]);
}

/** `pulumi.log` without an engine prints to the console; here it makes events. An error logged fails nothing. */
function relayLog(pulumi: typeof Pulumi, emit: (event: EngineEvent) => void): void {
  const log = (severity: "info" | "warn" | "error") => (message: string) => {
    emit({ kind: "log", severity, message });
    return Promise.resolve();
  };
  Object.assign(pulumi.log, { info: log("info"), warn: log("warn"), error: log("error") });
}

/** A fault the user made is told without a stack trace; any other one is a fault of the program. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const expected = error.name === "ConfigError" || "__pulumiRunError" in error;
  return expected ? error.message : (error.stack ?? error.message);
}
