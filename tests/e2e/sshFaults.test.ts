/** What can be wrong with a machine: each fault is told by itself, with what to do, and leaves the machine as it was. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeKey } from "../../testbed/lab/hosts/keys";
import type { LabHosts } from "../../testbed/lab/hosts/labHosts";
import { Machines, describeLab } from "./machines";
import type { Project } from "../../testbed/harness/testProject";

const stack = "faults";
const host = { name: "m1", address: "192.168.4.11" };
const second = { name: "m2", address: "192.168.4.12" };

describeLab("a machine that does not suit", () => {
  let machines: Machines;
  let project: Project;
  let lab: LabHosts;

  const write = (keys: Record<string, unknown> = {}) => {
    project.writeStack(stack, {
      target: "ssh",
      store: "kahaDB",
      groups: [{ name: "a", brokers: 1 }],
      hosts: [{ ...host, hostKey: lab.hostKeyOf(host.name), roles: ["broker"] }],
      ssh: { user: "ops", privateKeyFile: lab.keyFile },
      ...keys,
    });
  };

  const asRoot = (line: string) => machines.on(host.name, line);

  /** Everything that an `up` would make there. */
  const traces = () =>
    asRoot(
      "ls -d /var/lib/activemq-cluster/* /opt/activemq-cluster /etc/systemd/system/amq-* /etc/sysctl.d/60-* 2>/dev/null; getent passwd activemq zookeeper; true",
    );

  async function refused(): Promise<string> {
    const { code, stderr } = await project.amq("up", stack);
    expect(code).toBe(1);
    return stderr;
  }

  beforeAll(async () => {
    machines = new Machines();
    ({ project, lab } = machines);
    await machines.make([host, second]);
    write();
    expect(await traces()).toBe("");
  });
  afterAll(() => machines.remove());

  it("another key than the one that logs in", async () => {
    const other = join(machines.directory, "other");
    await makeKey(other, "other@lab");
    write({ ssh: { user: "ops", privateKeyFile: other } });
    const said = await refused();
    for (const path of [other, `${other}.pub`]) rmSync(path);
    write();
    expect(said).toMatch(/activemq-m1-prepare: .*\n.*ops@192\.168\.4\.11: Permission denied \(publickey\)/);
    expect(await traces()).toBe("");
  });

  it("a key file that is not there, before anything is asked", async () => {
    write({ ssh: { user: "ops", privateKeyFile: "/nowhere/key" } });
    const said = await refused();
    write();
    expect(said).toContain("activemq:ssh.privateKeyFile: /nowhere/key cannot be read (ENOENT)");
  });

  it("a user without sudo", async () => {
    await asRoot("useradd -m guest && cp -r ~ops/.ssh ~guest/ && chown -R guest: ~guest/.ssh");
    write({ ssh: { user: "guest", privateKeyFile: lab.keyFile } });
    const said = await refused();
    write();
    expect(said).toMatch(/activemq-m1-prepare: .*\n.*sudo: a password is required/);
    expect(await traces()).toBe("");
  });

  it("no Java", async () => {
    await asRoot("mv $(readlink -f /usr/bin/java) /root/java");
    const said = await refused();
    await asRoot("mv /root/java $(readlink -m /usr/bin/java)");
    expect(said).toContain("m1: there is no Java: apt-get install openjdk-17-jre-headless");
    expect(await traces()).toBe("");
  });

  it.each([
    ["almost full", "100m", "m1: 100 MiB are free for /var/lib/activemq-cluster/faults, at least 1024 are needed"],
    ["full", "4k", "No space left on device"],
  ])("a disk that is %s", async (_, size, told) => {
    await asRoot(
      `mkdir /var/lib/activemq-cluster && mount -t tmpfs -o size=${size} amq-test /var/lib/activemq-cluster`,
    );
    const said = await refused();
    expect(await traces()).toBe("");
    await asRoot("umount /var/lib/activemq-cluster && rmdir /var/lib/activemq-cluster");
    expect(said).toContain(told);
  });

  it("a port that is taken, by whom", async () => {
    const listen = "@s = (IO::Socket::INET->new(LocalAddr => '192.168.4.11:61616', Listen => 1) or die); sleep 300";
    await asRoot(`(perl -MIO::Socket::INET -e "${listen}" >/dev/null 2>&1 & echo $! >/run/taker)`);
    const said = await refused();
    await asRoot("kill $(cat /run/taker)");
    expect(said).toMatch(
      /a-1: port 61616 on 192\.168\.4\.11 is taken by perl .*\(pid \d+\): stop that, or give the group/,
    );
    expect(await asRoot("systemctl list-units 'amq-*' --plain --no-legend --all")).toBe("");
  });

  it("none of it any more: it comes up, and goes without a trace but the two system users", async () => {
    await project.up(stack);
    const { code, stderr } = await project.amq("down", stack);
    expect([code, stderr.includes("FAILED")]).toEqual([0, false]);
    expect((await traces()).split("\n").map((line) => line.split(":")[0])).toEqual(["activemq", "zookeeper"]);
  });

  it("a directory for a group's files that one machine has alone", async () => {
    const shared = "/srv/activemq";
    const hosts = [host, second];
    for (const { name } of hosts) await machines.on(name, `mkdir ${shared}`);
    write({
      store: "sharedKahaDB",
      sharedKahaDB: { directory: shared },
      groups: [{ name: "a", brokers: 2 }],
      hosts: hosts.map((one) => ({ ...one, hostKey: lab.hostKeyOf(one.name), roles: ["broker"] })),
    });
    expect(await refused()).toContain(`${shared} is on overlay, which this machine has alone`);
  });
});
