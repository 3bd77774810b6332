/**
 * Ids that another resource of the same program makes. The plan is plain data before the first resource, so a text stands for each
 * in it, of the same form; what is registered, and what is asked of AWS, gets the id itself.
 */
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import type { Fault } from "../config/faults";

/** The text that stands for a value, by the name of its key. None of these decides what exists. */
const FORMS: Readonly<Record<string, (digits: string) => string>> = {
  vpcId: (digits) => `vpc-${digits}`,
  id: (digits) => `subnet-${digits}`,
  publicSubnetId: (digits) => `subnet-${digits}`,
  routeTableIds: (digits) => `rtb-${digits}`,
  keyPair: (digits) => `given-${digits}`,
  kmsKeyArn: (digits) => `arn:aws:kms:given:${digits}`,
  permissionsBoundary: (digits) => `arn:aws:iam:given:${digits}`,
};

/** As long as an id of AWS may be. */
const DIGITS = 17;

export class PendingInputs {
  /** By the text that stands for each. */
  private readonly values = new Map<string, pulumi.Output<string>>();

  /** What of a value cannot wait to be known. */
  readonly faults: Fault[] = [];

  /** A value with a text in the place of each that is not known yet. @param path where it is */
  plain(value: unknown, path: string, key = path): unknown {
    if (pulumi.Output.isInstance(value) || value instanceof Promise) return this.standIn(value, path, key);
    if (Array.isArray(value)) return value.map((item, i) => this.plain(item, `${path}[${i}]`, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, this.plain(item, `${path}.${name}`, name)]),
    );
  }

  /** A text, or what it stands for. */
  readonly resolve = (text: string): pulumi.Input<string> => this.values.get(text) ?? text;

  /** Gives every resource below a component what the texts in its inputs stand for. */
  get transformation(): pulumi.ResourceTransformation {
    return ({ props, opts }) => ({
      props: this.values.size === 0 ? props : (this.filled(props) as Record<string, unknown>),
      opts,
    });
  }

  private standIn(value: unknown, path: string, key: string): string {
    const form = path.startsWith("aws.") ? FORMS[key] : undefined;
    if (form === undefined) {
      this.faults.push({
        path,
        problem: "Another resource of the program makes it, and it decides what exists.",
        allowed: `a plain value; of aws, ${Object.keys(FORMS).join(", ")} may be another resource's`,
        fix: "write the value itself",
      });
      return "";
    }
    const text = form(createHash("sha256").update(path).digest("hex").slice(0, DIGITS));
    this.values.set(text, pulumi.output(value as pulumi.Input<string>));
    return text;
  }

  private filled(value: unknown): unknown {
    if (typeof value === "string") return this.filledText(value);
    // What is known later may have such a text in it, as a policy does.
    if (pulumi.Output.isInstance(value)) return value.apply((known: unknown) => this.filled(known));
    if (Array.isArray(value)) return value.map((item) => this.filled(item));
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.filled(item)]));
  }

  /** Also where it is a part of a longer text. */
  private filledText(text: string): pulumi.Input<string> {
    return [...this.values]
      .filter(([standIn]) => text.includes(standIn))
      .reduce<pulumi.Input<string>>(
        (so, [standIn, value]) => pulumi.all([so, value]).apply(([before, known]) => before.replaceAll(standIn, known)),
        text,
      );
  }
}
