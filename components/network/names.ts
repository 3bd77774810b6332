/** Names in the private DNS zone of target aws, known before anything exists. Pure. */
import type { AwsConfig } from "../../config/awsSchema";

/** A host's name in the private zone; DNS knows no capitals. */
export function privateName({ dnsZone }: Pick<AwsConfig, "dnsZone">, host: string): string {
  return `${host.toLowerCase()}.${dnsZone}`;
}
