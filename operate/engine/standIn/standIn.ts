/** The stand-in engine (operate/engine/standIn/standInEngine.ts) behind the common face. */
import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { SWITCH, ec2Account, labDirectory, playsEc2 } from "./ec2Switch";
import type * as lab from "./standInEngine";
import { recordIn } from "../recordInState";
import type { Engine, RunEvents, RunResult } from "../engine";
import { nameOf } from "../../../components/resourceNames";
import { hostsIn, unprotectedIn, withoutHost } from "../hostsInState";
import { instancesIn } from "../instancesInState";
import { passphrase, removeStateHomeIfUnused, stateHome } from "../state";

/** Loaded when something runs: it loads Pulumi, which takes longer than most questions about a stack. */
const engine = () => createRequire(__filename)("./standInEngine") as typeof lab;

/** @param projectDir the folder of Pulumi.yaml */
export function standIn(projectDir: string, stack: string): Engine {
  const stateDir = join(projectDir, ".amq", "state", "stand-in");
  const options = (events?: RunEvents): lab.EngineOptions => {
    const home = stateHome(projectDir);
    return {
      projectDir,
      stack,
      stateDir,
      passphrase: passphrase(home),
      ...(events && { onEvent: relay(events) }),
    };
  };
  const exists = () => existsSync(join(stateDir, `${stack}.json`));
  return {
    standIn: true,
    description: playsEc2()
      ? `stand-in engine, EC2 played by a lab on this machine (${SWITCH}), state in ${stateDir}`
      : `stand-in engine (no pulumi on PATH), state in ${stateDir}`,
    // It looks for what has gone in every run.
    up: async (events) => result(await engine().up(options(events))),
    destroy: async (events, { keepProtected = false } = {}) =>
      result(await engine().destroy({ ...options(events), keepProtected })),
    unprotected: (type) =>
      Promise.resolve().then(() => (exists() ? unprotectedIn(engine().readResources(options()), type) : [])),
    isEmpty: () => Promise.resolve().then(() => !exists() || engine().readResources(options()).length === 0),
    // Nothing is made for a question.
    outputs: () => (exists() ? engine().readOutputs(options()) : Promise.resolve({})),
    record: () =>
      exists() ? Promise.resolve().then(() => recordIn(engine().readResources(options()))) : Promise.resolve(undefined),
    hosts: () =>
      exists() ? Promise.resolve().then(() => hostsIn(engine().readResources(options()))) : Promise.resolve([]),
    instances: () =>
      Promise.resolve().then(() => {
        const found = exists() ? instancesIn(engine().readResources(options())) : [];
        // As after a refresh, which this engine has not: the lab's account is at hand.
        if (!playsEc2()) return found.map((one) => ({ ...one, state: "terminated" }));
        const { Account, accountFile, textOf } = ec2Account();
        const account = Account.read(accountFile(labDirectory(projectDir)));
        return found.map((one) => {
          const there = account?.find("Instance", one.id);
          return { ...one, state: there === undefined ? "terminated" : textOf(there, "instanceState") };
        });
      }),
    forget: (host) =>
      Promise.resolve().then(() => {
        let removed: readonly string[] = [];
        engine().rewriteResources(options(), (resources) => {
          const without = withoutHost(resources, host);
          removed = [...without.removed].map(nameOf);
          return without.kept;
        });
        return removed;
      }),
    remove: () => {
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
        events.step({ state: "started", operation: event.op, urn: event.urn });
        break;
      case "finished":
        events.step({ state: "done", operation: event.op, urn: event.urn });
        break;
      case "failed":
        events.step({ state: "failed", operation: event.op, urn: event.urn });
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
  const failures = run.interrupted
    ? [...run.failures, { name: "interrupted", message: "stopped on request; run up again to finish" }]
    : run.failures;
  return {
    ok: run.ok,
    changed: Object.values(run.changes).reduce((sum, n) => sum + n, 0) - run.changes.same,
    failures,
  };
}
