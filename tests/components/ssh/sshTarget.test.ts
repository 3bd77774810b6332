/** What the program registers for target ssh. Against Pulumi's mocks; nothing is logged in to. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { plan } from "../../../core/plan/plan";
import { render } from "../../../core/render/render";
import { runtimeIds, runtimesOf } from "../../../core/render/runtimes";
import type { RuntimeIds } from "../../../core/host/service";
import { parseConfig } from "../../../core/load/parseConfig";
import { runtimeDirectory } from "../../../core/host/runtimes";
import { type Registered, recordRegistrations } from "../../support/recorder";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICGTNq2IzJW";
const before = process.env["AMQ_CACHE"];
const directory = mkdtempSync(join(tmpdir(), "amq-ssh-target-"));
let registered: Map<string, Registered>;
let ids: RuntimeIds;

const machine = (name: string, last: number, role: string, more: object = {}) => ({
  name,
  address: `10.0.0.${last}`,
  roles: [role],
  ...more,
});

beforeAll(async () => {
  // Runtimes that are there: nothing is downloaded for this.
  process.env["AMQ_CACHE"] = directory;
  const values = {
    target: "ssh",
    groups: [{ name: "a" }],
    ssh: { user: "ops", privateKeyFile: join(directory, "key"), bastion: { address: "10.0.0.99", hostKey: KEY } },
    hosts: [
      machine("m1", 1, "broker", { hostKey: KEY }),
      machine("m2", 2, "broker", { generation: 2 }),
      machine("m3", 3, "broker", { user: "root", port: 2222 }),
      ...[4, 5, 6].map((n) => machine(`z${n}`, n, "zookeeper")),
    ],
  };
  writeFileSync(join(directory, "key"), "a private key\n");
  const text = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const planned = plan("prod", parseConfig("test", Object.fromEntries(text) as Record<string, string>));
  for (const name of runtimesOf(planned)) {
    mkdirSync(runtimeDirectory(name), { recursive: true });
    writeFileSync(join(runtimeDirectory(name), ".complete"), "");
  }
  ids = runtimeIds();
  registered = await recordRegistrations();
  const { PlannedCluster } = await import("../../../components/plannedCluster");
  const { sshTarget } = await import("../../../components/ssh/sshTarget");
  const cluster = new PlannedCluster("c", {
    plan: planned,
    services: render(planned, ids),
    ...sshTarget(planned, runtimesOf(planned)),
  });
  await new Promise((resolve) => cluster.failoverUrl.apply(resolve));
});
afterAll(() => {
  if (before === undefined) delete process.env["AMQ_CACHE"];
  else process.env["AMQ_CACHE"] = before;
  rmSync(directory, { recursive: true, force: true });
});

const get = (name: string): Registered => {
  const found = registered.get(name);
  if (found === undefined)
    throw new Error(`${name} was not registered; there are ${[...registered.keys()].join(", ")}`);
  return found;
};
const connection = (name: string) => JSON.stringify(get(name).inputs["connection"]);

it("logs in as the stack file says, through the bastion, checks the key that is given", () => {
  expect(get("c-m1-prepare").type).toBe("command:remote:Command");
  for (const part of ['"host":"10.0.0.1"', '"user":"ops"', '"port":22', `"hostKey":"${KEY}"`, '"host":"10.0.0.99"']) {
    expect(connection("c-m1-prepare")).toContain(part);
  }
  expect(connection("c-m3-prepare")).toContain('"port":2222');
  expect(connection("c-m3-prepare")).toContain('"user":"root"');
});

it("keeps the private key a secret", () => {
  expect(connection("c-m1-prepare")).toMatch(
    /"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":.*a private key/,
  );
});

it("runs everything as root: through sudo, unless that is who logs in", () => {
  expect(get("c-a-pass1-a-1").inputs["create"]).toBe(
    "sudo -n /bin/bash -c '/var/lib/activemq-cluster/prod/bin/amq-host visit a-1 1'",
  );
  expect(get("c-a-pass1-a-3").inputs["create"]).toMatch(/^\/bin\/bash -c /);
});

it("sets a machine up before anything else happens there", () => {
  expect(get("c-m1-setup").dependsOn).toContain("c-m1-prepare");
  const others = [...registered.values()].filter(
    ({ type, name, inputs }) =>
      type === "command:remote:Command" &&
      JSON.stringify(inputs["connection"]).includes('"host":"10.0.0.1"') &&
      !/-(prepare|setup)$/.test(name),
  );
  expect(others.length).toBeGreaterThan(6);
  for (const { name, dependsOn } of others) expect([name, dependsOn.includes("c-m1-setup")]).toEqual([name, true]);
});

it("brings each machine the runtime of what runs there, once per content", () => {
  const uploads = [...registered.values()].filter(({ type }) => type === "command:remote:CopyToRemote");
  expect(uploads.map(({ name }) => name).sort()).toEqual(
    [
      ...["m1", "m2", "m3"].map((host) => `c-${host}-upload-${ids("classic-5.16")}`),
      ...["z4", "z5", "z6"].map((host) => `c-${host}-upload-${ids("zookeeper-3.9")}`),
    ].sort(),
  );
  expect(basename(runtimeDirectory("classic-5.16"))).toBe(ids("classic-5.16"));
  expect(get(`c-m1-runtime-${ids("classic-5.16")}`).dependsOn).toContain(`c-m1-upload-${ids("classic-5.16")}`);
  expect(get("c-a-stage-a-1").dependsOn).toContain(`c-m1-runtime-${ids("classic-5.16")}`);
});

it("does everything anew on a machine of another generation", () => {
  const commands = [...registered.values()].filter(({ inputs }) =>
    JSON.stringify(inputs["connection"] ?? "").includes('"host":"10.0.0.2"'),
  );
  for (const { name, type, inputs } of commands) {
    const said = type.endsWith("Command") ? String(inputs["create"]).endsWith(" # generation 2") : inputs["triggers"];
    expect([name, said]).toEqual([name, type.endsWith("Command") ? true : [2]]);
  }
  expect(get("c-m1-prepare").inputs["create"]).not.toContain("generation");
});
