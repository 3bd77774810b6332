/** What the renderer of a store answers: the contract of the files that stores.ts lists. */
import type { RenderedFile } from "../../host/service";
import { type Attributes, type Element, add } from "./xml";
import type { ClusterPlan, PlannedBroker, PlannedGroup } from "../../plan/model";

/** The broker that is rendered. */
export interface Rendered {
  readonly plan: ClusterPlan;
  readonly group: PlannedGroup;
  readonly broker: PlannedBroker;
}

export interface ClassicStore {
  /** Adds beans that stand before the broker. */
  readonly beans?: (beans: Element, rendered: Rendered) => void;
  /** Attributes of the broker that the store needs. */
  readonly attributes?: Attributes;
  /** Fills `persistenceAdapter`. */
  readonly adapter: (adapter: Element, rendered: Rendered) => void;
  /** Adds plugins behind those of log-in and rights. */
  readonly plugins?: (plugins: Element) => void;
  /** Fills `ioExceptionHandler`: what the broker does when the store fails. */
  readonly onFailure: (handler: Element) => void;
  /** Seconds of silence after which whoever supervises the process takes it for frozen and kills it; absent: it does not. */
  readonly frozenSeconds?: number;
  /** Keys of credentials.properties that the store needs. */
  readonly credentials: (plan: ClusterPlan) => readonly string[];
  /** Files that the store needs beside activemq.xml. */
  readonly files?: (plan: ClusterPlan) => readonly RenderedFile[];
  /** What the store listens on; port 0 is whichever is free. */
  readonly listens: (rendered: Rendered) => readonly { readonly address: string; readonly port: number }[];
}

/** `onFailure` of a store on a disk. */
export function stopOnFullDisk(handler: Element): void {
  add(
    handler,
    "defaultIOExceptionHandler",
    { ignoreNoSpaceErrors: false },
    "A full disk stops the broker, so that another one takes over. By default the error is ignored and every send hangs.",
  );
}
