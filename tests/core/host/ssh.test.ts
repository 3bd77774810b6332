/** How a host of target ssh is logged in to, and what a service looks like there. */
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { keyFile, removeScratch, saidOnTheWay, sshArguments } from "../../../core/host/openSsh";
import { asRoot, machineDirectory, sshAccess } from "../../../core/host/ssh";
import { unitFiles, unitName } from "../../../core/render/host/systemdUnit";
import { expectGolden } from "../../support/golden";
import { planOf } from "../../support/plans";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICGTNq2IzJW";
const machines = (more: Record<string, unknown> = {}) =>
  ["m1", "m2"].map((name, i) => ({ name, address: `10.0.0.${i + 1}`, roles: ["broker"], ...more }));
const configOf = (values: Record<string, unknown>) =>
  planOf({ target: "ssh", store: "kahaDB", groups: [{ name: "a", brokers: 1 }], hosts: machines(), ...values }).config;

afterAll(removeScratch);

describe("access", () => {
  it("is root at port 22 with the agent's keys when the stack file says nothing", () => {
    expect(sshAccess(configOf({}), "m1")).toEqual({ address: "10.0.0.1", user: "root", port: 22 });
  });

  it("is what a host says, before what all hosts share", () => {
    const ssh = { user: "ops", port: 2222, privateKeyFile: "~/key", bastion: { address: "b.example.org" } };
    const hosts = [{ ...machines()[0], user: "admin", port: 2022, hostKey: KEY }, machines()[1]];
    const config = configOf({ ssh, hosts });
    const bastion = { address: "b.example.org", user: "ops", port: 22 };
    const shared = { privateKeyFile: "~/key", bastion };
    expect(sshAccess(config, "m1")).toEqual({
      address: "10.0.0.1",
      user: "admin",
      port: 2022,
      hostKey: KEY,
      ...shared,
    });
    expect(sshAccess(config, "m2")).toEqual({ address: "10.0.0.2", user: "ops", port: 2222, ...shared });
    expect(() => sshAccess(config, "m3")).toThrow("no host m3");
  });

  it("runs a line as root, whatever is in it", () => {
    expect(asRoot("root", "echo 'x'")).toBe(`/bin/bash -c 'echo '\\''x'\\'''`);
    expect(asRoot("ops", "id")).toBe("sudo -n /bin/bash -c 'id'");
  });
});

describe("the ssh client's arguments", () => {
  const option = (words: string[], name: string) =>
    words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);

  it("accept only the key that is given", () => {
    const words = sshArguments({ address: "10.0.0.1", user: "ops", port: 2222, hostKey: KEY });
    expect(option(words, "StrictHostKeyChecking")).toBe("yes");
    expect(readFileSync(option(words, "UserKnownHostsFile") ?? "", "utf8")).toBe(`[10.0.0.1]:2222 ${KEY}\n`);
    expect(words.at(-1)).toBe("ops@10.0.0.1");
    expect(words).not.toContain("-i");
  });

  it("take any key when none is given, ask nothing, and use the key file alone", () => {
    const words = sshArguments({ address: "h.example.org", user: "ops", port: 22, privateKeyFile: "~/.ssh/k" });
    expect(option(words, "StrictHostKeyChecking")).toBe("no");
    expect(option(words, "BatchMode")).toBe("yes");
    expect(option(words, "IdentitiesOnly")).toBe("yes");
    expect(words[words.indexOf("-i") + 1]).toBe(join(homedir(), ".ssh/k"));
  });

  it("go through a bastion, whose key is checked, too", () => {
    const bastion = { address: "b.example.org", user: "hop", port: 2200, hostKey: KEY };
    const proxy = option(sshArguments({ address: "10.0.0.1", user: "ops", port: 22, bastion }), "ProxyCommand") ?? "";
    expect(proxy).toMatch(/^ssh .*-p 2200 .*StrictHostKeyChecking=yes.* -W %h:%p hop@b\.example\.org$/);
  });
});

describe("the way through a bastion", () => {
  it("says what is wrong with it", async () => {
    // A port that has just been free.
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    const bastion = { address: "127.0.0.1", user: "hop", port };
    const said = await saidOnTheWay({ address: "10.0.0.1", user: "ops", port: 22, bastion });
    expect(said).toMatch(new RegExp(`connect to host 127\\.0\\.0\\.1 port ${port}: Connection refused`));
  });

  it("is not asked where there is none", async () => {
    expect(await saidOnTheWay({ address: "10.0.0.1", user: "ops", port: 22 })).toBe("");
  });
});

describe("a private key", () => {
  it("is written once, for this user alone: an ssh that starts may be reading it", () => {
    const file = keyFile("secret");
    const before = statSync(file, { bigint: true });
    expect(keyFile("secret\n")).toBe(file);
    expect(statSync(file, { bigint: true }).mtimeNs).toBe(before.mtimeNs);
    expect(readFileSync(file, "utf8")).toBe("secret\n");
    expect(Number(before.mode) & 0o777).toBe(0o600);
  });
});

describe("a unit", () => {
  const plan = planOf({ target: "ssh", store: "kahaDB", groups: [{ name: "a", brokers: 1 }], hosts: machines() });
  const args = { service: "a-1", what: "Broker a-1 (ActiveMQ)", user: "activemq", heapMiB: 256 } as const;

  it("is as it was", () => {
    expectGolden("tests/core/render/host/golden/service.unit", unitFiles(plan, args)[0]?.text ?? "");
  });

  it("is of the stack, so that two stacks share a machine", () => {
    expect(unitName({ stack: "prod" }, "a-1")).toBe("amq-prod-a-1");
    expect(machineDirectory({ stack: "prod" })).toBe("/var/lib/activemq-cluster/prod");
  });

  it("is not for local hosts", () => {
    expect(unitFiles(planOf({ target: "local", groups: [{ name: "a" }] }), args)).toEqual([]);
  });
});
