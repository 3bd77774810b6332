/** What the user is told when a verb fails. */
import { ConfigError, type Fault } from "../config/faults";

export interface Failure {
  /** For people, on stderr. */
  readonly message: string;
  /** For machines, with --json on stdout. */
  readonly json: { readonly error: { readonly message: string; readonly faults?: readonly Fault[] } };
}

/** @param debug whether the place in the program belongs in the message */
export function report(error: unknown, debug: boolean): Failure {
  const said = error instanceof Error ? error.message : String(error);
  const stack = debug && error instanceof Error && error.stack !== undefined ? `\n${error.stack}` : "";
  const ours = isOurFault(error);
  const hint = ours && !debug ? " (AMQ_DEBUG=1 shows where)" : "";
  return {
    message: `${ours ? `this is a fault of amq${hint}: ` : ""}${said}${stack}`,
    json: { error: { message: said, ...(error instanceof ConfigError && { faults: error.faults }) } },
  };
}

/** What the project throws itself is an Error with a sentence for the user, what the system refuses has a code. */
function isOurFault(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  return !("code" in error) && ["TypeError", "RangeError", "ReferenceError", "SyntaxError"].includes(error.name);
}
