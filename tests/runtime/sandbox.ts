import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";

/** Programs resolve.sh and lock.sh call, besides Maven and the JDK. Nothing else is on the PATH of a sandbox. */
const PROGRAMS =
  "bash dirname basename sed grep find sort xargs sha256sum awk cp mv rm mkdir mktemp cat wc head tail sleep paste flock";

const SCRIPTS = path.resolve(__dirname, "../../runtime");

/** What a finished script left behind. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * A folder of runtimes with one runtime, `sample`, and a PATH on which Maven and the JDK are tiny scripts: Maven copies the
 * jars prepared in `repository`, and counts its runs.
 */
export class Sandbox {
  readonly root = mkdtempSync(path.join(tmpdir(), "amq-runtime-"));
  readonly runtimes = path.join(this.root, "runtimes");
  readonly destination = path.join(this.root, "cache", "sample-1");
  private readonly bin = path.join(this.root, "bin");
  private readonly repository = path.join(this.root, "repository");

  constructor() {
    for (const folder of [this.bin, this.repository, path.join(this.runtimes, "sample")]) {
      mkdirSync(folder, { recursive: true });
    }
    for (const script of ["lib.sh", "resolve.sh", "lock.sh"]) {
      cpSync(path.join(SCRIPTS, script), path.join(this.runtimes, script));
    }
    writeFileSync(path.join(this.runtimes, "sample/pom.xml"), "<project/>\n");
    for (const program of PROGRAMS.split(" ")) {
      const found = ["/usr/bin", "/bin"].map((folder) => path.join(folder, program)).find((file) => existsSync(file));
      if (found !== undefined) {
        symlinkSync(found, path.join(this.bin, program));
      }
    }
    this.tool("java", "exit 0");
    this.tool(
      "javac",
      `[[ $1 == -version ]] && echo "javac 17.0.1" && exit\nmkdir -p "$(sed 's/.* -d \\([^ ]*\\) .*/\\1/' <<<"$*")"`,
    );
    this.tool("jar", 'while [[ $1 != --file ]]; do shift; done\necho classes >"$2"');
    this.maven(`cp ${this.repository}/*.jar "$lib"\necho "[INFO] Downloaded from central: sample"`);
  }

  /** Puts a program on the PATH. */
  tool(name: string, script: string): void {
    const file = path.join(this.bin, name);
    writeFileSync(file, `#!${this.bin}/bash\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** Takes a program off the PATH. */
  remove(name: string): void {
    rmSync(path.join(this.bin, name));
  }

  /** Sets what Maven does once it has found the folder it shall copy to, `$lib`. */
  maven(script: string): void {
    this.tool(
      "mvn",
      `echo run >>${this.root}/maven-runs\nfor a in "$@"; do [[ $a == -DoutputDirectory=* ]] && lib=\${a#*=}; done\n${script}`,
    );
  }

  /** Lets Maven bring a jar of this name and content. */
  jar(name: string, content: string): void {
    writeFileSync(path.join(this.repository, name), content);
  }

  /** Pins jars: path to content. */
  pin(jars: Record<string, string>): void {
    const lines = Object.entries(jars).map(([file, content]) => `${sha256(content)}  ${file}\n`);
    writeFileSync(path.join(this.runtimes, "sample/jars.sha256"), lines.join(""));
  }

  /** Gives the runtime a source of its own. */
  source(): void {
    mkdirSync(path.join(this.runtimes, "sample/java"), { recursive: true });
    writeFileSync(path.join(this.runtimes, "sample/java/A.java"), "class A {}\n");
  }

  start(script: string, ...parameters: string[]): ChildProcessWithoutNullStreams {
    const child = spawn(path.join(this.bin, "bash"), [path.join(this.runtimes, script), ...parameters], {
      env: { PATH: this.bin, HOME: this.root },
    });
    child.stdin.end();
    return child;
  }

  run(script: string, ...parameters: string[]): Promise<Outcome> {
    return outcome(this.start(script, ...parameters));
  }

  resolve(): Promise<Outcome> {
    return this.run("resolve.sh", "sample", this.destination);
  }

  /** Names in the cache folder, without the lock's. */
  cached(): string[] {
    const cache = path.dirname(this.destination);
    return existsSync(cache) ? readdirSync(cache).filter((name) => name !== ".resolve.lock") : [];
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Waits for a process and collects what it printed. */
export function outcome(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  const result: Outcome = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (result.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (result.stderr += data.toString()));
  return new Promise((resolve) => {
    child.on("close", (code) => {
      resolve({ ...result, code });
    });
  });
}

export function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
