/** The cluster on machines that the lab plays EC2 with: a stack file in a copy of the project, and what a console does to instances. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { textOf } from "../../lab/ec2/account";
import { Ec2Lab } from "../../lab/ec2/ec2Lab";
import { tagOf } from "../../lab/ec2/functions";
import { labDirectory } from "../../../operate/engine/standIn/ec2Switch";
import { ask } from "../../../core/util/process";
import { ProjectCopy } from "../../harness/projectCopy";
import { takeOutputsFrom } from "../../../operate/hosts/awsAccess";
import { WATCH_MILLIS } from "../../../operate/drill/watch";
import { accountsOf } from "../../../operate/drill/accounts";
import { Cluster } from "../../../operate/drill/cluster";
import type { Context } from "../../../operate/drill/context";
import { type ClientLocation, clientLocationFor } from "../../../operate/drill/clientLocation";
import { loadPlan } from "../../../operate/project";
import { type ClusterUnderTest, WHOLE_SECONDS } from "../hosts/clusterUnderTest";

export const STACK = "proof";

const REGION = "eu-central-1";

/** Two groups of three over three zones, ZooKeeper apart; everything else as users get it. */
const KEYS = {
  target: "aws",
  store: "replicatedLevelDB",
  groups: [{ name: "a" }, { name: "b" }],
  topology: "mesh",
};

const AWS = {
  region: REGION,
  zones: ["a", "b", "c"].map((letter) => `${REGION}${letter}`),
  instanceTypes: { broker: "t4g.small", zookeeper: "t4g.micro" },
  volumes: { brokerDataGiB: 8, zookeeperDataGiB: 4 },
  // Not those of the shipped stacks, nor of the test's.
  network: { cidr: "10.32.0.0/20" },
  dnsZone: "proof.activemq.internal",
  login: { bastion: { cidrs: ["192.0.2.0/24"] } },
  protect: false,
};

export class Ec2Site implements ClusterUnderTest {
  readonly pauseMillis = WATCH_MILLIS;
  readonly project = new ProjectCopy("amq-proof-ec2-");
  /** Hosts that cannot answer now, so nobody waits for them. */
  readonly away = new Set<string>();
  /** For the clients' files. */
  private readonly directory = mkdtempSync(join(tmpdir(), "amq-proof-clients-"));
  private current: Cluster | undefined;
  private clients: ClientLocation = {};
  private image = 0;

  /** @param signal when it is aborted, nothing more is waited for */
  constructor(
    readonly signal: AbortSignal,
    readonly say: (line: string) => void,
  ) {}

  /** The cluster as the stack file has it now. */
  get cluster(): Cluster {
    if (this.current === undefined) throw new Error("no stack file was written yet");
    return this.current;
  }

  get plan() {
    return this.cluster.plan;
  }

  /** @returns what it took, in seconds. @throws Error when the cluster does not come up */
  async make(): Promise<number> {
    this.write({});
    this.say("amq up");
    const began = Date.now();
    await this.up();
    const seconds = (Date.now() - began) / 1000;
    takeOutputsFrom(this.project.directory, STACK);
    this.clients = await clientLocationFor(this.plan, this.project.directory);
    await this.whole();
    return seconds;
  }

  write(keys: Readonly<Record<string, unknown>>): void {
    const image = { id: `ami-${String(this.image).padStart(17, "0")}` };
    this.project.writeStack(STACK, { ...KEYS, aws: { ...AWS, image }, ...keys });
    this.current = new Cluster(loadPlan(STACK, this.project.directory), this.signal);
  }

  /** Another image: every machine is to be replaced. The lab has one alone, whatever it is called. */
  writeNextImage(): void {
    this.image += 1;
    this.write({});
  }

  /** @throws Error with what `amq up` said, unless it worked */
  async up(): Promise<void> {
    const { code, stderr } = await this.project.amq("up", STACK);
    this.signal.throwIfAborted();
    if (code !== 0) throw new Error(`amq up ended with ${String(code)}: ${stderr.trim().slice(-2000)}`);
  }

  async context(): Promise<Context> {
    const accounts = await accountsOf(this.project.directory, this.plan);
    const { through } = this.clients;
    return {
      cluster: this.cluster,
      directory: this.directory,
      kills: 1,
      say: this.say,
      ...accounts,
      ...(through && { through }),
    };
  }

  async whole(seconds = WHOLE_SECONDS): Promise<void> {
    await this.cluster.until((status) => status.whole, seconds, "not whole");
  }

  async pause(seconds: number): Promise<void> {
    await sleep(Math.max(seconds, 0) * 1000, undefined, { signal: this.signal });
  }

  /** The power of an instance is gone. */
  async cut(host: string): Promise<void> {
    this.away.add(host);
    await this.console("stop", host, "--force");
  }

  async start(host: string): Promise<void> {
    await this.console("start", host);
    this.away.delete(host);
  }

  /** An instance is ended behind the program's back. */
  async terminate(host: string): Promise<void> {
    this.away.add(host);
    await this.console("terminate", host);
  }

  /** @throws Error with what it said when it fails */
  private async console(...words: string[]): Promise<void> {
    const { code, stderr } = await this.project.amq("lab", "ec2", ...words);
    if (code !== 0) throw new Error(`amq lab ec2 ${words.join(" ")}: ${stderr.trim()}`);
  }

  async recover(): Promise<string> {
    for (const { host, state } of this.instances()) if (state === "stopped") await this.start(host);
    this.away.clear();
    await this.up();
    await this.whole();
    return "whole again after every instance was started, and amq up";
  }

  async saveJournals(name: string): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), `amq-proof-journals-${name}-`));
    for (const { host, inside } of this.instances()) {
      const [command, ...args] = [...inside(), "journalctl", "--no-pager", "-o", "short-iso-precise"];
      const { stdout, stderr } = await ask(command, args);
      writeFileSync(join(folder, `${host}.log`), stdout + stderr);
    }
    return folder;
  }

  /** Everything goes, whatever state it is in. */
  async remove(): Promise<void> {
    await this.project.interrupt();
    await this.console("down");
    this.project.remove();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Of the instances that carry hosts. */
  ids(): string[] {
    return this.instances().flatMap(({ id, isHost }) => (isHost ? [id] : []));
  }

  private instances() {
    const lab = Ec2Lab.find(labDirectory(this.project.directory));
    return (lab?.account.all("Instance") ?? []).map((one) => ({
      id: one.id,
      isHost: tagOf(one, "activemq-host") !== "",
      host: tagOf(one, "activemq-host") || tagOf(one, "Name"),
      state: textOf(one, "instanceState"),
      inside: () =>
        textOf(one, "instanceState") === "running" ? (lab?.machine(one).insideWords() ?? ["true"]) : ["true"],
    }));
  }
}
