/** What both engines keep of the program's resources, made from what the program registers. */
import type { StateEntry } from "../../../operate/engine/hostsInState";
import type { Registered } from "../../support/recorder";

const SIGNATURE = "4dabf18193072939515e22adb298388d";

export type Entry = StateEntry & { readonly custom: boolean };

function entries(registered: ReadonlyMap<string, Registered>): Entry[] {
  const urn = (name: string) => {
    const found = registered.get(name);
    return found === undefined ? name : found.urn;
  };
  return [...registered.values()].map((one) => ({
    urn: one.urn,
    type: one.type,
    custom: !one.type.startsWith("activemq:"),
    parent: one.parent === "" ? "" : urn(one.parent),
    dependencies: one.dependsOn.map(urn),
    inputs: one.inputs,
  }));
}

/** As the stand-in engine reads its state: a secret keeps its value. */
export function standInState(registered: ReadonlyMap<string, Registered>): Entry[] {
  return entries(registered).map((entry) => ({ ...entry, deletedWith: "" }));
}

/** As `pulumi stack export --show-secrets` prints it: a secret is JSON in a text, and properties tell their dependencies, too. */
export function exportedState(registered: ReadonlyMap<string, Registered>): Entry[] {
  return entries(registered).map((entry) => ({
    ...entry,
    inputs: exported(entry.inputs) as Record<string, unknown>,
    propertyDependencies: { create: null, stdin: entry.dependencies ?? [] },
  }));
}

function exported(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(exported);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) {
    const { value: clear, ...marker } = value as Record<string, unknown>;
    return { ...marker, plaintext: JSON.stringify(exported(clear)) };
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, exported(item)]));
}
