/** What every part of the benchmark works with. */
import { join } from "node:path";
import { runtimesOf } from "../../core/render/runtimes";
import type { ProjectCopy } from "../harness/projectCopy";
import { loadPlan } from "../../operate/project";
import { resolveRuntime } from "../../core/host/runtimes";
import type { ClusterPlan } from "../../core/plan/model";

export interface BenchContext {
  /** Where stacks run; made when it is first asked for. */
  readonly copy: () => ProjectCopy;
  /** How often what takes seconds is repeated. */
  readonly rounds: number;
  /** Tells what is being done, and each figure as it is measured. */
  readonly say: (text: string) => void;
  /** Aborted when the benchmark is interrupted. */
  readonly signal: AbortSignal;
}

const PORTS = { openwire: 24616, replication: 25616, metrics: 28404 };

/** Of the PostgreSQL server of store jdbc. */
export const DATABASE_PORT = 21432;

/**
 * A group on ports that neither a stack of the user nor the tests have; `first` counts the brokers before it.
 * @param replicated whether slaves hold copies, which takes a port
 */
export function benchGroup(name: string, first: number, brokers: 1 | 3, replicated = brokers > 1) {
  const { replication, ...others } = PORTS;
  const ports = { ...others, ...(replicated && { replication }) };
  return {
    name,
    brokers,
    ports: Object.fromEntries(Object.entries(ports).map(([purpose, port]) => [purpose, port + first])),
  };
}

const ENSEMBLE_PORTS = { client: 21181, peer: 21288, election: 21388 };

/**
 * Writes a stack of the benchmark into the copy, and plans it.
 * @param keys of the stack file, on top of the target and ports for ZooKeeper
 */
export function benchStack(
  copy: ProjectCopy,
  stack: string,
  { zookeeper, ...keys }: { readonly zookeeper?: object } & Readonly<Record<string, unknown>>,
): ClusterPlan {
  copy.writeStack(stack, {
    target: "local",
    zookeeper: { ...zookeeper, ports: ENSEMBLE_PORTS },
    // Absolute, so that the hosts are the copy's also for code of the project itself.
    directory: join(copy.directory, ".amq", stack),
    ...keys,
  });
  return loadPlan(stack, copy.directory);
}

/** Brings the Java parts of a stack to the cache: a download is no part of any figure. */
export function resolveRuntimes(plan: ClusterPlan): void {
  for (const name of runtimesOf(plan)) {
    if (!resolveRuntime(name)) throw new Error(`runtime ${name} could not be resolved; see the lines above`);
  }
}

/**
 * Runs a command of amq.
 * @returns seconds it took, and what it said of its steps
 * @throws Error with what it said when it fails
 */
export async function timed(
  { copy, signal }: BenchContext,
  ...words: string[]
): Promise<{ readonly seconds: number; readonly steps: string }> {
  signal.throwIfAborted();
  const began = performance.now();
  const { code, stdout, stderr } = await copy().amq(...words);
  const seconds = (performance.now() - began) / 1000;
  signal.throwIfAborted();
  if (code !== 0) throw new Error(`amq ${words.join(" ")} ended with ${String(code)}:\n${stderr}\n${stdout}`);
  return { seconds, steps: stderr };
}
