/** Which machines of target aws an engine's state knows, and what they did when it last looked. Pure; for both engines' formats. */
import type { StateEntry } from "./hostsInState";

export interface StateInstance {
  readonly host: string;
  readonly id: string;
  /** AWS's word: `running`, `stopped`, ... Empty when it was never said. */
  readonly state: string;
}

interface Entry extends StateEntry {
  readonly id?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** The bastion, which carries nothing, is none of them. */
export function instancesIn(entries: readonly Entry[]): StateInstance[] {
  return entries.flatMap(({ type, id = "", inputs, outputs }) => {
    const host = (inputs?.["tags"] as Readonly<Record<string, unknown>> | undefined)?.["activemq-host"];
    if (type !== "aws:ec2/instance:Instance" || typeof host !== "string") return [];
    const state = outputs?.["instanceState"];
    return [{ host, id, state: typeof state === "string" ? state : "" }];
  });
}

/** Whether a machine may serve somebody: it runs, or nobody has said that it does not. */
export function mayRun({ state }: StateInstance): boolean {
  return !["stopped", "stopping", "terminated", "shutting-down"].includes(state);
}
