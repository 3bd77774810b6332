/** `amq-host mount-efs` with stand-ins for systemd, the mount helper and the package manager: nothing is mounted. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostScript } from "../../../core/host/hostScript";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "amq-efs-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const unitFile = () => join(folder, "units", "orders.mount");
const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");

/** What the machine's tools answer, but for those that only note that they were called. */
const TOOLS = {
  "mount.efs": "true",
  dnf: "true",
  hostname: "echo host-1",
  journalctl: "echo mount.nfs4: access denied",
  sleep: "true",
  "systemd-escape": "echo orders.mount",
  systemctl: "true",
  // As mount.efs leaves it: the kernel dials the helper's proxy.
  findmnt:
    "case $* in *FSTYPE*) echo nfs4 ;; *OPTIONS*) echo rw,vers=4.1,hard,local_lock=none ;; *) echo 127.0.0.1:/ ;; esac",
  runuser: 'while [ "$1" != -- ]; do shift; done; shift; "$@"',
} as const;

function mount(answers: Partial<Record<keyof typeof TOOLS, string | undefined>> = {}) {
  const tools = join(folder, "tools");
  rmSync(tools, { recursive: true, force: true });
  mkdirSync(tools);
  mkdirSync(join(folder, "units"), { recursive: true });
  mkdirSync(join(folder, "orders"), { recursive: true });
  for (const [tool, line] of Object.entries({ ...TOOLS, ...answers })) {
    if (line === undefined) continue;
    const text = `#!/bin/bash\necho "${tool} $*" >>${join(folder, "calls")}\n${line}\n`;
    writeFileSync(join(tools, tool), text, { mode: 0o755 });
  }
  const script = join(folder, "amq-host");
  const text = hostScript("/nowhere", "systemd").replace(
    "UNIT_FOLDER=/etc/systemd/system",
    `UNIT_FOLDER=${folder}/units`,
  );
  writeFileSync(script, text, { mode: 0o755 });
  const { status, stdout, stderr } = spawnSync(script, ["mount-efs", "eu-west-1"], {
    input: `${folder}/orders fs-1 fsap-1\n`,
    encoding: "utf8",
    env: { ...process.env, PATH: `${tools}:${process.env["PATH"] ?? ""}`, AMQ_MOUNT_TRIES: "3" },
  });
  return { code: status, out: stdout.trim(), err: stderr.trim() };
}

it("mounts a group's access point over an encrypted connection, now and at every boot", () => {
  expect(mount()).toEqual({ code: 0, out: `${folder}/orders: fsap-1 of fs-1`, err: "" });
  const unit = readFileSync(unitFile(), "utf8");
  expect(unit).toContain(`What=fs-1:/\nWhere=${folder}/orders\nType=efs\n`);
  expect(/^Options=(.*)$/m.exec(unit)?.[1]?.split(",")).toEqual(
    expect.arrayContaining(["tls", "accesspoint=fsap-1", "region=eu-west-1", "hard", "actimeo=1", "_netdev"]),
  );
  expect(calls()).toEqual(
    expect.arrayContaining(["systemctl --quiet enable orders.mount", "systemctl start orders.mount"]),
  );
  expect(calls().filter((call) => call.startsWith("dnf"))).toEqual([]);
  // One below the mount point, so that it is missing while nothing is mounted.
  expect(existsSync(join(folder, "orders", "store"))).toBe(true);
});

it("does the same twice, and no other file system in its place", () => {
  mount();
  expect(mount().code).toBe(0);
  writeFileSync(unitFile(), readFileSync(unitFile(), "utf8").replace("fs-1", "fs-2"));
  expect(mount()).toMatchObject({ code: 1, err: expect.stringContaining("something else is mounted at") as string });
});

it("installs the helper where it is missing, and says so when it cannot", () => {
  expect(mount({ "mount.efs": undefined }).code).toBe(0);
  expect(calls()).toContain("dnf install --assumeyes --quiet amazon-efs-utils");
  const failed = mount({ "mount.efs": undefined, dnf: "echo no mirror >&2; exit 1" });
  expect(failed).toMatchObject({
    code: 1,
    err: expect.stringMatching(/no mirror\n.*amazon-efs-utils could not be/) as string,
  });
});

it("tries again, because a new file system's name is not known at once, and gives up with the reason", () => {
  const later = `[[ $1 != start || -e ${join("$(dirname $0)")}/seen ]] || { touch $(dirname $0)/seen; exit 1; }`;
  expect(mount({ systemctl: later }).code).toBe(0);
  const never = mount({ systemctl: "[ $1 != start ]" });
  expect(never).toMatchObject({ code: 1, err: expect.stringContaining("mount.nfs4: access denied") as string });
  expect(calls().filter((call) => call === "systemctl start orders.mount")).toHaveLength(2 + 3);
});

it.each([
  ["a soft mount", "*OPTIONS*) echo rw,soft ;; *) echo nfs4 ;;", "is mounted soft"],
  ["a disk of the machine's own", "*FSTYPE*) echo xfs ;; *) echo /dev/root ;;", "which this machine has alone"],
])("takes no broker to %s", (_what, answers, message) => {
  const { code, err } = mount({ findmnt: `case $* in ${answers} esac` });
  expect([code, err]).toEqual([1, expect.stringContaining(message)]);
});

it("takes none where user activemq may not write", () => {
  const { code, err } = mount({ runuser: "exit 1" });
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(/activemq may not write to .*orders, which is access point fsap-1/),
  ]);
});
