/** The stand-in engine (lab/engine.ts) behind the common face. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as lab from "../../lab/engine";
import type { Engine, RunEvents, RunResult } from "./engine";
import { passphrase, removeStateHomeIfUnused, stateHome } from "./state";

/** @param projectDir the folder of Pulumi.yaml */
export function standIn(projectDir: string, stack: string): Engine {
  const options = (events?: RunEvents): lab.EngineOptions => {
    const home = stateHome(projectDir);
    return {
      projectDir,
      stack,
      stateDir: join(home.directory, "stand-in"),
      passphrase: passphrase(home),
      ...(events && { onEvent: relay(events) }),
    };
  };
  return {
    description: `stand-in engine (no pulumi on PATH), state in ${join(projectDir, ".amq", "state", "stand-in")}`,
    up: async (events) => result(await lab.up(options(events))),
    destroy: async (events) => result(await lab.destroy(options(events))),
    outputs: () => lab.readOutputs(options()),
    remove: () => {
      const { stateDir } = options();
      rmSync(join(stateDir, `${stack}.json`), { force: true });
      removeStateHomeIfUnused(projectDir, stateDir);
      return Promise.resolve();
    },
  };
}

function relay(events: RunEvents): (event: lab.EngineEvent) => void {
  return (event) => {
    switch (event.kind) {
      case "started":
        events.step({ state: "started", operation: event.op, name: event.name });
        break;
      case "finished":
        events.step({ state: "done", operation: event.op, name: event.name });
        break;
      case "failed":
        events.step({ state: "failed", operation: event.op, name: event.name });
        break;
      case "log":
        // What commands print is theirs; failures carry it, and the program's own warnings are printed by `up`.
        if (event.severity === "error") events.warning(event.message);
        break;
      default:
        event satisfies never;
    }
  };
}

function result(run: lab.EngineResult): RunResult {
  const { create, update, replace, delete: deleted } = run.changes;
  const failures = run.interrupted
    ? [...run.failures, { name: "interrupted", message: "stopped on request; run up again to finish" }]
    : run.failures;
  return { ok: run.ok, changed: create + update + replace + deleted, failures };
}
