/** Machines that are reached through a bastion alone, and one of them that is gone for good. Two groups without slaves; in order. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { accountsOf } from "../../operate/drill/accounts";
import { ClientProcess, idsIn, resolveClient } from "../../operate/drill/client";
import { loadPlan } from "../../operate/project";
import { Machines, describeLab } from "./machines";

jest.setTimeout(600_000);

const stack = "behind";
const gate = { name: "gate", address: "192.168.6.10" };
const hosts = [
  { name: "m1", address: "192.168.6.11" },
  { name: "m2", address: "192.168.6.12" },
];

describeLab("machines behind a bastion", () => {
  let machines: Machines;

  function write(
    bastionKey = machines.lab.hostKeyOf(gate.name),
    login: Record<string, string> = { privateKeyFile: machines.lab.keyFile },
  ): void {
    machines.project.writeStack(stack, {
      target: "ssh",
      store: "kahaDB",
      groups: [
        { name: "a", brokers: 1 },
        { name: "b", brokers: 1 },
      ],
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
    expect(await machines.project.status(stack)).toMatchObject({ whole: true, bridges: [{ up: true }, { up: true }] });
  };

  beforeAll(async () => {
    machines = new Machines();
    await machines.make([gate, ...hosts]);
  });
  afterAll(() => machines.remove());

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

  it("are forgotten when they are gone for good, not before, and set up anew", async () => {
    const refused = await machines.project.amq("forget", stack, "m2");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("b-1 would go on there") as string]);
    await machines.lab.kill("m2");
    // The bastion may still hope for an answer, and say nothing.
    const { code, stdout, stderr } = await machines.project.amq("forget", stack, "m2", "--json");
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    expect((JSON.parse(stdout) as { forgotten: string[] }).forgotten).toContain("activemq-m2-prepare");
    await machines.lab.replace("m2");
    write();
    await machines.project.up(stack);
    await whole();
  });

  it("keep their messages over a down that says so, and are entered with an agent's keys as well", async () => {
    resolveClient();
    const { directory } = machines.project;
    const [acked, received] = ["acked", "received"].map((name) => join(directory, name)) as [string, string];
    const client = async (...words: string[]) => {
      const plan = loadPlan(stack, directory);
      const { account } = await accountsOf(directory, plan);
      const args = [...words, "--url", plan.urls.groups["a"] ?? "", "--queue", "kept"];
      await new ClientProcess(account, args, new AbortController().signal).result();
    };
    await client("send", "--count", "3", "--prefix", "m", "--acked", acked);
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
    await client("receive", "--count", "3", "--idle", "20", "--received", received);
    expect(idsIn(acked)).toHaveLength(3);
    expect(idsIn(received).sort()).toEqual(idsIn(acked).sort());
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
