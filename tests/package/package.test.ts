/** The package works where nothing of this project is: its types, its code, and what that reads when it runs. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { preview, type EngineEvent, type EngineResult } from "../../operate/engine/standIn/standInEngine";
import { RUNTIMES, runtimeDirectory } from "../../core/host/runtimes";
import { PROJECT } from "../support/raw";
import { Installed, manifest } from "./installed";

let installed: Installed;

/** What a user writes for a cluster on this machine; it says whether anything of AWS was loaded for it. */
const LOCAL = `
import * as pulumi from "@pulumi/pulumi";
import { ActiveMqCluster, ConfigError, type GroupValues } from "activemq-cluster";

const groups: GroupValues[] = [{ name: "a", brokers: 3 }];
const cluster = new ActiveMqCluster("queue", { target: "local", groups, transports: { amqp: true } });
const url: pulumi.Output<string> = cluster.outputs["failoverUrl-a"];
const amqp: pulumi.Output<string> | undefined = cluster.outputs.amqpUrl;
// @ts-expect-error no such store
const wrong = () => new ActiveMqCluster("wrong", { target: "local", groups, store: "paper" });
try {
  wrong();
} catch (error) {
  if (error instanceof ConfigError) void pulumi.log.info("faults at " + error.faults.map(({ path }) => path).join());
}
const loaded = (what: string) => Object.keys(require.cache).filter((file) => file.includes(what)).length;
void pulumi.log.info("of AWS loaded: " + loaded("@pulumi/aws") + ", of commands: " + Math.min(loaded("@pulumi/command"), 1));
export { url, amqp };
`;

/** Runs the compiled example against Pulumi's mocks and prints what it registers. */
const UNDER_MOCKS = `
const pulumi = require("@pulumi/pulumi");
const registered = [];
const key = { publicKeyOpenssh: "ssh-ed25519 AAAA", privateKeyOpenssh: "PRIVATE" };
const call = ({ inputs: { id } }) => {
  const zone = /^apps-(us-east-1([a-c]))$/.exec(id);
  const subnet = zone && { vpcId: "apps", availabilityZone: zone[1], cidrBlock: "10.60." + "abc".indexOf(zone[2]) + ".0/24" };
  return { id, ids: [], privateIps: [], enableDnsSupport: true, enableDnsHostnames: true, ...subnet };
};
const newResource = ({ type, name, inputs }) => {
  registered.push([type, name]);
  return { id: name, state: { ...inputs, stdout: "", result: "", ...(type.startsWith("tls:") && key) } };
};
pulumi.runtime
  .setMocks({ newResource, call }, "embedded", "test")
  .then(() => pulumi.runtime.runInPulumiStack(() => require("./bin/embedded.js")))
  .then(() => pulumi.runtime.disconnect())
  .then(() => console.log(JSON.stringify(registered)));
`;

beforeAll(() => {
  installed = new Installed();
  installed.copy("embedded/index.ts", "embedded.ts");
  installed.write("local.ts", LOCAL);
  installed.write("Pulumi.yaml", "name: another\nmain: bin/local.js\nruntime: nodejs\n");
  installed.compile();
});
afterAll(() => {
  installed.remove();
});

it("asks for the versions that the project is built and tested with", () => {
  const root = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as typeof manifest;
  expect(manifest.version).toBe(root.version);
  for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    expect([name, range.replace(/^\^/, "")]).toEqual([name, root.dependencies[name]]);
  }
});

it("has all that runtimes are made from, so that they are the same ones, and no sources of ours", () => {
  const files = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.(sh|xml|sha256|java)$/.test(file));
  for (const room of ["runtime", "core", "components"]) {
    expect(files(join(installed.package, "dist", room)).sort()).toEqual(files(join(PROJECT, room)).sort());
  }
  const said = installed.node(
    `const { RUNTIMES, runtimeHash } = require("./node_modules/activemq-cluster/dist/core/host/runtimes.js");
     console.log(JSON.stringify(RUNTIMES.map((name) => name + "-" + runtimeHash(name))))`,
  );
  expect(JSON.parse(said)).toEqual(RUNTIMES.map((name) => runtimeDirectory(name).split("/").at(-1)));
  const all = readdirSync(installed.package, { recursive: true, encoding: "utf8" });
  expect(all.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))).toEqual([]);
});

it("carries the licence, which is the text of Apache-2.0 to the byte, and the notice", () => {
  const license = readFileSync(join(installed.package, "LICENSE"));
  // https://www.apache.org/licenses/LICENSE-2.0.txt
  expect(createHash("sha256").update(license).digest("hex")).toBe(
    "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
  );
  for (const name of ["LICENSE", "NOTICE"])
    expect(readFileSync(join(installed.package, name))).toEqual(readFileSync(join(PROJECT, name)));
});

describe("a program on this machine", () => {
  let result: EngineResult;
  const said: string[] = [];

  beforeAll(async () => {
    const onEvent = (event: EngineEvent) => {
      if (event.kind === "log") said.push(event.message);
    };
    const options = { projectDir: installed.project, stack: "dev", stateDir: join(installed.root, "state") };
    result = await preview({ ...options, passphrase: "none", onEvent });
  });

  it("finds scripts, probes and POMs beside the code", () => {
    expect(result.failures).toEqual([]);
    // A host, its services and their visits: more than sixty resources for a group of three and its ensemble.
    expect(result.changes.create).toBeGreaterThan(60);
  });

  it("loads nothing of AWS", () => {
    expect(said).toContain("of AWS loaded: 0, of commands: 1");
  });

  it("gets every fault of its arguments as an error of its own kind", () => {
    expect(said).toContain("faults at store");
  });
});

it("checks a change where the program is, and refuses what would lose messages", () => {
  const check = join(installed.package, "dist/operate/change/embedded.js");
  expect(existsSync(check)).toBe(true);
  const record = (brokers: number) =>
    JSON.stringify({ stack: "dev-queue", config: { target: "local", groups: [{ name: "a", brokers }] } });
  const run = (previous: string, next: string) =>
    installed.node(
      `const { spawnSync } = require("node:child_process");
       const { status, stdout, stderr } = spawnSync(process.execPath, [${JSON.stringify(check)}], { input: ${JSON.stringify(next)}, encoding: "utf8" });
       console.log(JSON.stringify({ status, stdout, stderr }))`,
      { PULUMI_COMMAND_STDOUT: previous },
    );
  expect(JSON.parse(run(record(3), record(3)))).toMatchObject({ status: 0, stdout: record(3) });
  const refused = JSON.parse(run(record(3), record(5))) as { status: number; stderr: string };
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain("Group a has 3 brokers");
});

it("makes two clusters in two regions", () => {
  const cache = join(installed.root, "cache");
  for (const name of RUNTIMES) {
    // As if it had been resolved: its name has the hash that the package must come to.
    const folder = join(cache, runtimeDirectory(name).split("/").at(-1) ?? "");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, ".complete"), "");
  }
  const said = installed.node(UNDER_MOCKS, { AMQ_CACHE: cache });
  const registered = JSON.parse(said.split("\n").findLast((line) => line.startsWith("[[")) ?? "[]") as [
    string,
    string,
  ][];
  const instances = registered.filter(([type]) => type === "aws:ec2/instance:Instance");
  // Nine hosts each, and one bastion.
  expect(instances).toHaveLength(19);
  expect(new Set(registered.map(String)).size).toBe(registered.length);
});
