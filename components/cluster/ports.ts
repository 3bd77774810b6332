/** Which port serves what. Pure: ports given by the user first, the rest by default, none twice on an address. */
import type { ClusterConfig } from "../../config/schema.js";
import { OPTIONAL_TRANSPORTS } from "../../config/schema.js";
import type { Fault } from "../../config/faults.js";
import type { Placed, PlacedBroker } from "./placement.js";
import type { BrokerPorts, PlannedMember } from "./plan.js";

/** First port per purpose: the products' own defaults, so that firewalls and habits fit. */
const DEFAULT_PORTS = {
  openwire: 61616,
  amqp: 5672,
  stomp: 61613,
  mqtt: 1883,
  ws: 61614,
  /** openwire + 1000: the product's 61619 would collide with the fourth broker of a shared address. */
  replication: 62616,
  /** The JMX exporter's registered port. */
  metrics: 9404,
} as const;

type Purpose = keyof typeof DEFAULT_PORTS;

interface Claim {
  readonly service: string;
  readonly purpose: string;
  readonly address: string;
  /** Where the stack file says so; absent for a default. */
  readonly path?: string;
  readonly port: number;
}

export interface AssignedPorts {
  readonly broker: (name: string) => BrokerPorts;
  readonly member: (name: string) => PlannedMember["ports"];
  readonly claims: readonly Claim[];
}

/** The ports of every broker and member. Never throws: clashes between given ports are what portFaults reports. */
export function assignPorts(config: ClusterConfig, placed: Placed): AssignedPorts {
  const given = [...givenBrokerPorts(config, placed), ...memberPorts(config, placed)];
  const taken = new Set(given.map((claim) => `${claim.address}:${claim.port}`));
  const claims = [...given, ...defaultBrokerPorts(config, placed, given, taken)];
  const byService = new Map<string, Record<string, number>>();
  for (const claim of claims) {
    byService.set(claim.service, { ...byService.get(claim.service), [claim.purpose]: claim.port });
  }
  const of = (service: string): unknown => {
    const found = byService.get(service);
    if (found === undefined) throw new Error(`no ports for ${service}`);
    return found;
  };
  return {
    claims,
    broker: (name) => of(name) as BrokerPorts,
    member: (name) => of(name) as PlannedMember["ports"],
  };
}

/** Every port that two services would open on one address. */
export function portFaults(config: ClusterConfig, placed: Placed): Fault[] {
  const first = new Map<string, Claim>();
  const faults: Fault[] = [];
  for (const claim of assignPorts(config, placed).claims) {
    if (claim.port === 0) continue;
    const key = `${claim.address}:${claim.port}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, claim);
    else faults.push(clash(claim, other));
    if (claim.port > 65535) {
      faults.push({
        path: claim.path ?? "groups",
        value: claim.port,
        problem: `${claim.service}'s ${claim.purpose} port would be ${claim.port}.`,
        allowed: "ports up to 65535",
        fix: "start lower",
      });
    }
  }
  return faults;
}

function clash(claim: Claim, other: Claim): Fault {
  return {
    path: claim.path ?? other.path ?? "groups",
    value: claim.port,
    problem: `Port ${claim.port} on ${claim.address} is used twice: ${other.service} (${other.purpose}) and ${claim.service} (${claim.purpose}).`,
    allowed: "a port of its own for every service on an address",
    fix: "move one of the two",
  };
}

function purposes(config: ClusterConfig): Purpose[] {
  const transports = OPTIONAL_TRANSPORTS.filter((transport) => config.transports[transport]);
  return [
    "openwire",
    ...transports,
    ...(config.store === "replicatedLevelDB" ? (["replication"] as const) : []),
    "metrics",
  ];
}

/** Metrics listen on loopback whatever the host's address is. */
function addressFor(purpose: Purpose, broker: PlacedBroker): string {
  return purpose === "metrics" && broker.address.startsWith("127.") ? "127.0.0.1" : broker.address;
}

function givenBrokerPorts(config: ClusterConfig, placed: Placed): Claim[] {
  return config.groups.flatMap((group, g) =>
    purposes(config).flatMap((purpose) => {
      const base = group.ports[purpose];
      if (base === undefined) return [];
      const earlier = new Map<string, number>();
      return placed.brokers
        .filter((broker) => broker.group === group.name)
        .map((broker) => {
          const address = addressFor(purpose, broker);
          const shift = earlier.get(address) ?? 0;
          earlier.set(address, shift + 1);
          const port = base === 0 ? 0 : base + shift;
          return { service: broker.name, purpose, address, path: `groups[${g}].ports.${purpose}`, port };
        });
    }),
  );
}

function memberPorts(config: ClusterConfig, placed: Placed): Claim[] {
  return (["client", "peer", "election"] as const).flatMap((purpose) => {
    const setting = config.zookeeper.ports[purpose];
    const earlier = new Map<string, number>();
    return placed.members.map((member, i) => {
      const shift = earlier.get(member.address) ?? 0;
      earlier.set(member.address, shift + 1);
      // A list that is too short is a fault of rules.ts; counting on from its end keeps this total.
      const port = Array.isArray(setting)
        ? (setting[i] ?? (setting[setting.length - 1] ?? 0) + i + 1 - setting.length)
        : setting + shift;
      return { service: member.name, purpose, address: member.address, path: `zookeeper.ports.${purpose}`, port };
    });
  });
}

function defaultBrokerPorts(
  config: ClusterConfig,
  placed: Placed,
  given: readonly Claim[],
  taken: Set<string>,
): Claim[] {
  const has = new Set(given.map((claim) => `${claim.service} ${claim.purpose}`));
  return purposes(config).flatMap((purpose) =>
    placed.brokers
      .filter((broker) => !has.has(`${broker.name} ${purpose}`))
      .map((broker) => {
        const address = addressFor(purpose, broker);
        let port: number = DEFAULT_PORTS[purpose];
        while (taken.has(`${address}:${port}`)) port += 1;
        taken.add(`${address}:${port}`);
        return { service: broker.name, purpose, address, port };
      }),
  );
}
