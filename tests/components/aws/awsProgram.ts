/** The program for target aws against Pulumi's mocks: what it registers, and with which options. Nothing reaches AWS. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plan } from "../../../core/plan/plan";
import { render } from "../../../core/render/render";
import { runtimeIds, runtimesOf } from "../../../core/render/runtimes";
import { type RuntimeName, runtimeDirectory } from "../../../core/host/runtimes";
import { type Registered, recordRegistrations } from "../../support/recorder";
import { configOf, type Values, valuesOfFile, PROJECT } from "../../support/raw";
import type { ClusterPlan } from "../../../core/plan/model";

/** `ec2.Instance x` for `aws:ec2/instance:Instance` named x. */
export const keyOf = (type: string, name: string) => `${shortType(type)} ${name}`;

function shortType(type: string): string {
  const [provider = "", module = "", kind = ""] = type.split(":");
  if (provider === "pulumi") return type;
  const short = module.split("/")[0] ?? "";
  return provider === "aws" ? `${short}.${kind}` : `${provider}.${kind}`;
}

/** What AWS says of a resource once it is there. */
export function outputsOf(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (shortType(type)) {
    case "tls.PrivateKey":
      return { privateKeyOpenssh: `PRIVATE HALF of ${name}\n`, publicKeyOpenssh: `ssh-ed25519 AAAA${name}\n` };
    case "ec2.NetworkInterface":
      return { privateIp: (inputs["privateIps"] as string[])[0] };
    case "s3.Bucket":
      return { bucket: `${name}-0a1b2c3`, arn: `arn:aws:s3:::${name}-0a1b2c3` };
    case "ec2.VpcEndpoint":
      return { prefixListId: "pl-s3" };
    case "rds.Instance":
      return { address: `${name}.abc123.eu-central-1.rds.amazonaws.com` };
    case "rds.SubnetGroup":
    case "rds.ParameterGroup":
      return { name: `name of ${name}` };
    case "ec2.Eip":
      return { publicIp: "203.0.113.7" };
    case "ec2.KeyPair":
      return { keyName: `pair ${name}` };
    case "ebs.Volume":
      return { arn: `arn:aws:ec2:::volume/${name}` };
    case "route53.Zone":
      return { zoneId: `zone of ${name}` };
    case "iam.Role":
    case "iam.InstanceProfile":
    case "ec2.PlacementGroup":
      return { name: `name of ${name}` };
    case "efs.FileSystem":
    case "secretsmanager.Secret":
    case "iam.Policy":
      return { arn: `arn of ${name}` };
    default:
      return {};
  }
}

/** The machines that are in the account already, by stack. */
export type Machines = Readonly<Record<string, readonly string[]>>;

/**
 * An account with the VPC that tests name, and with some machines.
 * @param addressOf where a machine is; default: nowhere
 */
export const accountWith =
  (machines: Machines, addressOf: (stack: string, host: string) => string | undefined = () => undefined) =>
  (token: string, inputs: Record<string, unknown>) => {
    switch (token) {
      case "aws:ec2/getInstances:getInstances": {
        const filters = inputs["filters"] as { name: string; values: string[] }[];
        const valuesOf = (tag: string) => filters.find(({ name }) => name === `tag:${tag}`)?.values ?? [];
        const there = valuesOf("activemq-stack").flatMap((stack) =>
          (machines[stack] ?? [])
            .filter((host) => valuesOf("activemq-host").includes(host))
            .map((host) => ({ id: `i-${host}`, address: addressOf(stack, host) })),
        );
        return { ids: there.map(({ id }) => id), privateIps: there.flatMap(({ address }) => address ?? []) };
      }
      case "aws:ec2/getVpc:getVpc":
        return { id: inputs["id"], enableDnsSupport: true, enableDnsHostnames: true };
      case "aws:ec2/getSubnet:getSubnet": {
        const letter = String(inputs["id"]).slice(-1);
        return {
          id: inputs["id"],
          vpcId: "vpc-01234567",
          availabilityZone: `eu-central-1${letter}`,
          cidrBlock: `10.1.${letter.charCodeAt(0)}.0/24`,
        };
      }
      case "aws:ec2/getPrefixList:getPrefixList":
        return { id: "pl-of-the-region", cidrBlocks: [] };
      default:
        throw new Error(`no answer for ${token}`);
    }
  };

const directory = mkdtempSync(join(tmpdir(), "amq-aws-target-"));
const before = process.env["AMQ_CACHE"];

