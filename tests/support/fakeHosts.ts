/** Hosts that are a folder with a small amq-host, which answers from a table; draining changes the table as an election does. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planOf } from "./plans";
import { type ClusterPlan, brokersOf, servicesOf } from "../../core/plan/model";

/** What a service's probe answers, and `amq-host versions`; a question that is missing is answered with nothing. */
export interface Answers {
  readonly role?: string;
  readonly metrics?: string;
  /** Network connectors with a bridge, a line each; its report is made of them, unless there is one. */
  readonly bridges?: string;
  readonly report?: string;
  readonly versions?: string;
  /** What it says to that is `drained` or nothing. */
  readonly drained?: string;
  /** Why the last process ended. */
  readonly failure?: string;
  /** Nobody takes its place when it is drained. */
  readonly noHeir?: string;
  /** It never answers. */
  readonly hangs?: boolean;
}

const SCRIPT = `#!/bin/sh
answers=$(dirname "$0")/../answers
here=$answers/$2
hosts=$answers/../..
case $1 in
  list) ls "$answers" ;;
  probe | versions)
    [ ! -e "$here/hangs" ] || { sleep 300 & echo $! > "$here/child"; wait; }
    [ "$1" = probe ] || set -- "$1" "$2" versions
    if [ -e "$here/$3" ]; then cat "$here/$3"
    elif [ "$3" = report ] && [ -e "$here/bridges" ]; then
      echo "activemq_broker_slave 0"
      sed -n 's/..*/activemq_bridge_up{connector="&"} 1/p' "$here/bridges"
    fi ;;
  drain)
    echo "$1 $2" >> "$hosts/calls"
    role=$(cat "$here/role")
    echo down > "$here/role"
    echo drained > "$here/drained"
    case $role in master) from=slave ;; leader) from=follower ;; *) exit 0 ;; esac
    [ ! -e "$here/noHeir" ] || exit 0
    for other in "$hosts"/*/answers/"\${2%-*}"-*; do
      [ "$(cat "$other/role")" = "$from" ] || continue
      echo "$role" > "$other/role"
      [ ! -e "$here/bridges" ] || cp "$here/bridges" "$other/bridges"
      break
    done ;;
  put-back)
    echo "$1 $2" >> "$hosts/calls"
    rm "$here/drained"
    case $2 in zookeeper-*) primary=leader role=follower ;; *) primary=master role=slave ;; esac
    grep -qx $primary "$hosts"/*/answers/"\${2%-*}"-*/role || role=$primary
    echo $role > "$here/role" ;;
esac
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

  /** What was drained and put back, in order. */
  calls(): string[] {
    const file = join(this.directory, "hosts", "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private services() {
    return servicesOf(this.plan);
  }

  private healthy(name: string): Answers {
    if (name.startsWith("zookeeper-")) return { role: name === "zookeeper-2" ? "leader" : "follower" };
    if (name === this.plan.database?.server?.name) return { role: "serving" };
    const broker = brokersOf(this.plan).find((candidate) => candidate.name === name);
    const metrics = "activemq_prepared_transactions 0.0";
    if (!name.endsWith("-1")) return { role: "slave", metrics };
    const bridges = this.plan.bridges.filter(({ from }) => from === broker?.group).map((bridge) => bridge.name);
    return { role: "master", bridges: bridges.join("\n"), metrics };
  }
}
