/**
 * Target ssh on real hosts: the stack file `onpremises` (reference cluster 1), with the lab's keys added and a longer ZooKeeper session:
 * here nine hosts share a machine with other tests, and a broker that gets no processor for seconds costs a failover of its own.
 * One cluster, in order: up, drilled, changed under load, a host without power, one that is drained, down.
 */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { LabHosts } from "../../testbed/lab/hosts/labHosts";
import { NAMESPACE } from "../../config/schema";
import { accountsOf } from "../../operate/drill/accounts";
import { loadPlan } from "../../operate/project";
import { underLoad } from "./load";
import { Machines, describeLab } from "./machines";
import type { Project } from "../../testbed/harness/testProject";

const stack = "onpremises";
interface Host {
  name: string;
  address: string;
  roles: string[];
}

describeLab("reference cluster 1 on hosts of its own", () => {
  let machines: Machines;
  let project: Project;
  let lab: LabHosts;
  let shipped: Record<string, unknown>;
  let hosts: Host[];
  /** What the first `up` printed. */
  let said: string;

  /** The shipped stack file with what a lab adds, and with what is given on top. */
  function write(keys: Record<string, unknown> = {}): void {
    project.writeStack(stack, {
      ...shipped,
      ssh: { ...(shipped["ssh"] as object), privateKeyFile: lab.keyFile },
      hosts: hosts.map((host) => ({ ...host, hostKey: lab.hostKeyOf(host.name) })),
      zookeeper: { ...(shipped["zookeeper"] as object), sessionTimeoutMillis: 20_000 },
      ...keys,
    });
  }

  const on = (host: string, line: string) => machines.on(host, line);
  const up = () => project.up(stack);

  const unitsOf = (host: string) => on(host, "systemctl list-units 'amq-*' --plain --no-legend --all | cut -d' ' -f1");

  beforeAll(async () => {
    machines = new Machines();
    ({ project, lab } = machines);
    const file = parse(readFileSync(join(project.directory, "config", `Pulumi.${stack}.yaml`), "utf8")) as {
      config: Record<string, unknown>;
    };
    shipped = Object.fromEntries(
      Object.entries(file.config).map(([key, value]) => [key.replace(`${NAMESPACE}:`, ""), value]),
    );
    hosts = shipped["hosts"] as Host[];
    await machines.make(hosts);
    write();
  });
  afterAll(() => machines.remove());

  it("refuses a host that shows another key, naming it, and starts nothing", async () => {
    write({ hosts: hosts.map((host) => ({ ...host, hostKey: lab.hostKeyOf("host-86") })) });
    const { code, stderr } = await project.amq("up", stack);
    write();
    expect(code).toBe(1);
    expect(stderr).toMatch(/FAILED {2}host host-87: suits/);
    // As OpenSSH says it, and as the real engine's provider does.
    expect(stderr).toMatch(/Host key for 192\.168\.2\.87 has changed|host-87-prepare: .*host key mismatch/);
    expect(await unitsOf("host-87")).toBe("");
  });

  it("comes up whole, each service a unit with a user of its own", async () => {
    said = await up();
    const status = await project.whole(stack);
    expect(status).toMatchObject({ whole: true, bridges: [{ up: true }, { up: true }] });
    expect((await unitsOf("host-86")).split("\n")).toEqual([
      "amq-onpremises-broker-a-1.service",
      "amq-onpremises-broker-b-1.service",
    ]);
    const properties = "User,NoNewPrivileges,ProtectSystem,PrivateTmp,Restart,StartLimitIntervalUSec,UnitFileState";
    expect(await on("host-86", `systemctl show -p ${properties} amq-onpremises-broker-a-1`)).toBe(
      [
        "Restart=always",
        "User=activemq",
        "PrivateTmp=yes",
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "UnitFileState=enabled",
        "StartLimitIntervalUSec=0",
      ].join("\n"),
    );
    expect(await on("host-93", "systemctl show -p User amq-onpremises-zookeeper-1")).toBe("User=zookeeper");
    expect(await on("host-86", "ps -o user= -p $(systemctl show -p MainPID --value amq-onpremises-broker-b-1)")).toBe(
      "activemq",
    );
  });

  it("shows no secret in a process list, a log, an output, the state, a rendered file or a unit", async () => {
    const root = "/var/lib/activemq-cluster/onpremises";
    const values = new Set<string>();
    for (const { name } of hosts.filter(({ roles }) => roles.includes("broker"))) {
      const text = await on(name, `cat ${root}/*/active/credentials.properties`);
      for (const [, value = ""] of text.matchAll(/^\S+=(.+)$/gm)) values.add(value);
    }
    // Two users, the bridges, and a token for each group.
    expect([...values].map((value) => value.length).sort()).toEqual([32, 32, 32, 40, 40]);
    const [, keyLine = ""] = readFileSync(lab.keyFile, "utf8").split("\n");
    const secrets = [...values, keyLine];

    const places: [string, string][] = [["what up printed", said]];
    for (const { name } of hosts) {
      places.push([`journal of ${name}`, await on(name, "journalctl --no-pager")]);
      places.push([
        `processes of ${name}`,
        await on(name, "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null"),
      ]);
      places.push([`units of ${name}`, await on(name, "cat /etc/systemd/system/amq-*")]);
      const files = `find ${root} -type f ! -name credentials.properties ! -path '*/data/*' -exec cat {} +`;
      places.push([`files of ${name}`, await on(name, files)]);
    }
    const amq = join(project.directory, ".amq");
    for (const file of readdirSync(amq, { recursive: true, encoding: "utf8" })) {
      if (statSync(join(amq, file)).isFile()) places.push([file, readFileSync(join(amq, file), "latin1")]);
    }
    expect(places.length).toBeGreaterThan(4 * hosts.length);
    const found = places.filter(([, text]) => secrets.some((secret) => text.includes(secret))).map(([place]) => place);
    expect(found).toEqual([]);
    // What has to have them is for the service alone.
    expect((await lab.ssh("host-86", ["cat", `${root}/broker-a-1/active/credentials.properties`])).code).not.toBe(0);
  });

  it("says so when nothing changed, and restarts nothing", async () => {
    const since = () => on("host-87", "systemctl show -p ExecMainStartTimestampMonotonic amq-onpremises-broker-a-2");
    const before = await since();
    expect(await up()).toContain("nothing changed, nothing was restarted");
    expect(await since()).toBe(before);
  });

  it("loses no acknowledged message in a timed kill under eight producers", async () => {
    expect(await project.drill(stack, "5")).toMatchObject({ lost: 0, ok: true });
  });

  it("takes a change under load, one failover per group, and loses nothing", async () => {
    const starts = async () =>
      Promise.all(
        ["86", "87", "88"].map((n) => on(`host-${n}`, "systemctl show -p ExecMainStartTimestampMonotonic 'amq-*'")),
      );
    /** What a group's elections came from and to since a moment on its hosts, by the product's own words, in order. */
    const elections = async (group: string, since: string) => {
      const words =
        "Promoted to master|Demoted|Slave has disconnected|session timed out|Client session|is shutting down";
      const lines = ["86", "87", "88"].map((n, i) => {
        const unit = `amq-onpremises-${group}-${i + 1}`;
        return on(
          `host-${n}`,
          `journalctl --no-pager -o short-iso-precise -u ${unit} --since '@${since}' | grep -E '${words}' || true`,
        );
      });
      return (await Promise.all(lines)).flatMap((text) => text.split("\n")).sort();
    };
    const promotions = (events: readonly string[]) => events.filter((line) => line.includes("Promoted to master"));
    expect(promotions(await elections("broker-a", "0"))).not.toEqual([]);
    const before = await starts();
    const since = await on("host-86", "sleep 1; date +%s");
    const password = async () =>
      (await accountsOf(project.directory, loadPlan(stack, project.directory))).account.password;
    const old = await password();
    // New passwords, too: the clients go on with the old one.
    write({ limits: { heapMiB: 512, tempMiB: 600 }, passwords: { generation: 2 } });
    const { counts } = await underLoad(project.directory, stack, up);
    expect(await password()).not.toBe(old);
    for (const group of ["broker-a", "broker-b"]) {
      const events = await elections(group, since);
      // All of them are shown when there was more than the one.
      expect(promotions(events).length === 1 ? [] : events).toEqual([]);
    }
    const after = await starts();
    after.forEach((lines, i) => {
      expect(lines).not.toBe(before[i]);
    });
    expect(counts.sent).toBeGreaterThan(500);
    expect(counts.lost).toBe(0);
    await project.whole(stack);
  });

  it("goes on without a host that lost its power, names it, and has it back when it is switched on", async () => {
    const { counts, result } = await underLoad(project.directory, stack, async () => {
      await lab.kill("host-87");
      const without = await project.until(
        stack,
        ({ groups }) => groups.every(({ master }) => master !== null && !master.endsWith("-2")),
        90,
        "a group has no master",
      );
      await lab.start("host-87");
      await project.until(stack, ({ whole }) => whole, 240, "not whole again");
      return without;
    });
    expect(result.whole).toBe(false);
    expect(result.missing.map(({ what }) => what).join("\n")).toMatch(
      /broker-a-2 .*(host-87 cannot be reached|no answer)/,
    );
    expect(counts.lost).toBe(0);
  });

  it("drains a host under load, which stays drained over a reboot, and puts it back; nothing is lost", async () => {
    const units = "amq-onpremises-broker-a-1 amq-onpremises-broker-b-1";
    const { counts, result } = await underLoad(project.directory, stack, async () => {
      const out = await project.amq("drain", stack, "host-86");
      expect([out.code, out.code === 0 ? "" : out.stderr]).toEqual([0, ""]);
      await lab.kill("host-86");
      await lab.start("host-86");
      const state = await on("host-86", `systemctl is-enabled ${units}; systemctl is-active ${units}; true`);
      const up = await project.amq("up", stack);
      const back = await project.amq("drain", stack, "host-86", "--back");
      expect([back.code, back.code === 0 ? "" : back.stderr]).toEqual([0, ""]);
      return { state, up };
    });
    expect(result.state.split("\n")).toEqual(["disabled", "disabled", "inactive", "inactive"]);
    expect([result.up.code, result.up.stderr]).toEqual([
      1,
      expect.stringContaining("host-86: drained, and left alone") as string,
    ]);
    expect(counts.lost).toBe(0);
    await project.whole(stack);
    expect(await on("host-86", `systemctl is-enabled ${units}`)).toBe("enabled\nenabled");
  });

  it("goes down without leaving anything on a host", async () => {
    const { code, stderr } = await project.amq("down", stack);
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    for (const { name } of hosts) {
      expect(await unitsOf(name)).toBe("");
      const line =
        "ls -d /var/lib/activemq-cluster /opt/activemq-cluster /etc/systemd/system/amq-* ~ops/activemq* 2>/dev/null; pgrep -c java || true";
      expect(await on(name, line)).toBe("0");
    }
  });
});
