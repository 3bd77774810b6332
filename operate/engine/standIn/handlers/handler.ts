/** What the engine asks of one resource type. */
import type { WireMap } from "../values";

export interface HandlerContext {
  /** The resource's name. */
  readonly name: string;
  /** Its id, as {@link Created} had it; empty while it is created. */
  readonly id: string;
  /** Aborted when the run is interrupted; the handler then ends what it runs and rejects. */
  readonly interrupted: AbortSignal;
  /** Passes a line on as progress. */
  readonly log: (line: string) => void;
}

/** Something that exists, as a program would describe it. */
export interface Found {
  readonly inputs: WireMap;
  /** What it has besides. */
  readonly outputs: WireMap;
}

export interface Created {
  readonly id: string;
  /** What the resource has besides its inputs. */
  readonly outputs: WireMap;
}

/** Inputs and outputs come without secret markers; the engine marks the outputs again. Any method may reject. */
export interface Handler {
  /** Whether a change of these inputs needs a new resource, beyond what the resource's own options say. */
  replaces(changed: readonly string[]): boolean;
  create(inputs: WireMap, context: HandlerContext): Promise<Created>;
  /** The new outputs. */
  update(inputs: WireMap, outputs: WireMap, context: HandlerContext): Promise<WireMap>;
  delete(inputs: WireMap, outputs: WireMap, context: HandlerContext): Promise<void>;
  /** What has this id; rejects when nothing has. Absent for types that cannot be taken over. */
  read?(id: string): Promise<Found>;
  /** Whether it is still there; absent where nobody else could have taken it away. */
  exists?(id: string): Promise<boolean>;
}
