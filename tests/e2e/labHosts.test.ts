/** Real hosts on this machine: made, used, switched off and on, cut off, removed. One lab, in order. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeAbandoned } from "../../testbed/lab/abandoned";
import { hierarchies } from "../../testbed/lab/hosts/cgroups";
import { LabHosts } from "../../testbed/lab/hosts/labHosts";
import { networkName } from "../../testbed/lab/hosts/network";
import { comesTrue } from "../../core/util/until";
import { identify } from "../../testbed/lab/hosts/processes";
import { run } from "../../core/util/process";
import { type LabState, readProcesses, readState } from "../../testbed/lab/hosts/state";
import { describeLab } from "./machines";

/** Not the subnet of ssh.test.ts, which may run at the same time. */
const HOSTS = [86, 87, 88].map((last, i) => ({ name: `host-${i + 1}`, address: `192.168.3.${last}` }));

describeLab("three hosts on 192.168.3.86 to .88", () => {
  let directory: string;
  let lab: LabHosts;
  const names = HOSTS.map(({ name }) => name);
  const [one, two] = ["host-1", "host-2"];

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "amq-lab-"));
    lab = new LabHosts(directory, undefined, "temporary");
  });
  afterAll(async () => {
    await lab.down();
    // Still there when nothing could be made.
    rmSync(directory, { recursive: true, force: true });
  });

  async function said(host: string, ...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await lab.ssh(host, words);
    if (code !== 0) throw new Error(`${host}: ${words.join(" ")}: exit code ${code}: ${stderr}${stdout}`);
    return stdout.trim();
  }

  function state(): LabState {
    const found = readState(directory);
    if (found === undefined) throw new Error("there is no lab");
    return found;
  }

  it("come up, on and plugged in", async () => {
    await lab.up(HOSTS);
    expect(await lab.status()).toEqual(HOSTS.map((host) => ({ ...host, on: true, plugged: true })));
  });

  it.each(names)("%s runs systemd, is entered as ops, and lets ops become root", async (name) => {
    expect(await said(name, "systemctl", "is-system-running")).toBe("running");
    expect(await said(name, "hostname")).toBe(name);
    expect(await said(name, "id", "-un")).toBe("ops");
    expect(await said(name, "sudo", "-n", "id", "-un")).toBe("root");
    expect(await said(name, "sh", "-c", "java -version 2>&1")).toContain('version "17.');
  });

  it("are told apart by their own keys, machine ids and processes", async () => {
    const keys = names.map((name) => lab.hostKeyOf(name));
    expect(new Set(keys).size).toBe(3);
    expect(readFileSync(lab.knownHostsFile, "utf8").split("\n")[0]).toBe(`192.168.3.86 ${keys[0] ?? ""}`);
    const ids = await Promise.all(names.map((name) => said(name, "cat", "/etc/machine-id")));
    expect(new Set(ids).size).toBe(3);
    // Processes of other hosts would be there as 0.
    const sshds = await said(one, "sh", "-c", "cat $(find /sys/fs/cgroup -path '*/ssh.service/cgroup.procs')");
    expect(sshds.split("\n")).not.toContain("0");
  });

  it("do not take a wrong host key, or root", async () => {
    const known = readFileSync(lab.knownHostsFile, "utf8");
    const [command, ...args] = lab.sshCommand(one);
    const asRoot = args.map((word) => word.replace(/^ops@/, "root@"));
    await expect(run(command, ...asRoot, "true")).rejects.toThrow("Permission denied");
    const other = join(directory, "other_known_hosts");
    const swapped = args.map((word) => word.replace(lab.knownHostsFile, other));
    const [first = "", second = ""] = known.split("\n");
    await run(
      "sh",
      "-c",
      `echo "$1" >"$2"`,
      "sh",
      `${first.split(" ")[0] ?? ""} ${second.split(" ").slice(1).join(" ")}`,
      other,
    );
    await expect(run(command, ...swapped, "true")).rejects.toThrow("Host key verification failed");
    rmSync(other);
  });

  it("reach each other by name, and have a firewall of their own", async () => {
    for (const from of names) for (const to of names) await said(from, "ping", "-c", "1", "-W", "5", to);
    const rule = "table inet t { chain c { type filter hook input priority 0; icmp type echo-request drop; }; }";
    await said(two, "sudo", "nft", rule);
    expect((await lab.ssh(one, ["ping", "-c", "1", "-W", "1", two])).code).toBe(1);
    await said(two, "sudo", "nft", "delete", "table", "inet", "t");
    await said(one, "ping", "-c", "1", "-W", "5", two);
  });

  it("keep running, and their address, while a cable is pulled", async () => {
    await said(one, "sh", "-c", "(sleep 3; ip -br address show host0) >during 2>&1 &");
    await lab.cut(one);
    expect((await lab.ssh(two, ["ping", "-c", "1", "-W", "4", one])).code).toBe(1);
    expect((await lab.status()).map(({ plugged }) => plugged)).toEqual([false, true, true]);
    await lab.mend(one);
    await said(two, "ping", "-c", "1", "-W", "5", one);
    expect(await said(one, "cat", "during")).toMatch(/DOWN +192\.168\.3\.86\/24/);
  });

  it("are off at once when the power is cut, and have their disk when it is back", async () => {
    await said(one, "sh", "-c", "echo kept >~/file; sleep 1000 >/dev/null 2>&1 &");
    await lab.kill(one);
    expect((await lab.status()).map(({ on }) => on)).toEqual([false, true, true]);
    expect((await lab.ssh(two, ["ping", "-c", "1", "-W", "1", one])).code).toBe(1);
    await expect(lab.cut(one)).rejects.toThrow("host-1 is off");
    await lab.start(one);
    expect(await said(one, "systemctl", "is-system-running")).toBe("running");
    expect(await said(one, "cat", "file")).toBe("kept");
    expect((await lab.ssh(one, ["pgrep", "sleep"])).code).toBe(1);
    await said(two, "ping", "-c", "1", "-W", "5", one);
  });

  it("are empty machines with another key when they are replaced", async () => {
    const before = names.map((name) => lab.hostKeyOf(name));
    await lab.replace(one);
    expect(names.map((name) => lab.hostKeyOf(name) === before[names.indexOf(name)])).toEqual([false, true, true]);
    expect((await lab.ssh(one, ["cat", "file"])).code).toBe(1);
    expect(await said(one, "hostname")).toBe(one);
    await said(two, "ping", "-c", "1", "-W", "5", one);
  });

  it("stay as they are at another up, and do not give way to other hosts", async () => {
    const before = state();
    await lab.up(HOSTS);
    expect(state()).toEqual(before);
    await expect(lab.up(HOSTS.slice(1))).rejects.toThrow("there is a lab already, with host-1=192.168.3.86,");
  });

  it("keep another lab off their subnet", async () => {
    const other = new LabHosts(join(directory, "other"));
    await expect(other.up([{ name: "x", address: "192.168.3.1" }])).rejects.toThrow("192.168.3.254/24");
    expect(await other.status()).toEqual([]);
    expect(readdirSync(join(directory, "other"))).toEqual([]);
    rmdirSync(join(directory, "other"));
  });

  it("leave nothing behind", async () => {
    const { id } = state();
    const processes = names.flatMap((name) => {
      const { leader, supervisor } = readProcesses(join(directory, "hosts", name)) ?? {};
      return [leader, supervisor].map((process) => process?.pid ?? 0);
    });
    expect(processes.every((pid) => identify(pid) !== undefined)).toBe(true);
    await lab.down();
    expect(processes.filter((pid) => identify(pid) !== undefined)).toEqual([]);
    await expectNothingOf(id);
  });

  it("are removed by the next run when the tool was killed as it started one", async () => {
    const program =
      "require('tsx/cjs'); new (require(process.argv[1]).LabHosts)(process.argv[2], undefined, 'temporary').up([{ name: 'x', address: '192.168.3.86' }])";
    const module = join(__dirname, "..", "..", "testbed", "lab", "hosts", "labHosts.ts");
    const tool = spawn(process.execPath, ["-e", program, module, directory], { stdio: "ignore", cwd: __dirname });
    // In its cgroup, and not written down yet.
    let found: string[] = [];
    const started = () => (found = readState(directory) === undefined ? [] : processesOf(state().id)).length > 0;
    expect(await comesTrue(started, 60_000)).toBe(true);
    tool.kill("SIGKILL");
    await once(tool, "exit");
    const { id, complete } = state();
    expect(complete).toBe(false);
    await removeAbandoned();
    expect(found.filter((pid) => identify(Number(pid)) !== undefined)).toEqual([]);
    await expectNothingOf(id);
  });

  function groupsOf(id: string): string[] {
    return hierarchies(readFileSync("/proc/self/mounts", "utf8"))
      .map((folder) => join(folder, `amq-lab-${id}`))
      .filter((folder) => existsSync(folder));
  }

  function processesOf(id: string): string[] {
    return groupsOf(id)
      .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)))
      .filter((file) => file.endsWith("/cgroup.procs"))
      .flatMap((file) => readFileSync(file, "utf8").split("\n").filter(Boolean));
  }

  async function expectNothingOf(id: string): Promise<void> {
    expect(readFileSync("/proc/self/mounts", "utf8")).not.toContain(directory);
    expect(await run("ip", "netns", "list")).not.toContain(networkName(id));
    expect(await run("ip", "-json", "link", "show")).not.toContain(networkName(id));
    expect(await run("ip", "-json", "route", "show", "table", "all")).not.toContain("192.168.3.");
    expect(groupsOf(id)).toEqual([]);
    for (const folder of ["propagate", "unix-export"]) {
      const path = join("/run/systemd/nspawn", folder);
      expect((existsSync(path) ? readdirSync(path) : []).join(" ")).not.toContain(id);
    }
    expect(existsSync(directory)).toBe(false);
  }
});
