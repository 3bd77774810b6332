/** What holds of the machines and the security groups of every valid stack file of target aws. */
import { STORES, neededBrokers, usualBrokers } from "../../../../core/products/stores";
import { plan } from "../../../../core/plan/plan";
import { parseAddress, parseNetwork, sizeOf } from "../../../../core/util/ipv4";
import { validValues } from "../../../support/arbitraries";
import { everyPlan } from "../../../support/everyPlan";
import type { SecurityRule, PlannedAws } from "../../../../core/plan/aws/model";
import { brokersOf, type ClusterPlan } from "../../../../core/plan/model";

const holdsOfPlans = everyPlan(
  300,
  validValues.filter(({ target }) => target === "aws"),
);

function holds(property: (aws: PlannedAws, plan: ClusterPlan) => void): void {
  holdsOfPlans((planned) => {
    if (planned.aws === undefined) throw new Error("no plan of aws");
    property(planned.aws, planned);
  });
}

const machineOf = (aws: PlannedAws, host: string) => {
  const machine = aws.machines.find((candidate) => candidate.host === host);
  if (machine === undefined) throw new Error(`no machine ${host}`);
  return machine;
};
const isUnique = (items: readonly unknown[]) => new Set(items).size === items.length;

describe("machines", () => {
  it("are one for each host, with a name and an address of its own, known by that name to everybody", () => {
    holds((aws, { hosts }) => {
      expect(aws.machines.map(({ host }) => host)).toEqual(hosts.map(({ name }) => name));
      expect(aws.machines.map(({ dnsName }) => dnsName)).toEqual(hosts.map(({ address }) => address));
      expect(isUnique(aws.machines.map(({ dnsName }) => dnsName))).toBe(true);
      expect(isUnique(aws.machines.map(({ address }) => address))).toBe(true);
    });
  });

  it("have addresses that their zone's subnet has to give", () => {
    holds(({ machines, network }) => {
      for (const { zone, address } of machines) {
        const subnet = parseNetwork(network.subnets.find((candidate) => candidate.zone === zone)?.cidr ?? "");
        const n = (parseAddress(address) ?? 0) - (subnet?.first ?? 0);
        expect(n).toBeGreaterThanOrEqual(4);
        expect(n).toBeLessThan(sizeOf(subnet ?? { first: 0, prefix: 32 }) - 1);
      }
    });
  });

  it("keep a majority of the ensemble, and what every group on machines of its own needs, when any zone is lost", () => {
    holds((aws, { groups, ensemble, config }) => {
      for (const zone of config.aws?.zones ?? []) {
        const left = (services: readonly { host: string }[]) =>
          services.filter(({ host }) => machineOf(aws, host).zone !== zone).length;
        const members = ensemble?.members ?? [];
        if (members.length > 0) expect(2 * left(members)).toBeGreaterThan(members.length);
        if (config.placement === "hostPerGroup") continue;
        for (const { brokers, store } of groups) {
          if (brokers.length < 2) continue;
          expect(left(brokers)).toBeGreaterThanOrEqual(neededBrokers(store, brokers.length));
        }
      }
    });
  });

  it("are in a spread placement group of at most seven in a zone", () => {
    holds((aws) => {
      for (const group of aws.placementGroups) {
        for (const { zone } of aws.network.subnets) {
          const together = aws.machines.filter(
            (machine) => machine.placementGroup === group && machine.zone === zone,
          ).length;
          expect(together).toBeLessThanOrEqual(7);
        }
      }
      for (const { placementGroup } of aws.machines) expect(aws.placementGroups).toContain(placementGroup);
    });
  });

  it("never carry a member beside a broker", () => {
    holds((aws, { ensemble, groups }) => {
      const carrying = new Set(brokersOf({ groups }).map(({ host }) => host));
      for (const { host } of ensemble?.members ?? []) expect(carrying.has(host)).toBe(false);
    });
  });

  it("stay where they are when another group comes, and when the first one goes, with the blocks written down", () => {
    holds((aws, { config }) => {
      if (config.placement === "interleaved") return;
      const others = config.groups.slice(1).map((group, i) => ({ ...group, addressBlock: i + 1 }));
      if (others.length === 0 || config.topology === "spokes" || config.topology === "custom") return;
      const after = plan("test", { ...config, groups: others });
      for (const machine of after.aws?.machines ?? []) expect(machine).toEqual(machineOf(aws, machine.host));
      const more = plan("test", {
        ...config,
        groups: [
          ...config.groups,
          { name: "another", brokers: usualBrokers(config.store), retire: false as const, ports: {} },
        ],
      });
      for (const machine of aws.machines) {
        expect(more.aws?.machines.find(({ host }) => host === machine.host)).toEqual(machine);
      }
    });
  });
});

