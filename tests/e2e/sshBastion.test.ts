/**
 * Machines that are reached through a bastion alone, and one of them that is gone for good. A group without slaves, and one of two
 * brokers whose store is a database elsewhere; in order.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { networkOf } from "../../testbed/lab/hosts/hostList";
import { accountsOf } from "../../operate/drill/accounts";
import { ClientProcess, idsIn, resolveClient } from "../../operate/drill/client";
import { loadPlan } from "../../operate/project";
import { Machines, describeLab } from "./machines";
import { Postgres } from "./postgres";

const stack = "behind";
const gate = { name: "gate", address: "192.168.6.10" };
const hosts = [
  { name: "m1", address: "192.168.6.11" },
  { name: "m2", address: "192.168.6.12" },
  { name: "m3", address: "192.168.6.13" },
];
/** Of the database: this machine's in the lab. */
const database = networkOf([gate, ...hosts]).machine;
const PASSWORD = "of the database";

describeLab("machines behind a bastion", () => {
  let machines: Machines;
  const postgres = new Postgres();

  function write(
    bastionKey = machines.lab.hostKeyOf(gate.name),
    login: Record<string, string> = { privateKeyFile: machines.lab.keyFile },
  ): void {
    machines.project.writeStack(stack, {
      target: "ssh",
      store: "kahaDB",
      groups: [
        { name: "a", brokers: 1 },
        { name: "b", brokers: 2, store: "jdbc" },
      ],
      jdbc: { url: `jdbc:postgresql://${database}:5432/activemq`, passwordFile: join(machines.directory, "password") },
      hosts: hosts.map((host) => ({
        ...host,
        hostKey: machines.lab.hostKeyOf(host.name),
        roles: ["broker"],
      })),
      ssh: {
        user: "ops",
        ...login,
        bastion: { address: gate.address, hostKey: bastionKey },
      },
    });
  }

  /** Where the log-ins of ops came from since a moment, counted; the one that asks is among them. */
  async function origins(host: string, since: string): Promise<Record<string, number>> {
    const journal = await machines.on(host, `journalctl --no-pager -o cat -u ssh --since '@${since}'`);
    const counts: Record<string, number> = {};
    for (const [, from = ""] of journal.matchAll(/^Accepted publickey for ops from (\S+)/gm)) {
      counts[from] = (counts[from] ?? 0) + 1;
    }
    return counts;
  }

  const whole = async () => {
    expect(await machines.project.whole(stack)).toMatchObject({ whole: true, bridges: [{ up: true }, { up: true }] });
  };

  /** Runs a client of a group; a list of message ids is a file in the project's folder. */
  async function client(group: string, ...words: string[]): Promise<void> {
    const plan = loadPlan(stack, machines.project.directory);
    const { account } = await accountsOf(machines.project.directory, plan);
    const args = [...words, "--url", plan.urls.groups[group] ?? "", "--queue", "kept"];
    await new ClientProcess(account, args, new AbortController().signal).result();
  }
  const fileOf = (name: string) => join(machines.project.directory, name);
  const send = (group: string) =>
    client(group, "send", "--count", "3", "--prefix", "m", "--acked", fileOf(`acked-${group}`));
  async function receive(group: string): Promise<void> {
    await client(group, "receive", "--count", "3", "--idle", "60", "--received", fileOf(`received-${group}`));
    const acked = idsIn(fileOf(`acked-${group}`));
    expect(acked).toHaveLength(3);
    expect(idsIn(fileOf(`received-${group}`)).sort()).toEqual(acked.sort());
  }

  beforeAll(async () => {
    machines = new Machines();
    await machines.make([gate, ...hosts]);
    writeFileSync(join(machines.directory, "password"), PASSWORD, { mode: 0o600 });
    await postgres.start(database, 5432, "activemq", "activemq", PASSWORD);
    resolveClient();
  });
  afterAll(async () => {
    await machines.remove();
    await postgres.remove();
  });

  it("are not reached through one that shows another key", async () => {
    write(machines.lab.hostKeyOf("m1"));
    const { code, stderr } = await machines.project.amq("up", stack);
    // As OpenSSH says it, and as the real engine's provider does.
    const told = /Host key for 192\.168\.6\.10 has changed|m1-prepare: proxy: .*host key mismatch/;
    expect([code, stderr]).toEqual([1, expect.stringMatching(told) as string]);
    expect(await machines.on("m1", "ls /var/lib/activemq-cluster 2>/dev/null || true")).toBe("");
  });

  it("come up, and see nobody but the bastion log in", async () => {
    write();
    const since = await machines.on("m1", "sleep 1; date +%s");
    await machines.project.up(stack);
    await whole();
    const { [gate.address]: throughGate = 0, ...others } = await origins("m1", since);
    expect(throughGate).toBeGreaterThan(0);
    // Who asks, from this machine.
    expect(Object.values(others)).toEqual([1]);
  });

  it("are forgotten when they are gone for good, not before, and set up anew; the database has the messages", async () => {
    await send("b");
    const { groups } = await machines.project.status(stack);
    const master = groups.find(({ name }) => name === "b")?.master ?? "";
    const brokers = loadPlan(stack, machines.project.directory).groups.flatMap((group) => group.brokers);
    const { host = "" } = brokers.find(({ name }) => name === master) ?? {};
    const refused = await machines.project.amq("forget", stack, host);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(`${master} would go on there`) as string,
    ]);
    await machines.lab.kill(host);
    await receive("b");
    // The bastion may still hope for an answer, and say nothing.
    const { code, stdout, stderr } = await machines.project.amq("forget", stack, host, "--json");
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    expect((JSON.parse(stdout) as { forgotten: string[] }).forgotten).toContain(`activemq-${host}-prepare`);
    await machines.lab.replace(host);
    write();
    await machines.project.up(stack);
    await whole();
  });

  it("keep their messages over a down that says so, and are entered with an agent's keys as well", async () => {
    const { directory } = machines.project;
    await send("a");
    const down = await machines.project.amq("down", stack, "--keep-data");
    expect([down.code, down.code === 0 ? "" : down.stderr]).toEqual([0, ""]);
    const units = "ls /etc/systemd/system | grep -c ^amq- || true";
    expect([await machines.on("m1", units), await machines.on("m1", "pgrep -c java || true")]).toEqual(["0", "0"]);

    const agent = startAgent(join(directory, "agent"), machines.lab.keyFile);
    try {
      write(undefined, {});
      await machines.project.up(stack);
      await whole();
    } finally {
      agent.end();
      write();
    }
    // What is deleted is reached as the state has it: with the key again from now on.
    await machines.project.up(stack);
    await receive("a");
  });

  it("go down without a trace", async () => {
    const { code, stderr } = await machines.project.amq("down", stack);
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    for (const { name } of hosts) {
      expect(await machines.on(name, "ls -d /var/lib/activemq-cluster /opt/activemq-cluster 2>/dev/null || true")).toBe(
        "",
      );
    }
  });
});

/** An agent with one key, which commands find in the environment (Jest's copy of it, which has to be handed on) until it ends. @throws Error when it does not take the key */
function startAgent(socket: string, keyFile: string) {
  const before = process.env["SSH_AUTH_SOCK"];
  const { stdout } = spawnSync("ssh-agent", ["-s", "-a", socket], { encoding: "utf8" });
  const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1]);
  process.env["SSH_AUTH_SOCK"] = socket;
  const end = () => {
    process.kill(pid);
    if (before === undefined) delete process.env["SSH_AUTH_SOCK"];
    else process.env["SSH_AUTH_SOCK"] = before;
  };
  const added = spawnSync("ssh-add", [keyFile], { encoding: "utf8", env: { ...process.env } });
  if (added.status === 0) return { end };
  end();
  throw new Error(added.stderr);
}
