/** Hosts that are a folder with a small amq-host, which answers from a table. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClusterPlan, brokersOf } from "../../components/cluster/plan";
import { planOf } from "../broker/plans";

/** What a service's probe answers, and `amq-host versions`; a question that is missing is answered with nothing. */
export interface Answers {
  readonly role?: string;
  readonly metrics?: string;
  readonly bridges?: string;
  readonly versions?: string;
  /** It never answers. */
  readonly hangs?: boolean;
}

const SCRIPT = `#!/bin/sh
here=$(dirname "$0")/../answers/$2
[ ! -e "$here/hangs" ] || { sleep 300 & echo $! > "$here/child"; wait; }
[ "$1" != versions ] || set -- "$1" "$2" versions
[ ! -e "$here/$3" ] || cat "$here/$3"
`;

export class FakeHosts {
  readonly directory = mkdtempSync(join(tmpdir(), "amq-fake-hosts-"));
  readonly plan: ClusterPlan;

  constructor(values: Record<string, unknown> = {}) {
    this.plan = planOf({ directory: this.directory, ...values });
  }

  /** Sets up every host: each service answers what is given for it, or like a whole cluster whose first brokers are masters. */
  up(answers: Readonly<Record<string, Answers>> = {}): this {
    for (const { host, name } of this.services()) {
      const bin = join(this.directory, "hosts", host, "bin");
      mkdirSync(bin, { recursive: true });
      writeFileSync(join(bin, "amq-host"), SCRIPT);
      chmodSync(join(bin, "amq-host"), 0o755);
      const folder = join(this.directory, "hosts", host, "answers", name);
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      const { hangs, ...said } = { ...this.healthy(name), ...answers[name] };
      for (const [question, answer] of Object.entries(said)) writeFileSync(join(folder, question), `${answer}\n`);
      if (hangs === true) writeFileSync(join(folder, "hangs"), "");
    }
    return this;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private services() {
    return [...brokersOf(this.plan), ...(this.plan.ensemble?.members ?? [])];
  }

  private healthy(name: string): Answers {
    if (name.startsWith("zookeeper-")) return { role: name === "zookeeper-2" ? "leader" : "follower" };
    const broker = brokersOf(this.plan).find((candidate) => candidate.name === name);
    if (!name.endsWith("-1")) return { role: "slave" };
    const bridges = this.plan.bridges.filter(({ from }) => from === broker?.group).map((bridge) => bridge.name);
    return { role: "master", bridges: bridges.join("\n"), metrics: "" };
  }
}
