/** A stack of the fixture project in a folder of its own. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import type { EngineOptions } from "../../../operate/engine/standIn/standInEngine";
import type { Driver, Outcome } from "./drivers";
import type { ProgramConfig } from "./program";

export class Place {
  readonly root = mkdtempSync(path.join(tmpdir(), "engine-"));
  readonly #log = path.join(this.root, "log");
  #read = 0;

  constructor(readonly driver: Driver) {
    const project = path.join(this.root, "project");
    cpSync(path.join(__dirname, "fixtures", "steps"), project, { recursive: true });
    symlinkSync(path.join(__dirname, "..", "..", "..", "node_modules"), path.join(project, "node_modules"));
    mkdirSync(path.join(project, "stacks"));
    mkdirSync(path.join(this.root, "state"), { mode: 0o700 });
  }

  options(stack = "dev"): EngineOptions {
    const [projectDir, stateDir] = [path.join(this.root, "project"), path.join(this.root, "state")];
    return { projectDir, stack, stateDir, passphrase: "correct horse" };
  }

  up(program: ProgramConfig, stack?: string): Promise<Outcome> {
    this.configure({ program }, stack);
    return this.driver.run("up", this.options(stack));
  }

  preview(program: ProgramConfig): Promise<Outcome> {
    this.configure({ program });
    return this.driver.run("preview", this.options());
  }

  destroy(more: Pick<EngineOptions, "keepProtected"> = {}): Promise<Outcome> {
    return this.driver.run("destroy", { ...this.options(), ...more });
  }

  /** As `up`, interrupted as soon as the log has the line. */
  upUntil(program: ProgramConfig, line: string): Promise<Outcome> {
    this.configure({ program });
    return this.driver.run("up", this.options(), this.seen(line));
  }

  /** Writes the stack file; the real engine keeps its salt in it. */
  configure(values: Record<string, unknown>, stack = "dev"): void {
    const file = path.join(this.root, "project", "stacks", `Pulumi.${stack}.yaml`);
    const before = existsSync(file) ? (parse(readFileSync(file, "utf8")) as object) : {};
    const config = Object.fromEntries(Object.entries(values).map(([name, value]) => [`steps:${name}`, value]));
    writeFileSync(file, stringify({ ...before, config: { "steps:log": this.#log, ...config } }));
  }

  /** What the commands have done since this was last asked. */
  done(): string[] {
    const lines = this.#lines();
    const fresh = lines.slice(this.#read);
    this.#read = lines.length;
    return fresh;
  }

  async seen(line: string): Promise<void> {
    while (!this.#lines().includes(line)) await sleep(50);
  }

  /** The state as the engine keeps it. The real one keeps each run's plain configuration and backups beside it. */
  kept(): string {
    const folder = this.options().stateDir;
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const states = files.filter((file) => file.endsWith(".json") && !/history|backups/.test(file));
    return states.map((file) => readFileSync(path.join(folder, file), "utf8")).join("\n");
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #lines(): string[] {
    return existsSync(this.#log) ? readFileSync(this.#log, "utf8").split("\n").slice(0, -1) : [];
  }
}
