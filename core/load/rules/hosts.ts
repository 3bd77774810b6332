/** Rules about the machines. */
import type { ClusterConfig } from "../../../config/schema";
import { earlierDuplicate, each, type Rule } from "./rule";

const hosts = (config: ClusterConfig) => config.hosts;

/** Four numbers are an IPv4 address, whatever else they look like. */
const NUMERIC = /^[\d.]+$/;

function isIpv4(address: string): boolean {
  const parts = address.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

const isLoopback = (address: string) => address.startsWith("127.") || address.toLowerCase() === "localhost";

const names = each(hosts, (host, i, config) => {
  const duplicate = earlierDuplicate(config.hosts ?? [], host, i, (other) => other.name);
  if (duplicate === undefined) return [];
  return [
    {
      path: `hosts[${i}].name`,
      value: host.name,
      problem: `hosts[${duplicate.index}] has the same name.`,
      allowed: "a name of its own for each host",
      fix: "rename one of the two",
    },
  ];
});

const addresses = each(hosts, (host, i, config) => {
  const at = { path: `hosts[${i}].address`, value: host.address };
  if (config.target === "local") {
    if (isIpv4(host.address) && isLoopback(host.address)) return [];
    return [
      {
        ...at,
        problem: "Target local runs everything on this machine, and this is not one of its loopback addresses.",
        allowed: "127.0.0.1 to 127.255.255.254",
        fix: "write an address such as 127.0.1.1, or choose target ssh",
      },
    ];
  }
  if (isLoopback(host.address) || host.address === "0.0.0.0") {
    return [
      {
        ...at,
        problem: "Other hosts and clients dial this address, and on each of them it means that machine itself.",
        allowed: "an address that every host and client can reach",
        fix: "write the machine's own address, or choose target local",
      },
    ];
  }
  if (NUMERIC.test(host.address) && !isIpv4(host.address)) {
    const problem = "It is neither an IPv4 address nor a name.";
    return [{ ...at, problem, allowed: "four numbers from 0 to 255, or a DNS name", fix: "correct the address" }];
  }
  return [];
});

/** On local hosts are folders, and any number of them may listen on one loopback address. */
const machines = each(hosts, (host, i, config) => {
  if (config.target === "local") return [];
  const duplicate = earlierDuplicate(config.hosts ?? [], host, i, (other) => other.address.toLowerCase());
  if (duplicate === undefined) return [];
  return [
    {
      path: `hosts[${i}].address`,
      value: host.address,
      problem: `hosts[${duplicate.index}] has the same address: two hosts on one machine would be lost together.`,
      allowed: "a machine of its own for each host",
      fix: "remove one of the two, or correct its address",
    },
  ];
});

const roles = each(hosts, (host, i) => {
  const twice = host.roles.find((role, j) => host.roles.indexOf(role) !== j);
  if (twice === undefined) return [];
  return [
    {
      path: `hosts[${i}].roles`,
      value: host.roles,
      problem: `The role ${twice} is listed twice.`,
      allowed: "each role once",
      fix: "remove one of the two",
    },
  ];
});

export const hostRules: readonly Rule[] = [names, addresses, machines, roles];
