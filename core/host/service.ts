/**
 * What a host must run, as plain data: the row that render produces and deploy carries out.
 *
 * On the host a service is a folder. `active` is the version that runs: the rendered files plus the credentials file.
 * The supervisor (local) or systemd (ssh, aws) executes `run` there, with in the environment
 *   AMQ_SERVICE   the service's folder; `data` and `log` are below it and survive every change
 *   AMQ_CONF      the version's folder, where the rendered files are
 *   AMQ_RUNTIMES  where runtimes are, each in a folder named by its id
 * tells the process to end by the signal in the file `stop-signal` if there is one, else by TERM,
 * kills it when it has not touched `tmp/pulse` for the seconds in the file `pulse-seconds` if there is one (systemd: its watchdog),
 * and asks `probe`, with the process's number in AMQ_PID: `probe role` prints one word, `probe report` what `status` needs and
 * `probe metrics` all metrics, both in the format of Prometheus.
 */
import type { RuntimeName } from "./runtimes";

export interface Service {
  /** The broker's, the member's or the server's name. */
  readonly name: string;
  readonly host: string;
  readonly kind: "classic" | "zookeeper" | "postgresql";
  /** Secret-free text, so that it can be printed, diffed and shown in preview. */
  readonly files: readonly RenderedFile[];
  /** Keys that the credentials file (`credentials.properties`, beside the files) must carry; empty: no such file. */
  readonly credentials: readonly string[];
  /** `address:port` of everything it opens, for the check before anything starts. */
  readonly listens: readonly string[];
  /** Names of the network connectors that must be up when this broker is master. */
  readonly bridges: readonly string[];
}

export interface RenderedFile {
  /** Relative to the version's folder. */
  readonly path: string;
  readonly text: string;
  readonly executable?: boolean;
}

/** The id (`<name>-<content hash>`) of a Java runtime that services start from. */
export type RuntimeIds = (name: RuntimeName) => string;

/**
 * What `probe role` may answer. The host's own words: `down` for a process that is not there, `stuck` for one that was stopped by
 * a signal; a broker also says of itself that it is stuck. `unknown` is a broker's whose process is there and gives no sign of
 * life, and what whoever asks takes no answer for.
 */
export const BROKER_ROLES = ["master", "slave", "starting", "stuck", "down", "unknown"] as const;
export const MEMBER_ROLES = ["leader", "follower", "starting", "stuck", "down", "unknown"] as const;
export const DATABASE_ROLES = ["serving", "starting", "stuck", "down", "unknown"] as const;
export type BrokerRole = (typeof BROKER_ROLES)[number];
export type MemberRole = (typeof MEMBER_ROLES)[number];
export type DatabaseRole = (typeof DATABASE_ROLES)[number];
