/** Rules about target aws: what it needs, what means something only there, and who may log in. */
import { isOpenToTheWorld } from "../../plan/aws/plan";
import { parseNetwork } from "../../util/ipv4";
import type { Fault } from "../../../config/faults";
import { earlierDuplicate, each, onAws, type Rule, whole } from "./rule";

const section = whole((config) => {
  if (config.target === "aws" && config.aws === undefined) {
    return [
      {
        path: "aws",
        problem: "Target aws needs to know where, on what, and who may log in.",
        allowed: "a map with region, zones, image, instanceTypes and login",
        fix: "copy activemq:aws from config/Pulumi.dev.yaml, and put your own values in",
      },
    ];
  }
  if (config.target !== "aws" && config.aws !== undefined) {
    return [
      {
        path: "aws",
        value: config.aws,
        problem: `Target ${config.target} makes nothing there.`,
        allowed: "with target aws only",
        fix: "remove the key, or write target: aws",
      },
    ];
  }
  return [];
});

const hosts = whole((config) => {
  if (config.target !== "aws" || config.hosts === undefined) return [];
  return [
    {
      path: "hosts",
      value: config.hosts.map((host) => host.name),
      problem: "Target aws makes its own machines: as many as the groups, the placement and ZooKeeper need.",
      allowed: "hosts with target local or ssh only",
      fix: "remove the list; aws.instanceTypes says what the machines are",
    },
  ];
});

const addressBlocks = each(
  (config) => config.groups,
  (group, i, config) => {
    if (group.addressBlock === undefined) return [];
    const at = { path: `groups[${i}].addressBlock`, value: group.addressBlock };
    if (config.target !== "aws") {
      const problem = `Target ${config.target} gives out no addresses.`;
      return [{ ...at, problem, allowed: "with target aws only", fix: "remove the key" }];
    }
    if (config.placement === "interleaved") {
      const problem = "With placement interleaved all groups share the same hosts.";
      return [{ ...at, problem, allowed: "with placement hostPerBroker or hostPerGroup only", fix: "remove the key" }];
    }
    return [];
  },
);

/** Names that differ in capitals alone are one name in DNS. */
const dnsNames = each(
  (config) => config.groups,
  (group, i, config) => {
    if (config.target !== "aws") return [];
    const duplicate = earlierDuplicate(config.groups, group, i, (other) => other.name.toLowerCase());
    if (duplicate === undefined || duplicate.entry.name === group.name) return [];
    return [
      {
        path: `groups[${i}].name`,
        value: group.name,
        problem: `groups[${duplicate.index}] is \`${duplicate.entry.name}\`: their hosts would have the same names in DNS, which knows no capitals.`,
        allowed: "names that differ in more than capitals",
        fix: "rename one of the two",
      },
    ];
  },
);

/** With port 0 a master serves its slaves wherever it likes. */
const replicationPorts = each(
  (config) => config.groups,
  (group, i, config) => {
    if (config.target !== "aws" || group.ports.replication !== 0) return [];
    return [
      {
        path: `groups[${i}].ports.replication`,
        value: 0,
        problem: "The port would be another one with every master, and security groups open only what they know.",
        allowed: "a fixed port on target aws",
        fix: "remove the line for the default, or write a port",
      },
    ];
  },
);

const login = onAws(({ login: { bastion, cidrs } }) => {
  if (bastion !== undefined || cidrs !== undefined) return [];
  return [
    {
      path: "aws.login",
      problem: "Nobody could log in to the hosts, and so nothing could be set up on them.",
      allowed: "a bastion, or cidrs, or both",
      fix: "write bastion: {cidrs: [<your network>]}, or cidrs for networks that reach the VPC directly",
    },
  ];
});

const directCidrs = onAws((aws) =>
  (aws.login.cidrs ?? []).flatMap((cidr, i): Fault[] => {
    const at = { path: `aws.login.cidrs[${i}]`, value: cidr };
    if (parseNetwork(cidr) === undefined) return [notNetwork(at)];
    if (!isOpenToTheWorld(cidr)) return [];
    return [
      {
        ...at,
        problem: "Anybody on the internet could try to log in to every host.",
        allowed: "networks of at most /8; wider ones for the bastion only, with a warning",
        fix: "write the networks of those who shall log in",
      },
    ];
  }),
);

const bastionCidrs = onAws((aws) =>
  (aws.login.bastion?.cidrs ?? []).flatMap((cidr, i) =>
    parseNetwork(cidr) === undefined ? [notNetwork({ path: `aws.login.bastion.cidrs[${i}]`, value: cidr })] : [],
  ),
);

/** @returns the fault of a text that is no network */
export function notNetwork(at: { readonly path: string; readonly value: string }): Fault {
  return {
    ...at,
    problem: `\`${at.value}\` is no network: a number is out of range, or bits are set beyond the prefix.`,
    allowed: "four numbers from 0 to 255, a prefix from 0 to 32, and nothing beyond it, such as 10.1.0.0/16",
    fix: "correct it; one address alone is /32",
  };
}

const keyFile = onAws(({ login: { keyPair, privateKeyFile } }) => {
  if (privateKeyFile === undefined || keyPair !== undefined) return [];
  return [
    {
      path: "aws.login.privateKeyFile",
      value: privateKeyFile,
      problem: "Without keyPair a pair is generated, and this file would not be its private half.",
      allowed: "privateKeyFile together with keyPair",
      fix: "name the key pair of the region that it belongs to, or remove the line",
    },
  ];
});

/** Set by the program on everything. */
const OWN_TAGS = ["Name", "activemq-stack", "activemq-host"];

const tags = onAws((aws) =>
  aws.tags.flatMap((tag, i): Fault[] => {
    const at = { path: `aws.tags[${i}].key`, value: tag.key };
    const duplicate = earlierDuplicate(aws.tags, tag, i, (other) => other.key);
    if (duplicate !== undefined) {
      const problem = `aws.tags[${duplicate.index}] has the same key.`;
      return [{ ...at, problem, allowed: "each key once", fix: "remove one of the two" }];
    }
    if (/^aws:/i.test(tag.key) || OWN_TAGS.includes(tag.key)) {
      const problem = OWN_TAGS.includes(tag.key) ? "The program sets this tag itself." : "AWS keeps these keys.";
      return [{ ...at, problem, allowed: `any key but ${OWN_TAGS.join(", ")} and aws:...`, fix: "choose another key" }];
    }
    return [];
  }),
);

export const awsRules: readonly Rule[] = [
  section,
  hosts,
  addressBlocks,
  dnsNames,
  replicationPorts,
  login,
  directCidrs,
  bastionCidrs,
  keyFile,
  tags,
];
