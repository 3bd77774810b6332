/** What is written on hosts and the commands that reach them. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hierarchies } from "../../../../testbed/lab/hosts/cgroups";
import { mountsBelow } from "../../../../testbed/lab/hosts/disk";
import { hostFiles, knownHosts, remoteLine, sshOptions } from "../../../../testbed/lab/hosts/files";
import { cableOf, nspawnCommand } from "../../../../testbed/lab/hosts/nspawn";
import { isDebian, raiseInstances, unfit, unfitForKernels } from "../../../../testbed/lab/hosts/tools";
import { blankDisk, userModeCommand } from "../../../../testbed/lab/hosts/userMode";

const hosts = [
  { name: "one", address: "192.168.2.86" },
  { name: "two", address: "192.168.2.87" },
] as const;

describe("the files of a host", () => {
  const files = hostFiles(hosts[0], hosts, { hostKey: "secret", userPublicKey: "public", machineId: "0".repeat(32) });
  const text = (path: string) => files.find((file) => file.path === path)?.text;

  it("give it its address, and no gateway", () => {
    expect(text("/etc/systemd/network/10-host.network")).toBe(
      `[Match]
Name=host0 eth0

[Network]
Address=192.168.2.86/24
LinkLocalAddressing=no
IPv6AcceptRA=no
# A server keeps its address when its cable is pulled.
IgnoreCarrierLoss=yes
`,
    );
  });

  it("let all hosts know each other by name", () => {
    expect(text("/etc/hosts")).toBe("127.0.0.1 localhost\n192.168.2.86 one\n192.168.2.87 two\n");
    expect(text("/etc/hostname")).toBe("one\n");
  });

  it("keep keys from everybody else", () => {
    expect(files.filter(({ mode }) => mode === 0o600).map(({ path, owner }) => [path, owner])).toEqual([
      ["/etc/ssh/ssh_host_ed25519_key", undefined],
      ["/home/ops/.ssh/authorized_keys", 1000],
    ]);
  });
});

describe("nspawnCommand", () => {
  const [command, ...args] = nspawnCommand({
    machine: "a1b2c3-1",
    hostname: "one",
    root: "/lab/hosts/one/disk",
    namespace: "amq-a1b2c3",
    bridge: "lab",
    cgroups: ["/sys/fs/cgroup/amq-lab-a1b2c3/one"],
  });

  it("boots the host's disk in the lab's network, unknown to this machine's systemd", () => {
    expect(args.slice(args.indexOf("nsenter"))).toEqual([
      "nsenter",
      "--net=/run/netns/amq-a1b2c3",
      "systemd-nspawn",
      "--quiet",
      "--boot",
      "--directory=/lab/hosts/one/disk",
      "--machine=a1b2c3-1",
      "--hostname=one",
      "--network-bridge=lab",
      "--register=no",
      "--keep-unit",
      "--settings=no",
      "--link-journal=no",
      "--resolv-conf=off",
      "--timezone=off",
      "--console=read-only",
    ]);
  });

  it("enters the cgroups, and starts nothing when it cannot", () => {
    const shell = args.slice(0, args.indexOf("nsenter"));
    const start = (...cgroups: string[]) =>
      spawnSync(command, [...shell.slice(0, 3), ...cgroups, "--", "echo", "started"], { encoding: "utf8" });
    expect(shell.slice(3)).toEqual(["/sys/fs/cgroup/amq-lab-a1b2c3/one", "--"]);
    expect(start()).toMatchObject({ status: 0, stdout: "started\n" });
    expect(start("/nowhere").stdout).toBe("");
    expect(start("/nowhere").status).not.toBe(0);
  });

  it("gives a link a name that Linux takes", () => {
    expect(cableOf("a1b2c3-99").length).toBeLessThanOrEqual(15);
  });
});

describe("a kernel of its own", () => {
  const [, ...args] = userModeCommand({
    machine: "a1b2c3-1",
    root: "/lab/hosts/one/disk",
    disk: "/lab/hosts/one/disk.img",
    cable: "vb-a1b2c3-1",
    mac: "02:a1:b2:c3:00:01",
    namespace: "amq-a1b2c3",
    cgroups: ["/sys/fs/cgroup/amq-lab-a1b2c3/one"],
  });

  it("starts in the host's cgroups and the lab's network, and ends with everything that it started", () => {
    expect(args[args.indexOf("--") - 1]).toBe("/sys/fs/cgroup/amq-lab-a1b2c3/one");
    const apart = args.slice(args.indexOf("nsenter"), args.lastIndexOf("sh", args.indexOf("/usr/bin/linux.uml")));
    expect(apart.slice(0, 7)).toEqual([
      "nsenter",
      "--net=/run/netns/amq-a1b2c3",
      "unshare",
      "--mount",
      "--pid",
      "--fork",
      "--kill-child",
    ]);
  });

  it("has the host's root to read, its disk, and its cable", () => {
    expect(args.slice(args.indexOf("/usr/bin/linux.uml") - 2)).toEqual([
      "/lab/hosts/one/disk",
      "/lab/hosts/one/disk.img",
      "/usr/bin/linux.uml",
      "umid=a1b2c3-1",
      "mem=1536M",
      "root=/dev/root",
      "rootfstype=hostfs",
      "rootflags=/",
      "ro",
      "init=/usr/sbin/lab-init",
      "ubd0=/dev/disk",
      "eth0=tuntap,vb-a1b2c3-1,02:a1:b2:c3:00:01",
      "panic=-1",
      "net.ifnames=0",
      "con=null",
      "con0=null,fd:1",
      "ssl=null",
    ]);
  });

  it("is refused where it cannot be", () => {
    const cpuInfo = (flag: string) => `processor\t: 0\nflags\t\t: fpu avx512f ${flag} amx_int8\nbugs\t\t: none\n`;
    expect(unfitForKernels("x64", "/dev/null", cpuInfo("pku"))).toBeUndefined();
    expect(unfitForKernels("x64", "/dev/null", cpuInfo("amx_tile"))).toContain("processor with AMX");
    expect(unfitForKernels("arm64", "/dev/null")).toContain("need x86_64");
    expect(unfitForKernels("x64", "/dev/nowhere")).toContain("need /dev/nowhere");
  });

  it("has a disk that stays as it was written", () => {
    const folder = mkdtempSync(join(tmpdir(), "amq-disk-"));
    try {
      const file = blankDisk(folder);
      expect(statSync(file)).toMatchObject({ size: 8 * 2 ** 30, blocks: 0 });
      writeFileSync(file, "written");
      expect(blankDisk(folder)).toBe(file);
      expect(readFileSync(file, "utf8")).toBe("written");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("ssh", () => {
  it("checks hosts against the lab's keys alone", () => {
    expect(sshOptions("/a lab/key", "/a lab/known_hosts")).toEqual(
      expect.arrayContaining([
        "none",
        "/a lab/key",
        'UserKnownHostsFile="/a lab/known_hosts"',
        "GlobalKnownHostsFile=none",
        "StrictHostKeyChecking=yes",
      ]),
    );
    expect(knownHosts([{ address: "10.0.0.1", publicKey: "ssh-ed25519 AAAA" }])).toBe("10.0.0.1 ssh-ed25519 AAAA\n");
  });

  it("hands over words as they are", () => {
    const words = ["printf", "%s|", "a b", "$HOME", "it's", "", "*"];
    expect(spawnSync("sh", ["-c", remoteLine(words)], { encoding: "utf8" }).stdout).toBe("a b|$HOME|it's||*|");
  });
});

describe("this machine", () => {
  it.each([
    ["cgroup v2", "cgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0", ["/sys/fs/cgroup"]],
    ["cgroup v1", "cgroup /c/cpu cgroup rw,cpu 0 0\ncgroup /c/systemd cgroup rw,name=systemd 0 0", ["/c/systemd"]],
    ["none", "tmpfs /tmp tmpfs rw 0 0\n", []],
  ])("has systemd's hierarchies of %s", (_, mounts, expected) => {
    expect(hierarchies(mounts)).toEqual(expected);
  });

  it("has mounts below a folder, inner ones first, and no others", () => {
    const mounts = [
      "overlay /a\\040b/x overlay rw 0 0",
      "tmpfs /a\\040b/x/y tmpfs rw 0 0",
      "tmpfs /a\\040bc tmpfs rw 0 0",
      "",
    ];
    expect(mountsBelow("/a b", mounts.join("\n"))).toEqual(["/a b/x/y", "/a b/x"]);
  });

  it.each([
    ["linux", 0, undefined],
    ["linux", 1000, "need root"],
    ["darwin", 501, "need Linux"],
  ])("on %s as user %p is unfit: %p", (platform, user, problem) => {
    const said = unfit(platform, user);
    if (problem === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(problem);
  });

  it.each([
    ["ID=debian\n", true],
    ["NAME=x\nID=ubuntu\nID_LIKE=debian\n", true],
    ['ID=pop\nID_LIKE="ubuntu debian"\n', true],
    ['ID=fedora\nID_LIKE="rhel"\n', false],
    ["", false],
  ])("is Debian by %j: %p", (osRelease, expected) => {
    expect(isDebian(osRelease)).toBe(expected);
  });
});

describe("the kernel's limit of watchers", () => {
  const folder = mkdtempSync(join(tmpdir(), "amq-inotify-"));
  const file = join(folder, "max_user_instances");
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ["128\n", "1024", "was 128, is 1024 until"],
    ["8192\n", "8192\n", undefined],
  ])("of %j becomes %j", (before, after, told) => {
    const lines: string[] = [];
    writeFileSync(file, before);
    raiseInstances((line) => lines.push(line), file);
    expect(readFileSync(file, "utf8")).toBe(after);
    expect(lines).toEqual(told === undefined ? [] : [expect.stringContaining(told)]);
  });

  it("is left alone, silently, where there is none", () => {
    raiseInstances(
      (line) => {
        throw new Error(line);
      },
      join(folder, "nothing"),
    );
  });
});
