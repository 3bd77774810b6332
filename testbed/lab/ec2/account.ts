/** What the lab's stand-in for an AWS account has, in one file: enough to remove it all, also after a crash. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Wire, WireMap } from "../../../operate/engine/standIn/values";

/** What AWS calls the fault of naming something that is not there, by what it is. */
const NOT_FOUND = {
  Vpc: "InvalidVpcID.NotFound",
  Subnet: "InvalidSubnetID.NotFound",
  RouteTable: "InvalidRouteTableID.NotFound",
  RouteTableAssociation: "InvalidAssociationID.NotFound",
  Route: "InvalidRoute.NotFound",
  InternetGateway: "InvalidInternetGatewayID.NotFound",
  VpcEndpoint: "InvalidVpcEndpointId.NotFound",
  PrefixList: "InvalidPrefixListID.NotFound",
  SecurityGroup: "InvalidGroup.NotFound",
  SecurityGroupRule: "InvalidSecurityGroupRuleId.NotFound",
  NetworkInterface: "InvalidNetworkInterfaceID.NotFound",
  PlacementGroup: "InvalidPlacementGroup.Unknown",
  KeyPair: "InvalidKeyPair.NotFound",
  Instance: "InvalidInstanceID.NotFound",
  Address: "InvalidAllocationID.NotFound",
  AddressAssociation: "InvalidAssociationID.NotFound",
  Volume: "InvalidVolume.NotFound",
  VolumeAttachment: "InvalidAttachment.NotFound",
  Bucket: "NoSuchBucket",
  BucketSetting: "NoSuchConfiguration",
  Object: "NoSuchKey",
  Role: "NoSuchEntity",
  RolePolicy: "NoSuchEntity",
  Policy: "NoSuchEntity",
  InstanceProfile: "NoSuchEntity",
  Zone: "NoSuchHostedZone",
  Record: "NoSuchRecord",
  DbSubnetGroup: "DBSubnetGroupNotFoundFault",
  DbParameterGroup: "DBParameterGroupNotFound",
  DbInstance: "DBInstanceNotFound",
  Secret: "ResourceNotFoundException",
  SecretVersion: "ResourceNotFoundException",
} as const;

export type Kind = keyof typeof NOT_FOUND;

/** One entry of the account. */
export interface AccountEntry {
  readonly kind: Kind;
  /** As AWS has it: an id, a name, an ARN or several of these. Unique within the kind. */
  readonly id: string;
  /** What it was made from, and what came of it. */
  readonly values: WireMap;
}

interface AccountFile {
  readonly lab: string;
  readonly machines: number;
  readonly things: readonly AccountEntry[];
}

/** @throws Error in AWS's words */
export function refuse(code: string, words: string): never {
  throw new Error(`${code}: ${words} (the lab that plays EC2)`);
}

export class Account {
  private constructor(
    readonly file: string,
    /** Six hex digits, in every name that this lab has outside its folder. */
    readonly lab: string,
    private machines: number,
    private things: readonly AccountEntry[],
  ) {}

  /** An account with nothing in it. */
  static empty(file: string): Account {
    return new Account(file, randomBytes(3).toString("hex"), 0, []);
  }

  /** @returns undefined when there is none */
  static read(file: string): Account | undefined {
    if (!existsSync(file)) return undefined;
    const { lab, machines, things } = JSON.parse(readFileSync(file, "utf8")) as AccountFile;
    return new Account(file, lab, machines, things);
  }

  get isEmpty(): boolean {
    return this.things.length === 0;
  }

  all(kind: Kind): readonly AccountEntry[] {
    return this.things.filter((entry) => entry.kind === kind);
  }

  find(kind: Kind, id: string): AccountEntry | undefined {
    return this.things.find((entry) => entry.kind === kind && entry.id === id);
  }

  /** @throws Error as AWS does when there is none */
  get(kind: Kind, id: string): AccountEntry {
    return this.find(kind, id) ?? refuse(NOT_FOUND[kind], `there is no ${kind} ${id}`);
  }

  /** The other entries that name this one. */
  naming({ kind, id }: AccountEntry): readonly AccountEntry[] {
    return this.things.filter((entry) => !(entry.kind === kind && entry.id === id) && mentions(entry.values, id));
  }

  /** Writes an entry down, in the place of one of the same id. */
  put(entry: AccountEntry): AccountEntry {
    const rest = this.things.filter(({ kind, id }) => kind !== entry.kind || id !== entry.id);
    this.things = [...rest, entry];
    this.save();
    return entry;
  }

  /** @throws Error as AWS does when it is gone */
  change(kind: Kind, id: string, values: WireMap): AccountEntry {
    return this.put({ kind, id, values: { ...this.get(kind, id).values, ...values } });
  }

  remove({ kind, id }: Pick<AccountEntry, "kind" | "id">): void {
    this.things = this.things.filter((entry) => entry.kind !== kind || entry.id !== id);
    this.save();
  }

  /** A number that no machine of this lab had before. */
  nextMachine(): number {
    this.machines += 1;
    this.save();
    return this.machines;
  }

  /** A rename, so that nobody ever reads half of it. */
  save(): void {
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    const content: AccountFile = { lab: this.lab, machines: this.machines, things: this.things };
    writeFileSync(`${this.file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
  }
}

/** The number of the lab's account, which nobody has. */
export const ACCOUNT_ID = "000000000000";

export function newId(prefix: string): string {
  return `${prefix}-${randomBytes(9).toString("hex").slice(0, 17)}`;
}

/** A text of an entry; empty when it has none of that name. */
export function textOf({ values }: Pick<AccountEntry, "values">, name: string): string {
  const value = values[name];
  return typeof value === "string" ? value : "";
}

/** A text among inputs; empty when there is none of that name. */
export function inputOf(inputs: WireMap, name: string): string {
  return textOf({ values: inputs }, name);
}

/** A list of texts of an entry; empty when it has none of that name. */
export function listOf({ values }: Pick<AccountEntry, "values">, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function mentions(value: Wire, id: string): boolean {
  if (value === id) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((item) => mentions(item, id));
}
