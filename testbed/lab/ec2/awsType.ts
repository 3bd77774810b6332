/** A resource type of AWS as the lab plays it: a row of data for most, with work of its own where there is some. */
import type { HandlerContext } from "../../../operate/engine/standIn/handlers/handler";
import type { WireMap } from "../../../operate/engine/standIn/values";
import type { Account, Kind, AccountEntry } from "./account";
import type { Ec2Lab } from "./ec2Lab";

export interface AwsType {
  readonly kind: Kind;
  /** Inputs whose change makes another resource. */
  readonly fixed: readonly string[];
  /** Inputs that change in place. */
  readonly changeable: readonly string[];
  /** Inputs that are the id, or ids, of another thing. */
  readonly references?: Readonly<Record<string, Kind>>;
  /** The id, as AWS forms it. */
  readonly id: (inputs: WireMap, context: HandlerContext) => string;
  /** What AWS computes; refuses what it would. Nothing is done yet. */
  readonly computed?: (made: AccountEntry, account: Account) => WireMap;
  /** Done once it is written down. @returns further values */
  readonly begin?: (made: AccountEntry, lab: Ec2Lab) => Promise<WireMap>;
  readonly change?: (now: AccountEntry, before: AccountEntry, lab: Ec2Lab) => Promise<void>;
  /** Done before it is crossed out; refuses what AWS would. */
  readonly end?: (doomed: AccountEntry, lab: Ec2Lab) => Promise<void>;
  /** Kinds of things that may still name it when it goes. */
  readonly outlivedBy?: readonly Kind[];
}
