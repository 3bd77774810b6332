/** What one registration asks for, and what that means beside what exists. Pure. */
import type { Created, Handler } from "./handlers/handler";
import type { ResourceState } from "./state";
import { changedNames, hasSecret, plain, secret, type WireMap, type Output } from "./values";

/** What the program wants to exist. */
export interface Registration extends Omit<ResourceState, "id" | "outputs" | "replaced"> {
  readonly options: {
    readonly ignoreChanges: readonly string[];
    readonly replaceOnChanges: readonly string[];
    readonly additionalSecretOutputs: readonly string[];
    readonly deleteBeforeReplace: boolean;
    /** The id of something that exists and is taken over; empty for none. */
    readonly importId: string;
    /** Those in use that would have no effect here. */
    readonly unknown: readonly string[];
  };
}

/** The inputs of a registration, with the old values where changes are to be ignored. */
export function withIgnored(registration: Registration, old: Pick<ResourceState, "inputs">): WireMap {
  const inputs = { ...registration.inputs };
  for (const name of registration.options.ignoreChanges) {
    const before = old.inputs[name];
    if (before === undefined) Reflect.deleteProperty(inputs, name);
    else inputs[name] = before;
  }
  return inputs;
}

/** What it takes to do what a registration asks. */
export type Step =
  | { readonly op: "create" | "import" | "replace" }
  | { readonly op: "update"; readonly old: ResourceState }
  | { readonly op: "same"; readonly old: ResourceState };

/** @throws Error for an option that the engine does not know, or when a protected resource would have to be replaced */
export function stepFor(
  registration: Registration,
  old: ResourceState | undefined,
  inputs: WireMap,
  handler: Handler,
): Step {
  const unknown = registration.options.unknown.join(", ");
  if (unknown !== "") throw new Error(`the stand-in engine does not know the resource option ${unknown}`);
  const { importId } = registration.options;
  if (!old) return { op: importId === "" ? "create" : "import" };
  if (importId !== "" && importId !== old.id) {
    throw new Error(
      `${registration.name} is ${old.id} already; the stand-in engine does not put ${importId} in its place`,
    );
  }
  const changed = changedNames(old.inputs, inputs);
  if (changed.length === 0) return { op: "same", old };
  // Paths such as "triggers[*]" count by their first name.
  const replacing = registration.options.replaceOnChanges.map((path) => path.split(/[.[]/)[0]);
  const replace =
    handler.replaces(changed) || replacing.includes("*") || changed.some((name) => replacing.includes(name));
  if (!replace) return { op: "update", old };
  if (old.protect && registration.protect) {
    throw new Error(
      `${registration.name} is protected and cannot be replaced, as a change of ${changed.join(", ")} asks`,
    );
  }
  return { op: "replace" };
}

/**
 * Judges what is to be taken over, as the real engine does: it has to be as the program describes it already.
 * @returns the inputs that the state gets
 * @throws Error naming what differs
 */
export function importedInputs(registration: Registration, found: WireMap): WireMap {
  const inputs = withIgnored(registration, { inputs: found });
  const different = changedNames(found, inputs);
  if (different.length === 0) return inputs;
  throw new Error(
    `inputs to import do not match the existing resource ${registration.options.importId}: ${different.join(", ")} of ${registration.name} differ`,
  );
}

/** The state entry of a registration that was done. */
export function entryOf(registration: Registration, inputs: WireMap, made: Created): ResourceState {
  const { options, ...wanted } = registration;
  const outputs = withSecrets(made.outputs, options.additionalSecretOutputs);
  return { ...wanted, id: made.id, replaced: false, inputs, outputs };
}

/** What the program gets to see of a resource: inputs count as outputs too. */
export function visibleOutputs(registration: Registration, entry: ResourceState): WireMap {
  return withSecrets({ ...entry.inputs, ...entry.outputs }, registration.options.additionalSecretOutputs);
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
