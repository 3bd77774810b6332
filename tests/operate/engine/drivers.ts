/** The engines under contract: the stand-in, and the real `pulumi` where it is on the PATH. */
import { spawn, spawnSync } from "node:child_process";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { LocalWorkspace, type EngineEvent as PulumiEvent, type Stack } from "@pulumi/pulumi/automation";
import {
  type Action,
  type EngineEvent,
  type EngineOptions,
  type EngineResult,
  type Operation,
  destroy,
  preview,
  up,
} from "../../../operate/engine/standIn/standInEngine";
import type { Output } from "../../../operate/engine/standIn/values";

export interface Outcome {
  readonly ok: boolean;
  /** Names of the resources that failed. */
  readonly failed: readonly string[];
  /** Everything that was said, as one text. */
  readonly said: string;
  readonly changes: Partial<Record<Operation, number>>;
  readonly outputs: Record<string, Output>;
}

export interface Driver {
  readonly name: string;
  /** Runs an action; `until` interrupts it as soon as it resolves. */
  run(action: Action, options: EngineOptions, until?: Promise<void>): Promise<Outcome>;
}

export const standIn = {
  name: "stand-in",
  /** In a process of its own, so that it can be sent a signal: starts `runner.ts`, which does one action and prints its events and its result as JSON lines. */
  spawn(action: Action, options: EngineOptions) {
    const runner = path.join(__dirname, "runner.ts");
    const compiler = path.join(__dirname, "..", "..", "..", "operate", "typescript.js");
    const args = ["--require", compiler, runner, action, JSON.stringify(options)];
    return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  },
  async run(action: Action, options: EngineOptions, until?: Promise<void>): Promise<Outcome> {
    const events: EngineEvent[] = [];
    let answer: EngineResult | string = "no answer";
    // Without an interrupt it needs none: each run of the engine is one, and to start another takes as long.
    if (until === undefined) {
      const onEvent = (event: EngineEvent) => events.push(event);
      answer = await ACTIONS[action]({ ...options, onEvent }).catch(String);
      return outcomeOf(answer, events);
    }
    const runner = this.spawn(action, options);
    createInterface({ input: runner.stdout }).on("line", (line) => {
      const message = JSON.parse(line) as { event?: EngineEvent; result?: EngineResult; error?: string };
      if (message.event) events.push(message.event);
      else answer = message.result ?? message.error ?? answer;
    });
    void until.then(() => runner.kill("SIGINT"));
    await new Promise((resolve) => runner.on("close", resolve));
    return outcomeOf(answer, events);
  },
};

const ACTIONS = { up, preview, destroy };

function outcomeOf(answer: EngineResult | string, events: readonly EngineEvent[]): Outcome {
  const said = events.flatMap((event) => ("message" in event ? [event.message] : [])).join("\n");
  if (typeof answer === "string") return { ok: false, failed: [], said: answer, changes: {}, outputs: {} };
  return { ...answer, failed: answer.failures.map((failure) => failure.name), said };
}

const pulumi: Driver = {
  name: "pulumi",
  async run(action, { projectDir, stack, stateDir, passphrase, keepProtected }, until) {
    const said: string[] = [];
    const failed: string[] = [];
    let changes: Outcome["changes"] = {};
    const onEvent = (event: PulumiEvent) => {
      if (event.diagnosticEvent?.ephemeral !== true) said.push(event.diagnosticEvent?.message ?? "");
      if (event.resOpFailedEvent) failed.push(event.resOpFailedEvent.metadata.urn.split("::").at(-1) ?? "");
      if (event.summaryEvent) changes = { ...event.summaryEvent.resourceChanges };
    };
    const interrupt = new AbortController();
    void until?.then(() => {
      interrupt.abort();
    });
    const settings = { onEvent, signal: interrupt.signal };
    let opened: Stack | undefined;
    let ok = true;
    try {
      opened = await LocalWorkspace.createOrSelectStack(
        { stackName: stack, workDir: projectDir },
        { envVars: { PULUMI_BACKEND_URL: `file://${stateDir}`, PULUMI_CONFIG_PASSPHRASE: passphrase } },
      );
      if (action === "destroy") await opened.destroy({ ...settings, excludeProtected: keepProtected === true });
      else await opened[action](settings);
    } catch (error) {
      ok = false;
      said.push(String(error));
    }
    const outputs = await opened?.outputs();
    return { ok, failed, said: said.join("\n"), changes, outputs: outputs ?? {} };
  },
};

const found = spawnSync("pulumi", ["version"], { encoding: "utf8" });

/** What `amq` takes here: the real one where it is on the PATH. */
export const engineHere: Driver = found.status === 0 ? pulumi : standIn;

export const drivers: readonly Driver[] = found.status === 0 ? [standIn, pulumi] : [standIn];
