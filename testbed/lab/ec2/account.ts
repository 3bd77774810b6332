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

/** One thing of the account. */
export interface Thing {
  readonly kind: Kind;
  /** As AWS has it: an id, a name, an ARN or several of these. Unique within the kind. */
  readonly id: string;
  /** What it was made from, and what came of it. */
  readonly values: WireMap;
}

interface AccountFile {
  readonly lab: string;
  readonly machines: number;
  readonly things: readonly Thing[];
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
    private things: readonly Thing[],
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

  all(kind: Kind): readonly Thing[] {
    return this.things.filter((thing) => thing.kind === kind);
  }

  find(kind: Kind, id: string): Thing | undefined {
    return this.things.find((thing) => thing.kind === kind && thing.id === id);
  }

  /** @throws Error as AWS does when there is none */
  get(kind: Kind, id: string): Thing {
    return this.find(kind, id) ?? refuse(NOT_FOUND[kind], `there is no ${kind} ${id}`);
  }

  /** The other things that name this one. */
  naming({ kind, id }: Thing): readonly Thing[] {
    return this.things.filter((thing) => !(thing.kind === kind && thing.id === id) && mentions(thing.values, id));
  }

  /** Writes a thing down, in the place of one of the same id. */
  put(thing: Thing): Thing {
    const rest = this.things.filter(({ kind, id }) => kind !== thing.kind || id !== thing.id);
    this.things = [...rest, thing];
    this.save();
    return thing;
  }

  /** @throws Error as AWS does when it is gone */
  change(kind: Kind, id: string, values: WireMap): Thing {
    return this.put({ kind, id, values: { ...this.get(kind, id).values, ...values } });
  }

  remove({ kind, id }: Pick<Thing, "kind" | "id">): void {
    this.things = this.things.filter((thing) => thing.kind !== kind || thing.id !== id);
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

/** A text of a thing; empty when it has none of that name. */
export function textOf({ values }: Pick<Thing, "values">, name: string): string {
  const value = values[name];
  return typeof value === "string" ? value : "";
}

/** A text among inputs; empty when there is none of that name. */
export function inputOf(inputs: WireMap, name: string): string {
  return textOf({ values: inputs }, name);
}

/** A list of texts of a thing; empty when it has none of that name. */
export function listOf({ values }: Pick<Thing, "values">, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function mentions(value: Wire, id: string): boolean {
  if (value === id) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((item) => mentions(item, id));
}
