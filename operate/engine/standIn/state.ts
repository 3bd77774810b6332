/** The state file of a stack: what exists, as of the last finished operation. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import * as path from "node:path";
import { Cipher } from "./cipher";
import { isSecret, rewriteMap, secret, type WireMap } from "./values";

const VERSION = 1;
/** Sealed into every file, so that a wrong passphrase is noticed even where nothing is secret. */
const CHECK = "stand-in engine";

export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly id: string;
  readonly parent: string;
  readonly dependencies: readonly string[];
  /** Which of them each input takes something of; absent in older files. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  readonly deletedWith: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** A newer copy has taken this one's place; it is to be deleted. */
  readonly replaced: boolean;
  readonly inputs: WireMap;
  /** What the operation made; inputs, which are outputs too, are not repeated here. */
  readonly outputs: WireMap;
}

interface StateFile {
  readonly version: number;
  readonly project: string;
  readonly stack: string;
  readonly salt: string;
  readonly check: string;
  readonly outputs: WireMap;
  readonly resources: readonly ResourceState[];
}

/** @throws Error when the name would not make a file name */
export function stateFile(directory: string, stack: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(stack)) {
    throw new Error(`stack name "${stack}": only letters, digits, "-", "_" and "." are allowed`);
  }
  return path.join(directory, `${stack}.json`);
}

export class StackState {
  resources: readonly ResourceState[] = [];
  outputs: WireMap = {};
  /** Entries as the file has them: all are written after each operation, and sealing them all again would take longer than most. */
  readonly #sealed = new WeakMap<ResourceState, ResourceState>();

  private constructor(
    readonly file: string,
    readonly project: string,
    readonly stack: string,
    readonly cipher: Cipher,
  ) {}

  /** Reads the file; `undefined` when there is none.
   * @throws Error on another format version, another project's file, or a wrong passphrase */
  static read(file: string, project: string | undefined, passphrase: string): StackState | undefined {
    if (!existsSync(file)) return undefined;
    const content = JSON.parse(readFileSync(file, "utf8")) as StateFile;
    if (content.version !== VERSION) {
      throw new Error(`${file}: state format ${content.version}, this engine reads format ${VERSION}`);
    }
    if (project !== undefined && content.project !== project) {
      throw new Error(`${file} belongs to project "${content.project}", not "${project}"; choose another stack name`);
    }
    const cipher = new Cipher(passphrase, content.salt);
    try {
      cipher.open(content.check);
    } catch {
      throw new Error(`${file}: wrong passphrase`);
    }
    const open = (map: WireMap) =>
      rewriteMap(map, (node) => (isSecret(node) ? secret(cipher.open(node["value"] as string)) : undefined));
    const state = new StackState(file, content.project, content.stack, cipher);
    state.outputs = open(content.outputs);
    state.resources = content.resources.map((r) => ({ ...r, inputs: open(r.inputs), outputs: open(r.outputs) }));
    return state;
  }

  /** Reads the file or begins an empty state, which is not written before its first operation.
   * @throws Error as {@link StackState.read} */
  static open(file: string, project: string, stack: string, passphrase: string): StackState {
    return StackState.read(file, project, passphrase) ?? new StackState(file, project, stack, new Cipher(passphrase));
  }

  find(urn: string): ResourceState | undefined {
    return this.resources.find((r) => r.urn === urn && !r.replaced);
  }

  /** Writes or rewrites the entry of a URN. With `keepOld`, the old entry stays, marked for deletion. */
  put(next: ResourceState, keepOld: boolean): void {
    const old = this.find(next.urn);
    const rest = keepOld && old ? [{ ...old, replaced: true }] : [];
    const position = old ? this.resources.indexOf(old) : this.resources.length;
    this.resources = [...this.resources.slice(0, position), ...rest, next, ...this.resources.slice(position + 1)];
    this.save();
  }

  remove(entry: ResourceState): void {
    this.resources = this.resources.filter((r) => r !== entry);
    this.save();
  }

  /** Atomic: after a crash the file is the old one or the new one. */
  save(): void {
    const content: StateFile = {
      version: VERSION,
      project: this.project,
      stack: this.stack,
      salt: this.cipher.salt,
      check: this.cipher.seal(CHECK),
      outputs: this.#seal(this.outputs),
      resources: this.resources.map((entry) => this.#sealedEntry(entry)),
    };
    writeAtomically(this.file, `${JSON.stringify(content, undefined, 2)}\n`);
  }

  #sealedEntry(entry: ResourceState): ResourceState {
    const known = this.#sealed.get(entry);
    if (known !== undefined) return known;
    const sealed = { ...entry, inputs: this.#seal(entry.inputs), outputs: this.#seal(entry.outputs) };
    this.#sealed.set(entry, sealed);
    return sealed;
  }

  #seal(map: WireMap): WireMap {
    return rewriteMap(map, (node) => (isSecret(node) ? secret(this.cipher.seal(node["value"] ?? null)) : undefined));
  }
}

function writeAtomically(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.new`;
  const handle = openSync(fresh, "w", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(fresh, file);
}
