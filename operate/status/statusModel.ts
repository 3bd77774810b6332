/** What a status consists of. Types alone: status.ts asks for it, diagnosis.ts judges it. */
import type { BrokerRole, DatabaseRole, MemberRole } from "../../core/host/service";

export interface Missing {
  readonly what: string;
  readonly todo: string;
}

export interface BrokerStatus {
  readonly name: string;
  readonly role: BrokerRole;
  /** Why its last process ended; only of a broker that is neither master nor slave, and that knows. */
  readonly failure?: string;
  /** How much of what its master has written its index does not know yet; only of a slave that keeps a copy. */
  readonly behindBytes?: number;
}

/** How a group's master serves, as it reports it. */
export interface ServiceStatus {
  /** Since the master last sent a message to itself and received it. */
  readonly secondsSinceTrial: number;
  /** Of these trials, how many in a row have failed. */
  readonly failedTrials: number;
  /** Of limits.memoryMiB, limits.storeMiB and limits.tempMiB. */
  readonly memoryPercent: number;
  readonly storePercent: number;
  readonly tempPercent: number;
  readonly connections: readonly { readonly connector: string; readonly open: number; readonly most: number }[];
}

/** The JSON that `amq status --json` prints: an API. */
export interface Status {
  readonly whole: boolean;
  readonly groups: readonly {
    readonly name: string;
    /** The broker that serves; null when none does, and when more than one does. */
    readonly master: string | null;
    readonly brokers: readonly BrokerStatus[];
    /** Only of a group with one master that says it. */
    readonly service?: ServiceStatus;
  }[];
  readonly ensemble: readonly { readonly name: string; readonly role: MemberRole }[];
  /** The database server, where the program runs one; else empty. */
  readonly database: readonly { readonly name: string; readonly role: DatabaseRole }[];
  /** `up` is null when the dialling group did not say. */
  readonly bridges: readonly { readonly from: string; readonly to: string; readonly up: boolean | null }[];
  /** Over all groups that told theirs, dead-letter queues included; a bridge counts as a consumer. */
  readonly queues: readonly { readonly name: string; readonly pending: number; readonly consumers: number }[];
  /** Groups whose queues are not among these, because nobody could tell. */
  readonly unknownQueues: readonly string[];
  /** What keeps it from being whole, and what to do about it; the worst first. */
  readonly missing: readonly Missing[];
  /** What will keep it from being whole when nobody does anything. */
  readonly warnings: readonly Missing[];
}
