/**
 * Store sharedKahaDB on a real file server: machines that each have a Linux of their own mount it with the kernel's client, and one
 * of them is lost, or stands still. In order.
 */
import { join } from "node:path";
import { BROKER_USER_ID, EXPORT, EXPORTED, serveFiles, shareFiles } from "../../testbed/lab/hosts/nfsServer";
import { accountsOf } from "../../operate/drill/accounts";
import { ClientProcess, idsIn, resolveClient } from "../../operate/drill/client";
import { loadPlan } from "../../operate/project";
import { Machines, describeKernels } from "./machines";

const stack = "nfs";
const files = { name: "files", address: "192.168.8.10" };
const hosts = [
  { name: "m1", address: "192.168.8.11" },
  { name: "m2", address: "192.168.8.12" },
];
const SHARED = "/srv/activemq";

describeKernels("brokers that share files on an NFS server", () => {
  let machines: Machines;

  const write = () => {
    machines.project.writeStack(stack, {
      target: "ssh",
      store: "sharedKahaDB",
      sharedKahaDB: { directory: SHARED, mount: `${files.address}:${EXPORT}` },
      groups: [{ name: "a", brokers: 2 }],
      hosts: hosts.map((host) => ({ ...host, roles: ["broker"], hostKey: machines.lab.hostKeyOf(host.name) })),
      ssh: { user: "ops", privateKeyFile: machines.lab.keyFile },
    });
  };

  const plan = () => loadPlan(stack, machines.project.directory);

  /** Runs a client; a list of message ids is a file in the project's folder. */
  async function client(...words: string[]): Promise<void> {
    const { account } = await accountsOf(machines.project.directory, plan());
    const args = [...words, "--url", plan().urls.failover, "--queue", "kept"];
    await new ClientProcess(account, args, new AbortController().signal).result();
  }
  const fileOf = (name: string) => join(machines.project.directory, name);
  let sent = 0;
  const send = () => client("send", "--count", "3", "--prefix", `m${++sent}`, "--acked", fileOf(`acked-${sent}`));
  async function receive(): Promise<void> {
    await client("receive", "--count", "3", "--idle", "60", "--received", fileOf(`received-${sent}`));
    expect(idsIn(fileOf(`received-${sent}`)).sort()).toEqual(idsIn(fileOf(`acked-${sent}`)).sort());
    expect(idsIn(fileOf(`acked-${sent}`))).toHaveLength(3);
  }

  const masters = async () => {
    const { groups } = await machines.project.status(stack);
    return groups.flatMap(({ brokers }) => brokers.filter(({ role }) => role === "master").map(({ name }) => name));
  };
  /** The host that has the master. */
  async function masterHost(): Promise<string> {
    const [name = "", ...others] = await masters();
    expect(others).toEqual([]);
    return (
      plan()
        .groups.flatMap(({ brokers }) => brokers)
        .find((broker) => broker.name === name)?.host ?? ""
    );
  }
  const whole = () => machines.project.until(stack, (status) => status.whole, 180, "not whole");

  beforeAll(async () => {
    machines = new Machines();
    await machines.make([files, ...hosts], "own");
    await machines.on(files.name, serveFiles("192.168.8.0/24"));
    await machines.on("m1", shareFiles());
    resolveClient();
  });
  afterAll(() => machines.remove());

  it("are refused a user who has another number on one machine", async () => {
    for (const { name } of hosts) await machines.on(name, `mkdir ${SHARED}`);
    write();
    const { code, stderr } = await machines.project.amq("up", stack);
    // The stack's folder, where m1 was first and has made it.
    const told = /m2: user activemq, number \d+ here, may not write to \/srv\/activemq(\/nfs)?, which is user 900's/;
    await machines.on("m2", `usermod --uid ${BROKER_USER_ID} activemq && groupmod --gid ${BROKER_USER_ID} activemq`);
    expect([code, stderr]).toEqual([1, expect.stringMatching(told)]);
  });

  it("come up on the mounted export, with one master", async () => {
    await machines.project.up(stack);
    await whole();
    expect(await masters()).toHaveLength(1);
    for (const { name } of hosts) {
      const mounted = await machines.on(name, `findmnt --noheadings --output FSTYPE,OPTIONS ${SHARED}`);
      expect(mounted).toMatch(/^nfs4 .*\bhard\b/);
    }
  });

  it("keep every message when the master's machine loses its power, and the machine joins again", async () => {
    await send();
    const lost = await masterHost();
    await machines.lab.kill(lost);
    await receive();
    expect(await masterHost()).not.toBe(lost);
    await machines.lab.start(lost);
    await whole();
  });

  it("have one master after a machine stood still for longer than the file server waits, and came back", async () => {
    const still = await masterHost();
    machines.lab.pause(still);
    await machines.project.until(stack, ({ groups }) => groups[0]?.master !== undefined, 120, "nobody took over");
    await send();
    machines.lab.resume(still);
    await whole();
    expect(await masterHost()).not.toBe(still);
    await receive();
  });

  it("wait for a file server that is away, and go on", async () => {
    await send();
    await machines.lab.kill(files.name);
    await machines.lab.start(files.name);
    await whole();
    await receive();
  });

  it("leave no process, unit or message when they go down", async () => {
    const { code, stderr } = await machines.project.amq("down", stack);
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    for (const { name } of hosts) {
      expect(await machines.on(name, "pgrep java; ls /etc/systemd/system | grep -E '^(amq|srv)-' || true")).toBe("");
    }
    expect(await machines.on(files.name, `find ${EXPORTED}${EXPORT} -type f`)).toBe("");
  });
});
