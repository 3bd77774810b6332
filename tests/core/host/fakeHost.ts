/** A host folder with the real amq-host and a service that is a few lines of shell: its role is what a file says. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostScript } from "../../../core/host/hostScript";
import { fileBundle } from "../../../core/host/fileBundle";
import type { RenderedFile } from "../../../core/host/service";
import { until } from "../../../core/util/until";
import { limit, slowness } from "../../../testbed/harness/patience";

/** The fake's behaviour: `run` ends at once when a version says so, `probe` answers from data/role. */
const RUN = `#!/usr/bin/env bash
rm -f "$AMQ_SERVICE/data/running"
grep -q broken "$AMQ_CONF/settings" && { echo "cannot start: $(cat "$AMQ_CONF/settings")"; exit 3; }
cp "$AMQ_CONF/settings" "$AMQ_SERVICE/data/running"
exec sleep 300
`;
const PROBE = `#!/usr/bin/env bash
case $1 in
  # Only of the process that has read its settings: one that is about to fail says nothing.
  role) cmp -s "$AMQ_CONF/settings" "$AMQ_SERVICE/data/running" && cat "$AMQ_SERVICE/data/role" || echo starting ;;
  masterless | copied | failure) cat "$AMQ_SERVICE/data/$1" 2>/dev/null ;;
  bridges) cat "$AMQ_SERVICE/data/bridges" 2>/dev/null ;;
esac
exit 0
`;

export class FakeHost {
  /** Of the stack; hosts are two levels below it, as on target local. */
  readonly stack = mkdtempSync(join(tmpdir(), "amq-host-"));
  readonly directory = join(this.stack, "hosts", "h1");
  readonly script = join(this.directory, "bin", "amq-host");

  constructor() {
    mkdirSync(join(this.directory, "bin"), { recursive: true });
    writeFileSync(this.script, hostScript("/nowhere", "supervise"));
    chmodSync(this.script, 0o755);
  }

  async run(words: readonly string[], stdin = "", env: Record<string, string> = {}) {
    const child = spawn(this.script, words, {
      env: {
        ...process.env,
        AMQ_HEALTH_SECONDS: String(Math.ceil(6 * slowness())),
        AMQ_SETTLE_SECONDS: "2",
        AMQ_BRIDGE_SECONDS: "2",
        ...env,
      },
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    // It may end without having read all.
    child.stdin.on("error", () => undefined).end(stdin);
    const [code] = (await once(child, "close")) as [number | null];
    return { code, out: out.trim(), err: err.trim() };
  }

  /** A version whose only setting is the given text. */
  static files(settings: string): RenderedFile[] {
    return [
      { path: "settings", text: settings },
      { path: "run", text: RUN, executable: true },
      { path: "probe", text: PROBE, executable: true },
    ];
  }

  /** Stages a version whose only setting is the given text; returns `<digest>#<n>`. */
  async stage(service: string, settings: string): Promise<string> {
    const { code, out, err } = await this.run(["stage-files", service, "no"], fileBundle(FakeHost.files(settings)));
    if (code !== 0) throw new Error(err);
    return out;
  }

  say(service: string, file: "role" | "masterless" | "copied" | "bridges", text: string): void {
    mkdirSync(join(this.directory, service, "data"), { recursive: true });
    writeFileSync(join(this.directory, service, "data", file), `${text}\n`);
  }

  /** The settings the running process started with; nothing while it starts. */
  running(service: string): string {
    const file = join(this.directory, service, "data", "running");
    return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  }

  async pid(service: string): Promise<string> {
    return (await this.run(["pid", service])).out;
  }

  async remove(): Promise<void> {
    const services = (await this.run(["list"])).out.split("\n").filter(Boolean);
    await Promise.all(services.map((service) => this.run(["remove", service])));
    rmSync(this.stack, { recursive: true, force: true });
  }
}

/** Asks until the answer is accepted. @throws Error with the last answer after 10 s of a quiet machine */
export async function eventually<T>(ask: () => T | Promise<T>, accept: (answer: T) => boolean): Promise<T> {
  const { seen, asWanted } = await until(ask, accept, { millis: limit(10), everyMillis: 100 });
  if (!asWanted) throw new Error(`still ${JSON.stringify(seen)}`);
  return seen;
}
