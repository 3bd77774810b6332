/**
 * What happens to machines over the years, all of it through a bastion: passwords are renewed, a machine is replaced, one is gone for
 * good. Two groups without slaves, a machine each. One cluster, in order.
 */
import { accountsOf } from "../../operate/drill/accounts";
import { ClientProcess, resolveClient } from "../../operate/drill/client";
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
  const generations: Record<string, number> = {};

  function write(
    keys: Record<string, unknown> = {},
    ofGroupB: Record<string, unknown> = {},
    bastionKey = machines.lab.hostKeyOf(gate.name),
  ): void {
    machines.project.writeStack(stack, {
      target: "ssh",
      store: "kahaDB",
      groups: [
        { name: "a", brokers: 1 },
        { name: "b", brokers: 1, ...ofGroupB },
      ],
      hosts: hosts.map((host) => ({
        ...host,
        hostKey: machines.lab.hostKeyOf(host.name),
        generation: generations[host.name] ?? 1,
        roles: ["broker"],
      })),
      ssh: {
        user: "ops",
        privateKeyFile: machines.lab.keyFile,
        bastion: { address: gate.address, hostKey: bastionKey },
      },
      ...keys,
    });
  }

  /** What the broker of a group answers to the user `app` with a password. */
  async function login(group: string, password: string): Promise<string> {
    const url = loadPlan(stack, machines.project.directory).urls.groups[group] ?? "";
    const words = ["check", "--url", url, "--timeout", "60"];
    const client = new ClientProcess({ user: "app", password }, words, new AbortController().signal);
    const { ok, error } = await client.result();
    return ok === true ? "welcome" : (error ?? "no answer");
  }

  const password = async () => {
    const { directory } = machines.project;
    return (await accountsOf(directory, loadPlan(stack, directory))).account.password;
  };

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
    resolveClient();
    machines = new Machines();
    await machines.make([gate, ...hosts]);
  });
  afterAll(() => machines.remove());

  it("are not reached through one that shows another key", async () => {
    write({}, {}, machines.lab.hostKeyOf("m1"));
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

  it("get new passwords in two runs, with both accepted in between", async () => {
    const old = await password();
    write({ passwords: { generation: 2 } });
    await machines.project.up(stack);
    const fresh = await password();
    expect(fresh).not.toBe(old);
    expect([await login("a", old), await login("b", fresh)]).toEqual(["welcome", "welcome"]);
    await whole();
    write({ passwords: { generation: 2, acceptPrevious: false } });
    await machines.project.up(stack);
    expect(await login("a", old)).toContain("password is invalid");
    expect(await login("b", fresh)).toBe("welcome");
    await whole();
  });

  const passwords = { generation: 2, acceptPrevious: false };

  it("take another one of the same name in place of one that was lost, when it is said that its messages are gone", async () => {
    await machines.lab.kill("m2");
    await machines.lab.replace("m2");
    generations["m2"] = 2;
    write({ passwords });
    const refused = await machines.project.amq("up", stack);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining("`retire: discard` on group b") as string,
    ]);
    const before = await machines.on("m1", "systemctl show -p MainPID --value amq-behind-a-1");
    write({ passwords }, { retire: "discard" });
    await machines.project.up(stack);
    write({ passwords });
    await machines.project.up(stack);
    await whole();
    expect(await machines.on("m1", "systemctl show -p MainPID --value amq-behind-a-1")).toBe(before);
    expect(await login("b", await password())).toBe("welcome");
  });

  it("are forgotten when they are gone for good, not before, and set up anew", async () => {
    const refused = await machines.project.amq("forget", stack, "m2");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("b-1 would go on there") as string]);
    await machines.lab.kill("m2");
    const { code, stdout, stderr } = await machines.project.amq("forget", stack, "m2", "--json");
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    expect((JSON.parse(stdout) as { forgotten: string[] }).forgotten).toContain("activemq-m2-prepare");
    await machines.lab.replace("m2");
    write({ passwords });
    await machines.project.up(stack);
    await whole();
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
