/** The package as another project gets it: packed, unpacked into an empty project, with nothing beside it but what it asks for. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PROJECT } from "../support/raw";

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export const PACKAGE = join(PROJECT, "package");
export const manifest = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as Manifest;

/** What a user's project has of its own: its compiler, and Node's types. */
const TOOLS = ["typescript", "@types/node", "undici-types"];

const TSCONFIG = {
  compilerOptions: {
    target: "ES2023",
    module: "node16",
    strict: true,
    esModuleInterop: true,
    outDir: "bin",
    types: ["node"],
  },
  include: ["*.ts"],
};

/** A project that has installed the package, in a folder of its own. */
export class Installed {
  readonly root = mkdtempSync(join(tmpdir(), "amq-installed-"));
  readonly project = join(this.root, "project");
  /** The package in the project's node_modules. */
  readonly package = join(this.project, "node_modules", "activemq-cluster");

  constructor() {
    const said = execFileSync("npm", ["pack", "--json", "--pack-destination", this.root], {
      cwd: PACKAGE,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [packed] = JSON.parse(said.slice(said.indexOf("[\n"))) as { filename: string }[];
    mkdirSync(this.package, { recursive: true });
    execFileSync("tar", ["-xzf", join(this.root, packed?.filename ?? ""), "--strip-components=1", "-C", this.package]);
    // Links take the place of `npm install`, which would ask a registry: a dependency that is not declared is not there.
    for (const name of [...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }), ...TOOLS]) {
      const link = join(this.project, "node_modules", name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(PROJECT, "node_modules", name), link);
    }
    this.write("tsconfig.json", JSON.stringify(TSCONFIG));
    this.write("package.json", JSON.stringify({ name: "another-project", private: true }));
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.project, file), text);
  }

  /** @param example a program of examples/ */
  copy(example: string, file: string): void {
    cpSync(join(PROJECT, "examples", example), join(this.project, file));
  }

  /** @throws Error with what the compiler says */
  compile(): void {
    try {
      execFileSync(process.execPath, [join(__dirname, "compile.js")], { cwd: this.project, encoding: "utf8" });
    } catch (error) {
      throw new Error((error as { stdout: string }).stdout, { cause: error });
    }
  }

  /** Runs Node in the project. @returns what it printed. @throws Error with what it said when it fails */
  node(code: string, env: Readonly<Record<string, string>> = {}): string {
    return execFileSync(process.execPath, ["-e", code], {
      cwd: this.project,
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
