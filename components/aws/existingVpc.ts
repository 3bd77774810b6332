/** Whether what exists (a provider, a VPC, subnets) is what a stack file takes it for. Pure. */

/**
 * Names, zones and policies are made for the region that the plan knows.
 * @param given the region of a provider that is given; undefined where it takes it from the environment
 * @returns what is wrong and what to do, or undefined
 */
export function regionFault(region: string, given: string | undefined): string | undefined {
  if (given === undefined || given === region) return undefined;
  return `aws.region is ${region}, and the given provider is of ${given}: give one of ${region}, or none, then one is made`;
}

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
