/** Rules about zones, the VPC and its subnets on target aws. */
import { needsEnsemble } from "../../plan/placement";
import { overlap, parseNetwork } from "../../util/ipv4";
import type { Fault } from "../../../config/faults";
import { oneOf } from "../../util/suggest";
import { notNetwork } from "./aws";
import { earlierDuplicate, onAws, type Rule } from "./rule";

/** Fewer, and a lost zone takes the majority of a group or of the ensemble. */
const ZONES_FOR_MAJORITY = 3;

const zones = onAws((aws) =>
  aws.zones.flatMap((zone, i): Fault[] => {
    const at = { path: `aws.zones[${i}]`, value: zone };
    if (!zone.startsWith(aws.region) || zone.length !== aws.region.length + 1) {
      const problem = `It is no zone of region ${aws.region}.`;
      const allowed = `${aws.region} and a letter`;
      const fix = `aws ec2 describe-availability-zones --region ${aws.region} lists them`;
      return [{ ...at, problem, allowed, fix }];
    }
    const duplicate = earlierDuplicate(aws.zones, zone, i, (other) => other);
    if (duplicate === undefined) return [];
    return [
      { ...at, problem: `aws.zones[${duplicate.index}] is the same.`, allowed: "each zone once", fix: "remove it" },
    ];
  }),
);

const enoughZones = onAws((aws, config) => {
  if (!needsEnsemble(config) || aws.zones.length >= ZONES_FOR_MAJORITY) return [];
  return [
    {
      path: "aws.zones",
      value: aws.zones,
      problem: `With ${aws.zones.length} of them the loss of one could take the majority of every group and of ZooKeeper.`,
      allowed: "three zones or more with a store that elects its masters",
      fix: "add zones; a region that has fewer cannot carry such a cluster",
    },
  ];
});

const vpcCidr = onAws(({ network: { cidr, vpcId } }) => {
  if (cidr === undefined) return [];
  const at = { path: "aws.network.cidr", value: cidr };
  if (vpcId !== undefined) {
    const problem = "The VPC exists, and has its addresses already.";
    return [{ ...at, problem, allowed: "cidr without vpcId", fix: "remove one of the two" }];
  }
  const network = parseNetwork(cidr);
  if (network === undefined) return [notNetwork(at)];
  if (network.prefix >= 16 && network.prefix <= 24) return [];
  const problem =
    network.prefix < 16 ? "AWS makes no VPC wider than /16." : "The subnets, an eighth each, would be too small.";
  return [{ ...at, problem, allowed: "/16 to /24", fix: "change the prefix" }];
});

const withoutVpc = onAws(({ network }) =>
  (["subnets", "publicSubnetId", "routeTableIds"] as const)
    .filter((key) => network.vpcId === undefined && network[key] !== undefined)
    .map((key) => ({
      path: `aws.network.${key}`,
      value: network[key],
      problem: "Without vpcId a VPC is made, with subnets and route tables of its own.",
      allowed: "with vpcId only",
      fix: "name the VPC, or remove the key",
    })),
);

const subnets = onAws(({ zones: named, network }) => {
  if (network.vpcId === undefined) return [];
  const given = network.subnets ?? [];
  const missing = named.filter((zone) => !given.some((subnet) => subnet.zone === zone));
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            path: "aws.network.subnets",
            value: given.map(({ zone }) => zone),
            problem: `There is no subnet for ${missing.join(", ")}.`,
            allowed: "a private subnet for each zone of aws.zones",
            fix: "add it, or remove the zone",
          },
        ]),
    ...given.flatMap((subnet, i): Fault[] => {
      const at = `aws.network.subnets[${i}]`;
      const range = parseNetwork(subnet.cidr);
      const wrong = range === undefined ? [notNetwork({ path: `${at}.cidr`, value: subnet.cidr })] : [];
      const duplicate = earlierDuplicate(given, subnet, i, ({ zone }) => zone);
      if (duplicate !== undefined) {
        const problem = `aws.network.subnets[${duplicate.index}] is in the same zone.`;
        const fault = { path: `${at}.zone`, value: subnet.zone, problem, allowed: "one subnet for each zone" };
        return [...wrong, { ...fault, fix: "remove one of the two" }];
      }
      if (!named.includes(subnet.zone)) {
        const problem = "No host goes to this zone.";
        const fault = { path: `${at}.zone`, value: subnet.zone, problem, allowed: oneOf(named) };
        return [...wrong, { ...fault, fix: "remove the subnet, or add the zone to aws.zones" }];
      }
      const same = given.findIndex((other, j) => {
        const others = parseNetwork(other.cidr);
        return j < i && range !== undefined && others !== undefined && overlap(others, range);
      });
      if (same < 0) return wrong;
      const problem = `It has addresses of aws.network.subnets[${same}].`;
      return [
        {
          path: `${at}.cidr`,
          value: subnet.cidr,
          problem,
          allowed: "subnets apart from each other",
          fix: "correct one",
        },
      ];
    }),
  ];
});

const publicSubnet = onAws(({ login, network }) => {
  if (network.vpcId === undefined || (login.bastion === undefined) === (network.publicSubnetId === undefined))
    return [];
  const missing = network.publicSubnetId === undefined;
  return [
    {
      path: "aws.network.publicSubnetId",
      ...(!missing && { value: network.publicSubnetId }),
      problem: missing
        ? "The bastion needs a subnet with a route to the internet, and the VPC is not ours to make one in."
        : "There is no bastion, so nothing would go there.",
      allowed: "publicSubnetId together with vpcId and a bastion",
      fix: missing
        ? "name the subnet, or log in directly (aws.login.cidrs)"
        : "remove the key, or add aws.login.bastion",
    },
  ];
});

const interfaceEndpoints = onAws(({ network }) =>
  network.interfaceEndpoints.flatMap((service, i): Fault[] => {
    const at = { path: `aws.network.interfaceEndpoints[${i}]`, value: service };
    const duplicate = earlierDuplicate(network.interfaceEndpoints, service, i, (other) => other);
    if (duplicate === undefined) return [];
    const problem = `aws.network.interfaceEndpoints[${duplicate.index}] is the same service.`;
    return [{ ...at, problem, allowed: "each service once", fix: "remove one of the two" }];
  }),
);

export const awsNetworkRules: readonly Rule[] = [
  zones,
  enoughZones,
  vpcCidr,
  withoutVpc,
  subnets,
  publicSubnet,
  interfaceEndpoints,
];
