/** Names on target aws, known before anything exists. Pure. */
import { createHash } from "node:crypto";
import type { AwsConfig } from "../../../config/awsSchema";

/** A host's name in the private zone; DNS knows no capitals. */
export function privateName({ dnsZone }: Pick<AwsConfig, "dnsZone">, host: string): string {
  return `${host.toLowerCase()}.${dnsZone}`;
}

/** IAM takes 64 characters for a role's name; the engine adds a hyphen and seven more to the resource's. */
const LONGEST_ROLE = 56;
const HASH_DIGITS = 6;

/** The resource's name of a role: as it is, or its beginning and a hash of the whole where that would be too long. */
export function roleName(name: string): string {
  if (name.length <= LONGEST_ROLE) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_DIGITS);
  return `${name.slice(0, LONGEST_ROLE - HASH_DIGITS - 1)}-${hash}`;
}
