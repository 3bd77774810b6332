/** Records what a program registers against Pulumi's mocks; nothing runs. */
import * as pulumi from "@pulumi/pulumi";

export interface Registered {
  readonly name: string;
  readonly type: string;
  readonly urn: string;
  readonly parent: string;
  /** What the parent is known by in the map; empty for the stack's own. */
  readonly parentKey: string;
  readonly dependsOn: readonly string[];
  /** Outputs that the engine shall treat as secret. */
  readonly secrets: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Id of what exists and is taken over; empty when it is made. */
  readonly importId: string;
  readonly ignoreChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Empty when it is none. */
  readonly deletedWith: string;
  /** Name of an explicit provider; empty for the default one. */
  readonly provider: string;
  readonly inputs: Record<string, unknown>;
}

interface Request {
  getName(): string;
  getType(): string;
  getParent(): string;
  getDependenciesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getImportid(): string;
  getIgnorechangesList(): string[];
  getDeletebeforereplace(): boolean;
  getDeletedwith(): string;
  getProvider(): string;
}
interface Monitor {
  registerResource(request: Request, callback: unknown): unknown;
}

export interface RecorderOptions {
  /** What a resource is known by, in the map and in `dependsOn`. Default: its name, which only one type may have then. */
  readonly keyOf?: (type: string, name: string) => string;
  /** Outputs beyond the inputs. */
  readonly outputsOf?: (type: string, name: string, inputs: Record<string, unknown>) => Record<string, unknown>;
  /** Answers to functions of providers. */
  readonly call?: (token: string, inputs: Record<string, unknown>) => Record<string, unknown>;
}

/**
 * Pulumi notes of each of its promises, thousands in a program, where it was made. Jest looks every line of these stacks up in
 * source maps, which took half of what such a test computes; and nobody reads them.
 */
const promises = jest.requireActual<{ debuggablePromise: (promise: unknown) => unknown }>(
  "@pulumi/pulumi/runtime/debuggable",
);
promises.debuggablePromise = (promise) => promise;
// The same for each resource: where it is in the program's source, which the mocks pass to nobody.
Object.assign(pulumi.Resource, { callsites: () => [] });

const nameOf = (urn: string) => urn.split("::").at(-1) ?? "";
/** The type of a URN's resource, without its parents'. */
const typeOf = (urn: string) => (urn.split("::").at(-2) ?? "").split("$").at(-1) ?? "";

/** Commands answer `stdout of <name>`, passwords are `made-for-<name>`. Call it once, before the program's first resource. */
export async function recordRegistrations(options: RecorderOptions = {}): Promise<Map<string, Registered>> {
  const { keyOf = (_type: string, name: string) => name, outputsOf, call } = options;
  const keyOfUrn = (urn: string) => (urn === "" ? "" : keyOf(typeOf(urn), nameOf(urn)));
  const registered = new Map<string, Registered>();
  const inputs = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks(
    {
      call: ({ token, inputs: given }) => call?.(token, given as Record<string, unknown>) ?? {},
      newResource: ({ name, type, inputs: given }) => {
        inputs.set(keyOf(type, name), given as Record<string, unknown>);
        const state = type.endsWith("RandomPassword")
          ? { result: `made-for-${name}` }
          : { stdout: `stdout of ${name}`, ...outputsOf?.(type, name, given as Record<string, unknown>) };
        return { id: name, state: { ...(given as object), ...state } };
      },
    },
    "activemq",
    "test",
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const original = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const [name, type] = [request.getName(), request.getType()];
    const result = original(request, callback);
    const key = keyOf(type, name);
    if (registered.has(key) && options.keyOf !== undefined) throw new Error(`${key} was registered twice`);
    registered.set(key, {
      name,
      type,
      urn: urnOf(request.getParent(), type, name),
      parent: nameOf(request.getParent()),
      parentKey: keyOfUrn(request.getParent()),
      dependsOn: request.getDependenciesList().map(keyOfUrn),
      secrets: request.getAdditionalsecretoutputsList(),
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      importId: request.getImportid(),
      ignoreChanges: request.getIgnorechangesList(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      deletedWith: keyOfUrn(request.getDeletedwith()),
      // `<urn>::<id>`
      provider: nameOf(request.getProvider().split("::").slice(0, -1).join("::")),
      get inputs() {
        return inputs.get(key) ?? {};
      },
    });
    return result;
  };
  return registered;
}

/** As the engine makes it: the types of the parents, but not their names. */
function urnOf(parent: string, type: string, name: string): string {
  const parentTypes = (parent.split("::").at(-2) ?? "").replace("pulumi:pulumi:Stack", "");
  return `urn:pulumi:test::activemq::${parentTypes === "" ? "" : `${parentTypes}$`}${type}::${name}`;
}
