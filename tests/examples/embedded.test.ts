/** Several clusters in one program: their names never clash, and what their user gives them wins. */
import type { Registered } from "../cluster/recorder";
import { recordRegistrations } from "../cluster/recorder";
import { accountWith, cleanUp, keyOf, outputsOf, pretendResolved, settled, shipped } from "../hosts/awsProgram";
import { RUNTIMES } from "../../runtime/runtimes";

let registered: ReadonlyMap<string, Registered>;
let all: readonly (Registered & { readonly key: string })[];

const ofCluster = (name: string) => all.filter((one) => one.name === name || one.name.startsWith(`${name}-`));
const isAws = ({ type }: { readonly type: string }) => type.startsWith("aws:");

beforeAll(async () => {
  for (const runtime of RUNTIMES) pretendResolved(runtime);
  // Throws when a name is registered twice.
  registered = await recordRegistrations({ keyOf, outputsOf, call: accountWith({}) });
  await import("../../examples/embedded");
  await clusterWithOptions();
  await settled(registered);
  all = [...registered].map(([key, one]) => Object.assign(Object.create(one) as Registered, { key }));
}, 900_000);
afterAll(cleanUp);

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
  expect(tagsOf("america").size).toBe(tagsOf("europe").size);
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
  expect(outside.map(({ key }) => key).sort()).toEqual([
    "pulumi:providers:aws frankfurt",
    "pulumi:providers:aws my-aws",
    "pulumi:providers:command my-command",
    "pulumi:providers:random my-random",
    "pulumi:providers:tls my-tls",
  ]);
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

it("asks whether the change may be made before anything of AWS is touched, whoever's provider it is", () => {
  const change = "command.Command europe-change";
  expect(registered.get(change)?.inputs["update"]).toMatch(/^node \S*operate\/change\/embedded\.js$/);
  const waiting = waitingFor(change);
  const early = ofCluster("europe")
    .filter(isAws)
    .filter(({ key }) => !waiting.has(key));
  expect(early.map(({ key }) => key)).toEqual([]);
});
