/** What Pulumi does at every start and for every resource that nobody uses here: most of a small program's run. */
import nodeModule from "node:module";

/** To write a function down as text (a dynamic provider, a Lambda made of a function), and to run `pulumi` from a program. */
const SELDOM_USED = ["../../typescript-shim", "@npmcli/arborist", "./automation"];

type Load = (this: unknown, request: string, parent: NodeJS.Module | undefined, isMain: boolean) => unknown;

/** From now on Pulumi loads these when it first uses them, and not with itself. */
export function loadSeldomUsedLate(): void {
  const node = nodeModule as unknown as { _load: Load };
  const load = node._load;
  node._load = function (request, parent, isMain) {
    const now = () => load.call(this, request, parent, isMain);
    const seldom = SELDOM_USED.includes(request) && /@pulumi[/\\]pulumi[/\\]/.test(parent?.filename ?? "");
    return seldom ? late(now as () => object) : now();
  };
}

/** Stands for a module until one of its exports is asked for. */
function late(load: () => object): object {
  // Compiled code asks for `__esModule` at once, to know whether it has to copy all exports.
  return new Proxy({}, { get: (_, name) => name === "__esModule" || (Reflect.get(load(), name) as unknown) });
}

type Debuggable = (promise: Promise<unknown>, context: string) => Promise<unknown>;

/**
 * Pulumi notes of each of its promises, thousands in a program, where it was made, which Node looks up in the sources. It shows that
 * of promises that were left behind, where PULUMI_DEBUG_PROMISE_LEAKS asks for it.
 *
 * @param load the program's own `require`
 */
export function traceNoPromises(load: NodeJS.Require): void {
  const module = load("@pulumi/pulumi/runtime/debuggable") as {
    debuggablePromise: Debuggable;
    debugPromiseLeaks: boolean;
  };
  if (module.debugPromiseLeaks) return;
  const original = module.debuggablePromise;
  module.debuggablePromise = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return original(promise, context);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}
