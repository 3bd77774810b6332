/** Lab hosts for a test file, a copy of the project that has them as its machines, and a shell on each. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostAddress } from "../../testbed/lab/hosts/hostList";
import { LabHosts } from "../../testbed/lab/hosts/labHosts";
import type { Kernel } from "../../testbed/lab/hosts/state";
import { unfit, unfitForKernels } from "../../testbed/lab/hosts/tools";
import { JVM } from "./prepare";
import { Project } from "../../testbed/harness/testProject";

/** What systemd adds to every service. */
const DROP_IN = "/etc/systemd/system/service.d";

const reason = unfit();
if (reason !== undefined) console.warn(`skipped: ${reason}`);

/** `describe`, or its skipping form where this machine cannot have lab hosts; the reason is printed. */
export const describeLab = reason === undefined ? describe : describe.skip;

/** The same for lab hosts with kernels of their own. */
export function describeKernels(name: string, tests: () => void): void {
  const problem = reason ?? unfitForKernels();
  if (problem === undefined) {
    describe(name, tests);
    return;
  }
  console.warn(`skipped: ${problem}`);
  describe.skip(name, tests);
}

/** Each file has a subnet of its own (192.168.2.x to .6.x, .5.x is proof:hosts'): labs may be up at the same time. */
export class Machines {
  readonly project = new Project();
  readonly directory = mkdtempSync(join(tmpdir(), "amq-lab-"));
  readonly lab = new LabHosts(this.directory, undefined, "temporary");

  /** @throws Error when they do not start; {@link remove} is needed all the same */
  async make(hosts: readonly HostAddress[], kernel: Kernel = "shared"): Promise<void> {
    await this.lab.up(
      hosts.map(({ name, address }) => ({ name, address })),
      kernel,
    );
    const [[name, value]] = Object.entries(JVM) as [[string, string]];
    const unit = `[Service]\nEnvironment="${name}=${value}"`;
    const line = `mkdir -p ${DROP_IN} && echo '${unit}' >${DROP_IN}/tests.conf && systemctl daemon-reload`;
    await Promise.all(hosts.map((host) => this.on(host.name, line)));
  }

  /** Runs a line of shell as root. @throws Error with what it said when it fails */
  async on(host: string, line: string): Promise<string> {
    const { code, stdout, stderr } = await this.lab.ssh(host, ["sudo", "sh", "-c", line]);
    if (code !== 0) throw new Error(`${host}: ${line}: ${stderr}${stdout}`);
    return stdout.trim();
  }

  async remove(): Promise<void> {
    this.project.remove();
    await this.lab.down();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
