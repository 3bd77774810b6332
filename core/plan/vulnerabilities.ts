/** Whether a cluster of ours has the known vulnerabilities of ActiveMQ Classic. Pure. */
import { hasTransport } from "../../config/groupSettings";
import type { ClusterConfig } from "../../config/schema";
import { distributionOf } from "../products/releases";
import { ALL_TRANSPORTS, TRANSPORTS } from "../products/transports";
import { VULNERABILITIES, type Vulnerability, type Way, isFixedIn } from "../products/vulnerabilities";

/** What becomes of one vulnerability in a cluster. */
export type Verdict = "fixed" | "closed" | "open";

type Settings = Pick<ClusterConfig, "release" | "transports"> & Partial<Pick<ClusterConfig, "groups">>;

/**
 * `fixed` by the release that runs, `closed` because no file of ours opens a way to it or code of ours mends it, or `open`.
 * @throws Error for a release without a runtime
 */
export function verdictOn(vulnerability: Vulnerability, config: Settings): Verdict {
  if (isFixedIn(vulnerability, distributionOf(config.release).version)) return "fixed";
  const { mended, ways } = vulnerability;
  return mended === undefined && ways.some((way) => isOpened(way, config)) ? "open" : "closed";
}

/** Those that an attacker can use on a cluster. */
export function openVulnerabilities(config: Settings): Vulnerability[] {
  return VULNERABILITIES.filter((vulnerability) => verdictOn(vulnerability, config) === "open");
}

/** True when a broker of any group opens the way. */
function isOpened(way: Way, { transports, groups = [] }: Settings): boolean {
  switch (way) {
    case "web":
    case "setting":
      return false;
    default:
      return ALL_TRANSPORTS.filter((transport) => TRANSPORTS[transport].protocols.includes(way)).some((transport) => {
        if (transport === "openwire") return true;
        const speaking = (group?: (typeof groups)[number]) => hasTransport({ transports }, group, transport);
        return groups.length === 0 ? speaking() : groups.some(speaking);
      });
  }
}
