/** What one registration asks for, and what that means beside what exists. Pure. */
import type { Output } from "../engine";
import type { Created, Handler } from "../handlers/handler";
import type { ResourceState } from "./state";
import { changedNames, hasSecret, plain, secret, type WireMap } from "./values";

/** What the program wants to exist. */
export interface Goal extends Omit<ResourceState, "id" | "outputs" | "replaced"> {
  readonly options: {
    readonly ignoreChanges: readonly string[];
    readonly replaceOnChanges: readonly string[];
    readonly additionalSecretOutputs: readonly string[];
    readonly deleteBeforeReplace: boolean;
    /** Those in use that would have no effect here. */
    readonly unknown: readonly string[];
  };
}

/** The inputs of a goal, with the old values where changes are to be ignored. */
export function withIgnored(goal: Goal, old: ResourceState): WireMap {
  const inputs = { ...goal.inputs };
  for (const name of goal.options.ignoreChanges) {
    const before = old.inputs[name];
    if (before === undefined) Reflect.deleteProperty(inputs, name);
    else inputs[name] = before;
  }
  return inputs;
}

/** What it takes to reach a goal. */
export type Step =
  | { readonly op: "create" | "replace" }
  | { readonly op: "update"; readonly old: ResourceState }
  | { readonly op: "same"; readonly old: ResourceState };

/** @throws Error for an option that the engine does not know, or when a protected resource would have to be replaced */
export function stepFor(goal: Goal, old: ResourceState | undefined, inputs: WireMap, handler: Handler): Step {
  const unknown = goal.options.unknown.join(", ");
  if (unknown !== "") throw new Error(`the stand-in engine does not know the resource option ${unknown}`);
  if (!old) return { op: "create" };
  const changed = changedNames(old.inputs, inputs);
  if (changed.length === 0) return { op: "same", old };
  // Paths such as "triggers[*]" count by their first name.
  const replacing = goal.options.replaceOnChanges.map((path) => path.split(/[.[]/)[0]);
  const replace =
    handler.replaces(changed) || replacing.includes("*") || changed.some((name) => replacing.includes(name));
  if (!replace) return { op: "update", old };
  if (old.protect && goal.protect) {
    throw new Error(`${goal.name} is protected and cannot be replaced, as a change of ${changed.join(", ")} asks`);
  }
  return { op: "replace" };
}

/** The state entry of a goal that was reached. */
export function entryOf(goal: Goal, inputs: WireMap, made: Created): ResourceState {
  const { options, ...wanted } = goal;
  const outputs = withSecrets(made.outputs, options.additionalSecretOutputs);
  return { ...wanted, id: made.id, replaced: false, inputs, outputs };
}

/** What the program gets to see of a resource: inputs count as outputs too. */
export function visibleOutputs(goal: Goal, entry: ResourceState): WireMap {
  return withSecrets({ ...entry.inputs, ...entry.outputs }, goal.options.additionalSecretOutputs);
}

function withSecrets(outputs: WireMap, names: readonly string[]): WireMap {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, names.includes(name) ? secret(value) : value]),
  );
}

/** Stack outputs as callers read them. */
export function readable(outputs: WireMap): Record<string, Output> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, { value: plain(value), secret: hasSecret(value) }]),
  );
}