/** Call it after the last test: archives and key are gone then. */
export function cleanUp(): void {
  if (before === undefined) delete process.env["AMQ_CACHE"];
  else process.env["AMQ_CACHE"] = before;
  rmSync(directory, { recursive: true, force: true });
}

export const KEY_FILE = join(directory, "key");

export interface Program {
  readonly registered: ReadonlyMap<string, Registered>;
  /** @throws Error naming what there is when there is no such resource */
  readonly get: (key: string) => Registered;
  readonly ofType: (type: string) => Registered[];
  readonly plans: Readonly<Record<string, ClusterPlan>>;
  readonly outputs: Readonly<Record<string, Record<string, unknown>>>;
}

/** Values of a shipped stack file, with changes. */
export function shipped(stack: string, change: object = {}, more: Values = {}): Values {
  const values = valuesOfFile(PROJECT, "config", `Pulumi.${stack}.yaml`);
  return { ...values, aws: { ...(values["aws"] as object), ...change }, ...more };
}

export interface Account {
  /** Default: none. */
  readonly machines?: Machines;
  /** Addresses of machines that are not where the plan has them. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** Hosts whose machines are replaced first. */
  readonly order?: readonly string[];
}

/** @param clusters stack files' values by the name of the cluster: several live in one program */
export async function run(clusters: Readonly<Record<string, Values>>, account: Account = {}): Promise<Program> {
  writeFileSync(KEY_FILE, "PRIVATE HALF that was given\n");
  const plans: Record<string, ClusterPlan> = {};
  const addressOf = (stack: string, host: string) =>
    account.elsewhere?.[host] ?? plans[stack]?.aws?.machines.find((machine) => machine.host === host)?.address;
  const call = accountWith(account.machines ?? {}, addressOf);
  const registered = await recordRegistrations({ keyOf, outputsOf, call });
  const { PlannedCluster } = await import("../../../components/plannedCluster");
  const { stackOutputs } = await import("../../../components/outputs");
  const { awsTarget } = await import("../../../components/aws/awsTarget");
  const pulumi = await import("@pulumi/pulumi");
  const outputs: Record<string, Record<string, unknown>> = {};
  for (const [name, values] of Object.entries(clusters)) {
    const planned = plan(name, configOf(values));
    plans[name] = planned;
    for (const runtime of runtimesOf(planned)) pretendResolved(runtime);
    const target = awsTarget(planned, runtimesOf(planned), account.order && { order: account.order });
    const cluster = new PlannedCluster(name, {
      plan: planned,
      services: render(planned, runtimeIds()),
      access: target.access,
      runtimes: target.runtimes,
      ...(target.hostOrder && { hostOrder: target.hostOrder }),
      ...(target.between && { between: target.between }),
      ...(target.database && { database: target.database }),
    });
    const all = pulumi.output(stackOutputs(planned, cluster, target.outputs(cluster)));
    outputs[name] = await new Promise<Record<string, unknown>>((resolve) => all.apply(resolve));
  }
  await settled(registered);
  return {
    registered,
    get: (key) => {
      const found = registered.get(key);
      if (found === undefined)
        throw new Error(`${key} was not registered; there are\n${[...registered.keys()].join("\n")}`);
      return found;
    },
    ofType: (type) => [...registered].flatMap(([key, one]) => (key.startsWith(`${type} `) ? [one] : [])),
    plans,
    outputs,
  };
}

/** Maven is asked for nothing. */
export function pretendResolved(runtime: RuntimeName): void {
  process.env["AMQ_CACHE"] = directory;
  mkdirSync(runtimeDirectory(runtime), { recursive: true });
  writeFileSync(join(runtimeDirectory(runtime), ".complete"), "");
}

/** Nothing waits for a policy or a tag: what was begun is registered some turns later. */
export async function settled(registered: ReadonlyMap<string, unknown>): Promise<void> {
  for (let count = -1; count !== registered.size;) {
    count = registered.size;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const SECRET = "4dabf18193072939515e22adb298388d";

/** The value of an input that must be secret. @throws Error when it is not */
export function secretValue(input: unknown): unknown {
  if (typeof input !== "object" || input === null || !(SECRET in input)) throw new Error("the input is not secret");
  return (input as unknown as { value: unknown }).value;
}

/** Everything of a resource's inputs that is not secret, as text. */
export function openText(input: unknown): string {
  return JSON.stringify(input, (_key, value: unknown) =>
    typeof value === "object" && value !== null && SECRET in value ? "(secret)" : value,
  );
}
