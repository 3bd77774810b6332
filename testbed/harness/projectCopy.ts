/**
 * A copy of the project in a folder of its own, with stack files of its own: whoever tries something there never touches a
 * cluster that runs from the project itself, an edit of the project does not reach it, and everything of it is below one folder.
 */
import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { stringify } from "yaml";
import { NAMESPACE } from "../../config/schema";
import { askSync } from "../../core/util/process";
import { MARK, noteTemporary, removeNote } from "../lab/hosts/temporary";

const ROOT = join(__dirname, "../..");
const COPIED = [
  "components",
  "config",
  "core",
  "operate",
  "testbed",
  "runtime",
  "index.ts",
  "package.json",
  "Pulumi.yaml",
  "tsconfig.json",
];

/** Copies the program of this checkout, as it is in the working tree, into a folder; what else is there stays. */
export function copyProgram(directory: string): void {
  for (const name of COPIED) cpSync(join(ROOT, name), join(directory, name), { recursive: true });
}

/** What a command of `amq` left behind. */
export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the project, removed by {@link ProjectCopy.remove} with all that runs from it. */
export class ProjectCopy {
  readonly directory: string;
  private readonly stacks = new Set<string>();
  private readonly running = new Set<{ child: ChildProcess; answer: Promise<Answer> }>();

  /**
   * @param prefix of the folder's name, which shows in command lines
   * @param fill   writes the program into the folder; by default that of this checkout
   */
  constructor(prefix: string, fill: (directory: string) => void = copyProgram) {
    this.directory = mkdtempSync(join(tmpdir(), prefix));
    noteTemporary({ id: basename(this.directory), kind: "project", directory: this.directory });
    fill(this.directory);
    symlinkSync(join(ROOT, "node_modules"), join(this.directory, "node_modules"));
  }

  /** Writes config/Pulumi.<stack>.yaml; the keys without their namespace. */
  writeStack(stack: string, keys: Readonly<Record<string, unknown>>): void {
    const prefixed = Object.fromEntries(Object.entries(keys).map(([key, value]) => [`${NAMESPACE}:${key}`, value]));
    writeFileSync(join(this.directory, "config", `Pulumi.${stack}.yaml`), stringify({ config: prefixed }));
    this.stacks.add(stack);
  }

  /** Runs `amq <words>` to its end. */
  amq(...words: string[]): Promise<Answer> {
    return this.start(words).answer;
  }

  /** A command that may be interrupted. @param settings environment variables on top of this process's */
  start(words: readonly string[], settings: Readonly<Record<string, string>> = {}) {
    return this.spawn([join(this.directory, "operate", "amq.js"), ...words], settings);
  }

  /** Runs a file of the copy, which then works on the copy's stacks. @param file its path in the project */
  startFile(file: string, words: readonly string[]) {
    return this.spawn(["--require", require.resolve("tsx/cjs"), join(this.directory, file), ...words], {});
  }

  private spawn(args: readonly string[], settings: Readonly<Record<string, string>>) {
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: tmpdir(),
      env: { ...process.env, [MARK]: this.directory, ...settings },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const answer = new Promise<Answer>((resolve) => {
      child.on("close", (code) => { resolve({ code, stdout, stderr }); }); // prettier-ignore
    });
    const command = { child, answer };
    this.running.add(command);
    void answer.then(() => this.running.delete(command));
    return { child, answer, stderr: () => stderr };
  }

  /** Interrupts every command that runs, and waits until each has put its things in order. */
  async interrupt(): Promise<void> {
    const running = [...this.running];
    for (const { child } of running) child.kill("SIGINT");
    await Promise.all(running.map(({ answer }) => answer));
  }

  /** Process ids by host, as the hosts know them. */
  pids(stack: string): Record<string, string> {
    const hosts = join(this.directory, ".amq", stack, "hosts");
    if (!existsSync(hosts)) return {};
    return Object.fromEntries(readdirSync(hosts).map((host) => [host, this.onHost(stack, host, ["pid", host])]));
  }

  /** Processes whose command line names this folder. */
  processes(): string[] {
    return readdirSync("/proc")
      .filter((pid) => /^\d+$/.test(pid))
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.directory);
        } catch {
          return false; // ended meanwhile
        }
      });
  }

  /** Ends what is up, by the ids its hosts know; then the folder goes. */
  remove(): void {
    for (const stack of this.stacks) this.end(stack);
    rmSync(this.directory, { recursive: true, force: true });
    removeNote(basename(this.directory));
  }

  /**
   * Ends the processes of one stack, whether or not its stack file can still be read; supervisors too whose process has just
   * ended, or they would start another one.
   */
  end(stack: string): void {
    for (const host of Object.keys(this.pids(stack))) {
      for (const service of this.onHost(stack, host, ["list"]).split("\n").filter(Boolean))
        this.onHost(stack, host, ["remove", service]);
    }
  }

  /** What a host's script prints; nothing where there is no script: the stack is down, and only data was kept. */
  private onHost(stack: string, host: string, words: readonly string[]): string {
    const script = join(this.directory, ".amq", stack, "hosts", host, "bin", "amq-host");
    return existsSync(script) ? askSync(script, words).stdout.trim() : "";
  }
}
