import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { userData } from "../../../../core/render/host/userData";
import { expectGolden } from "../../../support/golden";

const HOST = {
  machine: "Orders-1",
  region: "eu-central-1",
  bucket: "artefacts-0a1b2c3",
  dnsName: "orders-1.dev.activemq.internal",
};

it.each([
  ["a host", "host", HOST],
  ["the bastion", "bastion", { machine: "bastion", region: HOST.region, bucket: HOST.bucket }],
])("the first boot of %s is as it was, and bash can read it", (_what, name, args) => {
  const text = userData(args);
  expectGolden(`tests/core/render/host/golden/userData.${name}.sh`, text);
  const { status, stderr } = spawnSync("bash", ["-n"], { input: text, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

it("fits into what EC2 takes", () => {
  expect(Buffer.byteLength(userData(HOST))).toBeLessThan(16 * 1024);
});

describe("run in a folder, with tools that only say what they are asked", () => {
  const root = mkdtempSync(join(tmpdir(), "amq-first-boot-"));
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });
  for (const folder of ["ssh/sshd_config.d", "cloud/cloud.cfg.d"]) {
    mkdirSync(join(root, "etc", folder), { recursive: true });
  }
  const stubs = `
for tool in aws sshd systemctl hostnamectl mount dnf mkfs.xfs; do
  eval "$tool() { echo \\"$tool \\$*\\" >&2; }"
done
aws() {
  echo "aws $*" >&2
  case "$*" in *data-volume*) echo vol-0123456789abcdef0 ;; *) echo private ;; esac >"\${@: -1}"
}
hostname() { echo "10.30.0.20 fd00::20 "; }
ssh-keygen() { echo "public half of $(cat "$3")"; }
sleep() { :; }
test() { [[ \${attached:-yes} == yes ]]; }
`;
  const run = (before: string) => {
    const text = userData(HOST)
      .replaceAll("/etc/", `${root}/etc/`)
      .replaceAll("/var/lib/", `${root}/`)
      .replaceAll("/run/", `${root}/`);
    return spawnSync("bash", ["-c", `${stubs}${before}\n${text}`], { encoding: "utf8" });
  };
  const read = (file: string) => readFileSync(join(root, "etc", file), "utf8");
  const DEVICE = "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0";

  it("shows the host key that the program expects, for logins without passwords", () => {
    const { status, stderr } = run("blkid() { echo uuid; }");
    expect(status).toBe(0);
    expect(stderr).toContain(
      "aws s3 cp --only-show-errors --region eu-central-1 s3://artefacts-0a1b2c3/hosts/Orders-1/ssh_host_ed25519_key",
    );
    expect(read("ssh/ssh_host_ed25519_key")).toBe("private\n");
    expect(statSync(join(root, "etc/ssh/ssh_host_ed25519_key")).mode & 0o777).toBe(0o600);
    expect(read("ssh/ssh_host_ed25519_key.pub")).toBe("public half of private\n");
    expect(read("ssh/sshd_config.d/10-activemq-cluster.conf")).toContain("PasswordAuthentication no\n");
    expect(stderr.indexOf("sshd -t")).toBeLessThan(stderr.indexOf("systemctl restart sshd"));
  });

  it("knows itself by the names that others do, and by the address that they reach", () => {
    expect(read("hosts")).toBe("10.30.0.20 orders-1.dev.activemq.internal orders-1\n");
  });

  it("makes a file system on an empty volume, and none where one is", () => {
    const made = run("blkid() { [[ $1 == -s ]] && echo uuid; }");
    expect([made.status, made.stderr]).toEqual([0, expect.stringContaining(`mkfs.xfs -q ${DEVICE}`)]);
    const kept = run("blkid() { echo uuid; }");
    expect([kept.status, kept.stderr]).toEqual([0, expect.not.stringContaining("mkfs")]);
    expect(kept.stderr).toContain(`mount ${root}/activemq-cluster`);
    expect(read("fstab")).toContain(`UUID=uuid ${root}/activemq-cluster xfs `);
  });

  it("fails, and says where, when the volume never comes", () => {
    const { status, stderr } = run("attached=no; blkid() { echo uuid; }");
    expect(status).not.toBe(0);
    expect(stderr).toContain(`gave up on: test -b ${DEVICE}`);
    expect(stderr).toMatch(/first boot failed at line \d+/);
    expect(stderr).not.toContain("mount ");
  });
});
