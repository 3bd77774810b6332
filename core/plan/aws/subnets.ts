/** The subnets of target aws, as plain data. Pure. */
import type { AwsConfig } from "../../../config/awsSchema";
import { formatNetwork, type Network, parseNetwork, partOf, sizeOf } from "../../util/ipv4";
import type { PlannedSubnet, PlannedNetwork } from "./model";

export const DEFAULT_VPC_CIDR = "10.0.0.0/16";

/** A VPC falls into eight equal subnets: one for each of at most six zones, and the last for the bastion. */
const SUBNET_BITS = 3;
const PUBLIC_PART = 7;

/** @returns undefined when the addresses of a new VPC cannot be read, which is a fault of its own */
export function subnetsOf(aws: Pick<AwsConfig, "zones" | "network">): readonly PlannedSubnet[] | undefined {
  const { vpcId, subnets, cidr } = aws.network;
  if (vpcId !== undefined) return aws.zones.flatMap((zone) => subnets?.filter((subnet) => subnet.zone === zone) ?? []);
  const vpc = parseNetwork(cidr ?? DEFAULT_VPC_CIDR);
  return vpc && aws.zones.map((zone, i) => ({ zone, cidr: formatNetwork(part(vpc, i)) }));
}

/** @throws Error when the VPC's addresses cannot be read: a rule reports that first */
export function planNetwork(aws: AwsConfig): PlannedNetwork {
  const { vpcId, cidr = DEFAULT_VPC_CIDR, routeTableIds, publicSubnetId } = aws.network;
  const subnets = subnetsOf(aws);
  const vpc = parseNetwork(cidr);
  const [zone = ""] = aws.zones;
  if (subnets === undefined || vpc === undefined) throw new Error(`aws.network.cidr: ${cidr} is no network`);
  if (vpcId !== undefined) {
    return {
      vpcId,
      subnets,
      ...(aws.login.bastion && publicSubnetId !== undefined && { publicSubnet: { zone, id: publicSubnetId } }),
      ...(routeTableIds && { routeTableIds }),
    };
  }
  return {
    cidr,
    subnets,
    ...(aws.login.bastion && { publicSubnet: { zone, cidr: formatNetwork(part(vpc, PUBLIC_PART)) } }),
  };
}

function part(vpc: Network, n: number): Network {
  return partOf(vpc, vpc.prefix + SUBNET_BITS, n);
}

/** AWS keeps the first four addresses of a subnet and the last. */
export function lastUsable(subnet: Network): number {
  return sizeOf(subnet) - 2;
}
