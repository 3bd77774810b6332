/** Records what a program registers against Pulumi's mocks; nothing runs. */
import * as pulumi from "@pulumi/pulumi";

export interface Registered {
  readonly name: string;
  readonly type: string;
  readonly parent: string;
  readonly dependsOn: readonly string[];
  /** Outputs that the engine shall treat as secret. */
  readonly secrets: readonly string[];
  readonly inputs: Record<string, unknown>;
}

interface Request {
  getName(): string;
  getType(): string;
  getParent(): string;
  getDependenciesList(): string[];
  getAdditionalsecretoutputsList(): string[];
}
interface Monitor {
  registerResource(request: Request, callback: unknown): unknown;
}

const nameOf = (urn: string) => urn.split("::").at(-1) ?? "";

/** Commands answer `stdout of <name>`, passwords are `made-for-<name>`. Call it once, before the program's first resource. */
export async function recordRegistrations(): Promise<Map<string, Registered>> {
  const registered = new Map<string, Registered>();
  const inputs = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ name, type, inputs: given }) => {
        inputs.set(name, given as Record<string, unknown>);
        const state = type.endsWith("RandomPassword")
          ? { result: `made-for-${name}` }
          : { stdout: `stdout of ${name}` };
        return { id: name, state: { ...(given as object), ...state } };
      },
    },
    "activemq",
    "test",
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const original = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const name = request.getName();
    const result = original(request, callback);
    registered.set(name, {
      name,
      type: request.getType(),
      parent: nameOf(request.getParent()),
      dependsOn: request.getDependenciesList().map(nameOf),
      secrets: request.getAdditionalsecretoutputsList(),
      get inputs() {
        return inputs.get(name) ?? {};
      },
    });
    return result;
  };
  return registered;
}
