/** Which port serves what. Pure: ports given by the user first, the rest by default, none twice on an address. */
import { hasTransport } from "../../config/groupSettings";
import type { ClusterConfig, GroupConfig } from "../../config/schema";
import type { Fault } from "../../config/faults";
import { isReplicated } from "../products/stores";
import type { Placed, PlacedBroker } from "./placement";
import { storeOf } from "../products/storesOf";
import { ALL_TRANSPORTS, TRANSPORTS, type Transport } from "../products/transports";
import type { BrokerPorts, PlannedMember } from "./model";

/** First ports of what is for no client. */
const OTHER_PORTS = {
  /** openwire + 1000: the product's 61619 would collide with the fourth broker of a shared address. */
  replication: 62616,
  /** The JMX exporter's registered port. */
  metrics: 9404,
} as const;

type Purpose = Transport | keyof typeof OTHER_PORTS;

const isTransport = (purpose: Purpose): purpose is Transport => Object.hasOwn(TRANSPORTS, purpose);
const defaultPort = (purpose: Purpose) => (isTransport(purpose) ? TRANSPORTS[purpose].port : OTHER_PORTS[purpose]);

/** A port opened on every address of a machine. */
const ANY_ADDRESS = "0.0.0.0";

const LAST_PORT = 65535;

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
  /** Of the database server, where there is one. */
  readonly database: number;
  readonly claims: readonly Claim[];
}

/** The ports of every broker and member. Never throws: clashes between given ports are what portFaults reports. */
export function assignPorts(config: ClusterConfig, placed: Placed): AssignedPorts {
  const given = [...givenBrokerPorts(config, placed), ...memberPorts(config, placed), ...databasePort(config, placed)];
  const claims = [...given, ...defaultBrokerPorts(config, placed, given)];
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
    database: config.jdbc.port,
  };
}

/** Which service has a port where. */
class PortBook {
  private readonly byPort = new Map<number, Map<string, Claim>>();

  /** Who has the port already: on the address, or on every address of the machine. */
  holder(address: string, port: number): Claim | undefined {
    const held = this.byPort.get(port);
    return (
      held?.get(address) ??
      held?.get(ANY_ADDRESS) ??
      (address === ANY_ADDRESS ? held?.values().next().value : undefined)
    );
  }

  enter(claim: Claim): void {
    const held = this.byPort.get(claim.port) ?? new Map<string, Claim>();
    this.byPort.set(claim.port, held.set(claim.address, claim));
  }
}

/** Every port that two services would open on one address, and every one that does not exist. */
export function portFaults(config: ClusterConfig, placed: Placed): Fault[] {
  const book = new PortBook();
  // Two groups that meet on one host, or with one of their ports, meet on the next as well: one fault says it.
  const faults = new Map<string, Fault>();
  const report = (key: string, fault: Fault) => faults.has(key) || faults.set(key, fault);
  for (const claim of assignPorts(config, placed).claims) {
    if (claim.port === 0) continue;
    const other = book.holder(claim.address, claim.port);
    if (other === undefined) book.enter(claim);
    else report(`${settingOf(claim)} ${settingOf(other)}`, clash(claim, other));
    if (claim.port > LAST_PORT) report(settingOf(claim), beyond(claim));
  }
  return [...faults.values()];
}

/** What a port comes from. */
function settingOf(claim: Claim): string {
  return claim.path ?? `${claim.service} ${claim.purpose}`;
}

function beyond(claim: Claim): Fault {
  return {
    path: claim.path ?? "groups",
    value: claim.port,
    problem: `${claim.service}'s ${claim.purpose} port would be ${claim.port}.`,
    allowed: `ports up to ${LAST_PORT}`,
    fix: "start lower",
  };
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

function purposes(config: ClusterConfig, group: GroupConfig): Purpose[] {
  return [
    ...ALL_TRANSPORTS.filter((transport) => transport === "openwire" || hasTransport(config, group, transport)),
    ...(isReplicated(storeOf(config, group)) ? (["replication"] as const) : []),
    "metrics",
  ];
}

/**
 * On local all addresses are one machine's: metrics listen on 127.0.0.1 whatever the host's address is, and a replication port
 * bound to every address is taken on all of them. Elsewhere a host is a machine, and its address stands for it.
 */
function addressFor(config: ClusterConfig, purpose: Purpose, broker: PlacedBroker): string {
  if (config.target !== "local") return broker.address;
  if (purpose === "metrics") return "127.0.0.1";
  return purpose === "replication" ? (config.replicatedLevelDB.bindAddress ?? broker.address) : broker.address;
}

function givenBrokerPorts(config: ClusterConfig, placed: Placed): Claim[] {
  return config.groups.flatMap((group, g) =>
    purposes(config, group).flatMap((purpose) => {
      const base = group.ports[purpose];
      if (base === undefined) return [];
      const earlier = new Map<string, number>();
      return placed.brokers
        .filter((broker) => broker.group === group.name)
        .map((broker) => {
          const address = addressFor(config, purpose, broker);
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
      const path = `zookeeper.ports.${purpose}${Array.isArray(setting) ? `[${i}]` : ""}`;
      return { service: member.name, purpose, address: member.address, path, port };
    });
  });
}

function databasePort({ jdbc }: ClusterConfig, { database }: Placed): Claim[] {
  if (database === undefined) return [];
  const { name: service, address } = database;
  return [{ service, purpose: "database", address, path: "jdbc.port", port: jdbc.port }];
}

function defaultBrokerPorts(config: ClusterConfig, placed: Placed, given: readonly Claim[]): Claim[] {
  const has = new Set(given.map((claim) => `${claim.service} ${claim.purpose}`));
  const book = new PortBook();
  for (const claim of given) book.enter(claim);
  const wanted = new Map(config.groups.map((group) => [group.name, purposes(config, group)]));
  const all: readonly Purpose[] = [...ALL_TRANSPORTS, "replication", "metrics"];
  return all.flatMap((purpose) => {
    // Below, all is taken: beginning anew for each of many brokers on an address would take the square of their number.
    const next = new Map<string, number>();
    return placed.brokers
      .filter((broker) => wanted.get(broker.group)?.includes(purpose) && !has.has(`${broker.name} ${purpose}`))
      .map((broker) => {
        const address = addressFor(config, purpose, broker);
        let port = next.get(address) ?? defaultPort(purpose);
        while (book.holder(address, port) !== undefined) port += 1;
        next.set(address, port + 1);
        const claim: Claim = { service: broker.name, purpose, address, port };
        book.enter(claim);
        return claim;
      });
  });
}
