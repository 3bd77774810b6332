/** Rules that the plan itself knows: is there a place for everything, and a port. */
import { place, placementFaults } from "../../plan/placement";
import { portFaults } from "../../plan/ports";
import { type Rule, whole } from "./rule";

/** Ports are given out by the names of services and the addresses of hosts: while those clash, clashes of ports are noise. */
const ports = whole((config) => {
  const groups = config.groups.map((group) => group.name);
  const hosts = config.hosts?.map((host) => host.name) ?? [];
  const addresses = config.target === "local" ? [] : (config.hosts?.map((host) => host.address) ?? []);
  const unclear = [groups, hosts, addresses].some((names) => new Set(names).size < names.length);
  if (unclear || groups.includes("zookeeper") || placementFaults(config).length > 0) return [];
  return portFaults(config, place(config));
});

export const planRules: readonly Rule[] = [whole(placementFaults), ports];
