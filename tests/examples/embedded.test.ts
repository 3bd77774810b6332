/** Several clusters in one program: their names never clash, and what their user gives them wins. */
import type { Registered } from "../support/recorder";
import { recordRegistrations } from "../support/recorder";
import {
  accountWith,
  cleanUp,
  keyOf,
  outputsOf,
  pretendResolved,
  settled,
  shipped,
} from "../components/aws/awsProgram";
import { RUNTIMES } from "../../core/host/runtimes";

let registered: ReadonlyMap<string, Registered>;
let all: readonly (Registered & { readonly key: string })[];

const ofCluster = (name: string) => all.filter((one) => one.name === name || one.name.startsWith(`${name}-`));
const isAws = ({ type }: { readonly type: string }) => type.startsWith("aws:");

beforeAll(async () => {
  for (const runtime of RUNTIMES) pretendResolved(runtime);
  // Throws when a name is registered twice.
  registered = await recordRegistrations({ keyOf, outputsOf, call: account });
  // What the check of the change reads, too.
  process.env["AMQ_HOST_ORDER"] = "orders-3,orders-2";
  await import("../../examples/embedded");
  await clusterWithOptions();
  await settled(registered);
  all = [...registered].map(([key, one]) => Object.assign(Object.create(one) as Registered, { key }));
});
afterAll(() => {
  delete process.env["AMQ_HOST_ORDER"];
  cleanUp();
});

/** An account in which the VPC and the subnets are those that the example makes, whose ids are their names here. */
function account(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const zone = /^apps-(us-east-1([a-c]))$/.exec(String(inputs["id"]));
  if (zone === null) return accountWith({})(token, inputs);
  const third = "abc".indexOf(zone[2] ?? "");
  return { id: inputs["id"], vpcId: "apps", availabilityZone: zone[1], cidrBlock: `10.60.${third}.0/24` };
}

/** A third one, with a provider for everything, and a transformation of everything. */
async function clusterWithOptions(): Promise<void> {
  const { ActiveMqCluster } = await import("activemq-cluster");
  const { Provider: Aws } = await import("@pulumi/aws/provider");
  const { Provider: Command } = await import("@pulumi/command");
  const { Provider: Random } = await import("@pulumi/random");
  const { Provider: Tls } = await import("@pulumi/tls");
  const values = shipped("dev", { region: "eu-central-1" }, { store: "kahaDB", groups: [{ name: "a", brokers: 1 }] });
  new ActiveMqCluster("third", values as never, {
    providers: [
      new Aws("my-aws", { region: "eu-central-1" }),
      new Command("my-command"),
      new Random("my-random"),
      new Tls("my-tls"),
    ],
    transformations: [({ type, props, opts }) => ({ props: type.startsWith("aws:") ? tagged(props) : props, opts })],
  });
}

const tagged = (props: Record<string, unknown>) => ({
  ...props,
  tags: { ...(props["tags"] as object), theirs: "yes" },
});

/** What waits for a resource, however many steps away. */
function waitingFor(first: string): Set<string> {
  const waiting = new Set([first]);
  // Registered in order: whatever a resource waits for came before it.
  for (const [key, { dependsOn }] of registered) if (dependsOn.some((before) => waiting.has(before))) waiting.add(key);
  return waiting;
}

it("has no two resources of one URN", () => {
  for (const name of ["europe", "america", "third"]) expect(ofCluster(name).length).toBeGreaterThan(60);
  expect(new Set(all.map(({ urn }) => urn)).size).toBe(all.length);
});

it("makes machines in the order that the check of the change judges", () => {
  const hosts = [...registered.keys()].flatMap((key) => /^activemq\.Host america-(orders-.*)$/.exec(key)?.[1] ?? []);
  expect(hosts).toEqual(["orders-3", "orders-2", "orders-1"]);
});

it("leaves every physical name to the engine, which makes it unique in the account", () => {
  // A private zone is its VPC's own.
  const named = all.filter(isAws).filter(({ type }) => !type.startsWith("aws:route53/"));
  const names = named.flatMap(({ key, type, inputs }) => {
    const ofItsOwn = type === "aws:s3/bucket:Bucket" ? ["bucket"] : ["name", "keyName", "namePrefix"];
    const isInstance = type === "aws:ec2/instance:Instance";
    return ofItsOwn.filter((field) => inputs[field] !== undefined && !isInstance).map((field) => `${key}: ${field}`);
  });
  expect(named.length).toBeGreaterThan(300);
  expect(names).toEqual([]);
});

