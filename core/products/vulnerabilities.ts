/**
 * Known vulnerabilities of ActiveMQ Classic: which way an attacker takes, and which releases are fixed.
 *
 * Source: the project's own announcements (apache/activemq-website, src/security-advisories.data, read as of August 2026), which
 * name the affected releases and the way in. Those that every release we ship is newer than are left out.
 */
import type { Protocol } from "./transports";

/** What an attacker needs to reach. */
export type Way =
  | Protocol
  /** The web console, Jolokia or anything of the modules activemq-web and activemq-http: in no runtime of ours. */
  | "web"
  /** A setting that no file of ours has. */
  | "setting";

export interface Vulnerability {
  /** CVE number. */
  readonly id: string;
  /** Other numbers of advisories that this entry answers, such as a later one for an incomplete fix. */
  readonly aliases?: readonly string[];
  readonly what: string;
  readonly ways: readonly Way[];
  /** First fixed releases, one for each line that got a fix; a line before all of them has none. */
  readonly fixed: readonly string[];
  /** What of our own closes it although it can be reached. */
  readonly mended?: string;
}

const OPENWIRE = ["openwire"] as const;
const WEB = ["web"] as const;

export const VULNERABILITIES: readonly Vulnerability[] = [
  {
    id: "CVE-2025-66168",
    aliases: ["CVE-2026-40046"],
    what: "length overflow of MQTT packets, after log-in",
    ways: ["mqtt"],
    fixed: ["5.19.2", "6.2.4"],
  }, // the fixes of 6.1.9 and 6.2.1 were incomplete, which has the other number
  { id: "CVE-2026-33227", what: "class path traversal, after log-in", ways: ["stomp", "web"], fixed: ["5.19.4", "6.2.3"] }, // prettier-ignore
  { id: "CVE-2026-34197", what: "code execution through Jolokia", ways: WEB, fixed: ["5.19.4", "6.2.3"] },
  { id: "CVE-2026-39304", what: "memory exhaustion over NIO with TLS", ways: ["setting"], fixed: ["5.19.5", "6.2.4"] },
  { id: "CVE-2026-40466", what: "code execution through Jolokia", ways: WEB, fixed: ["5.19.6", "6.2.5"] },
  { id: "CVE-2026-41043", what: "scripts shown by the web console", ways: WEB, fixed: ["5.19.6", "6.2.5"] },
  { id: "CVE-2026-41044", what: "code execution through the web console", ways: WEB, fixed: ["5.19.6", "6.2.5"] },
  { id: "CVE-2026-42253", what: "headers set by messages in the web API", ways: WEB, fixed: ["5.19.7", "6.2.6"] },
  { id: "CVE-2026-42588", what: "code execution through Jolokia", ways: WEB, fixed: ["5.19.7", "6.2.6"] },
  { id: "CVE-2026-45505", what: "code execution through Jolokia", ways: WEB, fixed: ["5.19.7", "6.2.6"] },
  {
    id: "CVE-2026-46605",
    what: "anybody who is logged in may remove a destination",
    ways: OPENWIRE,
    fixed: ["5.19.7", "6.2.6"],
    mended: "activemq.cluster.StrictAuthorizationPlugin asks for the right",
  },
  { id: "CVE-2026-49157", what: "Jolokia open to users who are no admins", ways: WEB, fixed: ["5.19.7", "6.2.6"] },
  { id: "CVE-2026-49270", what: "subscriptions shown with syncDurableSubs", ways: ["setting"], fixed: ["5.19.7", "6.2.6"] }, // prettier-ignore
  { id: "CVE-2026-49432", what: "memory exhaustion by STOMP, without log-in", ways: ["stomp"], fixed: ["5.19.8", "6.2.7"] }, // prettier-ignore
  { id: "CVE-2026-49434", what: "connectors from LDAP", ways: ["setting"], fixed: ["5.19.8", "6.2.7"] },
  { id: "CVE-2026-49877", what: "admin pages of the web console open to its users", ways: WEB, fixed: ["5.19.8", "6.2.7"] }, // prettier-ignore
  { id: "CVE-2026-50734", what: "memory exhaustion without log-in", ways: OPENWIRE, fixed: ["5.19.8", "6.2.7"] },
  { id: "CVE-2026-52760", what: "scripts shown by the web console", ways: WEB, fixed: ["5.19.8", "6.2.7"] },
  { id: "CVE-2026-53916", what: "memory exhaustion by STOMP over NIO", ways: ["setting"], fixed: ["5.19.8", "6.2.7"] },
  { id: "CVE-2026-53917", what: "memory exhaustion after log-in", ways: OPENWIRE, fixed: ["5.19.8", "6.2.7"] },
  { id: "CVE-2026-54475", what: "temporary destinations open to other connections, after log-in", ways: OPENWIRE, fixed: ["5.19.8", "6.2.7"] }, // prettier-ignore
  { id: "CVE-2026-59878", what: "threads exhausted by AMQP over NIO", ways: ["setting"], fixed: ["5.19.9", "6.2.8"] },
  { id: "CVE-2026-61487", what: "sending without the right, after log-in", ways: OPENWIRE, fixed: ["5.19.9", "6.2.8"] },
];

/**
 * Whether a release has the fix. Every line newer than the newest fix has it from its first release.
 * @param version a full one, such as 6.3.1
 */
export function isFixedIn({ fixed }: Pick<Vulnerability, "fixed">, version: string): boolean {
  const own = numbers(version);
  const newest = numbers(fixed.at(-1) ?? "");
  if (compare(own, newest) >= 0) return true;
  return fixed.map(numbers).some((first) => sameLine(own, first) && compare(own, first) >= 0);
}

const numbers = (version: string): number[] => version.split(".").map(Number);
const sameLine = (a: readonly number[], b: readonly number[]) => a[0] === b[0] && a[1] === b[1];

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((number, at) => number !== b[at]);
  return i < 0 ? 0 : (a[i] ?? 0) - (b[i] ?? 0);
}
