/** Whether a VPC and subnets that exist are what a stack file takes them for. Pure. */

/** A subnet as the stack file knows it; zone and cidr where it says so. */
export interface ExistingSubnet {
  readonly id: string;
  readonly zone?: string;
  readonly cidr?: string;
}

/** @returns what is wrong and what to do, or undefined */
export function vpcFault(found: {
  readonly id: string;
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
}): string | undefined {
  const off = [
    ...(found.enableDnsSupport ? [] : ["DNS support"]),
    ...(found.enableDnsHostnames ? [] : ["DNS hostnames"]),
  ];
  if (off.length === 0) return undefined;
  return `aws.network.vpcId: ${found.id} has ${off.join(" and ")} off, and hosts find each other by names of a private zone: turn it on (aws ec2 modify-vpc-attribute), or name another VPC`;
}

/** @returns what is wrong and what to do, or undefined */
export function subnetFault(
  expected: ExistingSubnet & { readonly vpcId: string },
  found: { readonly vpcId: string; readonly availabilityZone: string; readonly cidrBlock: string },
): string | undefined {
  const wrong = [
    ...(found.vpcId === expected.vpcId ? [] : [`is in ${found.vpcId}, not in ${expected.vpcId}`]),
    ...(expected.zone === undefined || found.availabilityZone === expected.zone
      ? []
      : [`is in zone ${found.availabilityZone}, not in ${expected.zone}`]),
    ...(expected.cidr === undefined || found.cidrBlock === expected.cidr
      ? []
      : [`has the addresses ${found.cidrBlock}, not ${expected.cidr}`]),
  ];
  if (wrong.length === 0) return undefined;
  return `aws.network: ${expected.id} ${wrong.join(", and ")}: correct the stack file`;
}