describe("security groups", () => {
  const allows = (rules: readonly SecurityRule[], from: readonly string[], to: readonly string[], port: number) => {
    const has = (direction: string, at: readonly string[], peers: readonly string[]) =>
      rules.some(
        ({ group, peer, ...rule }) =>
          rule.direction === direction &&
          rule.port === port &&
          at.includes(group) &&
          "group" in peer &&
          peers.includes(peer.group),
      );
    return has("egress", from, to) && has("ingress", to, from);
  };

  it("let every connection through that the plan needs, at both ends", () => {
    holds((aws, { groups, bridges, ensemble }) => {
      const { rules } = aws.security;
      const at = (host: string) => machineOf(aws, host).securityGroups;
      for (const { brokers } of groups) {
        for (const broker of brokers) {
          expect(allows(rules, ["clients"], at(broker.host), broker.ports.openwire)).toBe(true);
          for (const other of brokers) {
            if (broker.ports.replication === undefined || other.host === broker.host) continue;
            expect(allows(rules, at(other.host), at(broker.host), broker.ports.replication)).toBe(true);
          }
          for (const member of ensemble?.members ?? []) {
            expect(allows(rules, at(broker.host), at(member.host), member.ports.client)).toBe(true);
          }
        }
      }
      for (const bridge of bridges) {
        const of = (name: string) => groups.find((group) => group.name === name)?.brokers ?? [];
        for (const dialler of of(bridge.from)) {
          for (const dialled of of(bridge.to)) {
            expect(allows(rules, at(dialler.host), at(dialled.host), dialled.ports.openwire)).toBe(true);
          }
        }
      }
      const members = ensemble?.members ?? [];
      for (const member of members) {
        for (const other of members) {
          expect(allows(rules, at(other.host), at(member.host), member.ports.peer)).toBe(true);
          expect(allows(rules, at(other.host), at(member.host), member.ports.election)).toBe(true);
        }
      }
    });
  });

  it("let brokers alone, and all of them, to their database: the one that is made, or the networks of a given one", () => {
    holds((aws, { groups, database, config }) => {
      const { rules } = aws.security;
      const toDatabase = rules.filter(({ description }) => description === "Brokers to their database");
      const stored = groups.filter(({ store }) => STORES[store].election === "database");
      const ours = new Set(brokersOf({ groups: stored }).map(({ host }) => machineOf(aws, host).securityGroups[0]));
      if (database === undefined) expect(toDatabase).toEqual([]);
      else if (database.rds === undefined) {
        const peers = [...ours].flatMap((group) => ["10.8.0.0/24", "10.8.7.0/24"].map((cidr) => [group, cidr]));
        expect(toDatabase.map(({ group, peer }) => [group, "cidr" in peer ? peer.cidr : ""]).sort()).toEqual(
          peers.sort(),
        );
        for (const { direction, port } of toDatabase) expect([direction, port]).toEqual(["egress", 5433]);
      } else {
        for (const group of ours) expect(allows(rules, [group ?? ""], ["database"], config.jdbc.port)).toBe(true);
        const into = rules.filter(({ group }) => group === "database");
        expect(new Set(into.map(({ peer }) => ("group" in peer ? peer.group : peer)))).toEqual(ours);
        for (const { direction } of into) expect(direction).toBe("ingress");
      }
    });
  });

  it("let brokers alone, and all of them, to the file system that they share", () => {
    holds((aws, { groups }) => {
      const { fileSystem } = aws;
      const { rules } = aws.security;
      const sharing = groups.filter(({ store }) => STORES[store].election === "file");
      expect(fileSystem?.accessPoints.map(({ group }) => group) ?? []).toEqual(sharing.map(({ name }) => name));
      const into = rules.filter(({ group }) => group === "files");
      const brokers = brokersOf({ groups: sharing }).map(({ host }) => machineOf(aws, host).securityGroups[0]);
      expect(new Set(into.map(({ peer }) => ("group" in peer ? peer.group : peer)))).toEqual(new Set(brokers));
      for (const { direction, port } of into) expect([direction, port]).toEqual(["ingress", 2049]);
      for (const group of brokers) {
        expect(allows(rules, [group ?? ""], ["files"], 2049)).toBe(true);
      }
    });
  });

  it("keep clients and groups that are not linked from replication, ZooKeeper and each other", () => {
    holds((aws, { groups, bridges, ensemble, config }) => {
      const { rules } = aws.security;
      const at = (host: string) => machineOf(aws, host).securityGroups;
      for (const member of ensemble?.members ?? []) {
        for (const port of Object.values(member.ports))
          expect(allows(rules, ["clients"], at(member.host), port)).toBe(false);
      }
      if (config.placement === "interleaved") return;
      for (const group of groups) {
        for (const other of groups.filter(({ name }) => name !== group.name)) {
          const linked = bridges.some(({ from, to }) => from === other.name && to === group.name);
          for (const broker of group.brokers) {
            const from = at(other.brokers[0]?.host ?? "");
            if (broker.ports.replication !== undefined) {
              expect(allows(rules, from, at(broker.host), broker.ports.replication)).toBe(false);
            }
            expect(allows(rules, from, at(broker.host), broker.ports.openwire)).toBe(linked);
          }
        }
      }
    });
  });

  it("let nobody in from outside but those who log in", () => {
    holds(({ security, config }) => {
      for (const rule of security.rules) {
        if (rule.direction !== "ingress" || !("cidr" in rule.peer)) continue;
        expect(rule.port).toBe(22);
        expect(["hosts", "bastion"]).toContain(rule.group);
        const given = rule.group === "hosts" ? config.login.cidrs : config.login.bastion?.cidrs;
        expect(given).toContain(rule.peer.cidr);
      }
    });
  });

  it("know each other, say each thing once, in characters that AWS takes", () => {
    holds(({ security: { groups, rules }, machines }) => {
      const names = groups.map(({ name }) => name);
      expect(isUnique(names)).toBe(true);
      expect(isUnique(rules.map(({ id }) => id))).toBe(true);
      for (const machine of machines) for (const group of machine.securityGroups) expect(names).toContain(group);
      for (const { group, peer, description } of rules) {
        expect(names).toContain(group);
        if ("group" in peer) expect(names).toContain(peer.group);
        expect(description).toMatch(/^[A-Za-z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
      }
    });
  });
});