it("tells them apart by tags and names of units, which carry stack and cluster", () => {
  const tagsOf = (name: string) =>
    new Set(ofCluster(name).flatMap(({ inputs }) => (inputs["tags"] as { Name?: string } | undefined)?.Name ?? []));
  expect([...tagsOf("europe")].filter((tag) => !tag.startsWith("test-europe-"))).toEqual([]);
  expect([...tagsOf("america")].filter((tag) => !tag.startsWith("test-america-"))).toEqual([]);
  for (const name of ["america", "europe"]) expect(tagsOf(name).size).toBeGreaterThan(50);
  const prepare = registered.get("command.Command europe-orders-1-prepare");
  expect(prepare?.inputs["create"]).toContain("/var/lib/activemq-cluster/test-europe/");
});

it("is all below its cluster, so that options reach it", () => {
  const top = (key: string): string => {
    const above = registered.get(key)?.parentKey ?? "";
    return registered.has(above) ? top(above) : key;
  };
  const clusters = ["europe", "america", "third"].map((name) => `activemq.ActiveMqCluster ${name}`);
  const outside = all.filter(({ key }) => !clusters.includes(top(key)));
  expect(outside.map(({ key }) => key).sort()).toEqual(
    [
      ...["a", "b", "c"].map((zone) => `ec2.RouteTableAssociation apps-us-east-1${zone}`),
      "ec2.RouteTable apps",
      ...["a", "b", "c"].map((zone) => `ec2.Subnet apps-us-east-1${zone}`),
      "ec2.Vpc apps",
      "pulumi:providers:aws frankfurt",
      "pulumi:providers:aws my-aws",
      "pulumi:providers:command my-command",
      "pulumi:providers:random my-random",
      "pulumi:providers:aws virginia",
      "pulumi:providers:tls my-tls",
    ].sort(),
  );
  for (const { key, inputs } of ofCluster("third").filter(isAws)) {
    expect([key, inputs["tags"]]).toEqual([key, expect.objectContaining({ theirs: "yes" })]);
  }
});

it("uses the provider that is given, or makes one for its region", () => {
  for (const [cluster, provider] of [
    ["europe", "frankfurt"],
    ["america", "america-aws"],
    ["third", "my-aws"],
  ] as const) {
    const wrong = ofCluster(cluster)
      .filter(isAws)
      .filter((one) => one.provider !== provider);
    expect([cluster, wrong.map(({ key }) => key)]).toEqual([cluster, []]);
  }
  expect(registered.get("pulumi:providers:aws america-aws")?.inputs["region"]).toBe("us-east-1");
  expect([...registered.keys()].filter((key) => /^pulumi:providers:aws (europe|third)/.test(key))).toEqual([]);
  for (const { key, type, provider } of ofCluster("third")) {
    const kind = /^(command|random|tls):/.exec(type)?.[1];
    if (kind !== undefined) expect([key, provider]).toEqual([key, `my-${kind}`]);
  }
});

it("takes ids from other resources of the program, and knows them everywhere", () => {
  const inputsOf = (key: string) => registered.get(key)?.inputs ?? {};
  expect(inputsOf("ec2.NetworkInterface america-ec2-orders-2")).toMatchObject({
    subnetId: "apps-us-east-1b",
    privateIps: ["10.60.1.21"],
  });
  expect(inputsOf("ec2.SecurityGroup america-ec2-allow-clients")["vpcId"]).toBe("apps");
  expect(inputsOf("ec2.VpcEndpoint america-ec2-network-s3")["routeTableIds"]).toEqual(["apps"]);
  expect(inputsOf("route53.Zone america-ec2-dns-zone")["vpcs"]).toEqual([{ vpcId: "apps", vpcRegion: "us-east-1" }]);
  // What the next change is compared with has the ids as well, not what stood for them in the plan.
  const { config } = JSON.parse(String(inputsOf("command.Command america-change")["stdin"])) as {
    config: { aws: { network: object } };
  };
  expect(config.aws.network).toMatchObject({
    vpcId: "apps",
    subnets: ["a", "b", "c"].map((zone, i) => ({
      zone: `us-east-1${zone}`,
      id: `apps-us-east-1${zone}`,
      cidr: `10.60.${i}.0/24`,
    })),
    routeTableIds: ["apps"],
  });
  expect(waitingFor("ec2.Vpc apps")).toContain("ec2.Instance america-ec2-orders-1-instance");
});

it("asks whether the change may be made before anything of AWS is touched, whoever's provider it is", () => {
  const change = "command.Command europe-change";
  expect(registered.get(change)?.inputs["update"]).toMatch(/^node \S*operate\/change\/embedded\.js$/);
  const waiting = waitingFor(change);
  const early = ofCluster("europe")
    .filter(isAws)
    .filter(({ key }) => !waiting.has(key));
  expect(early.map(({ key }) => key)).toEqual([]);
});
