/** What `npm run proof:ec2` writes. Pure. */
import { table } from "../hosts/markdown";
import type { Result } from "../hosts/runner";

/**
 * @param where it ran, a line or two
 * @param upSeconds what `amq up` of everything took; undefined when it was not measured
 */
export function ec2Markdown(results: readonly Result[], where: string, upSeconds: number): string {
  return `# What a cluster on machines of EC2 went through, played by a lab

Written by \`npm run proof:ec2\` on ${where} "on" is the day of a row, and the machine's load average at its end.

**EC2 is a lab on this machine** (docs/targets/aws.md): the program for target \`aws\`, as it is, with a bastion, security groups, cloud-init and
data volumes, on containers with Debian. What seconds are here, they are not in an account, where a machine boots for a minute or more.

One cluster, one experiment after the other: two groups of three brokers over three zones, joined as a mesh, and three ZooKeeper
members, each on an instance of its own, with the default settings; \`amq up\` of all of it took ${Math.round(upSeconds)} s. Unless a row says otherwise eight producers
send 150 messages of 1 KiB a second and a consumer receives, in the VPC and in the security group for clients, all through the printed
failover URL, before, during and after.

- lost: acknowledged and never delivered; dead letters do not count as delivered. duplicated: deliveries beyond the first.
- every group served after: longest time in which a group had no master, asked every second from outside.
- whole after: from the end of the fault (for \`amq up\`, from its end) until every broker, member and bridge was in its place.

${table(results)}
`;
}
