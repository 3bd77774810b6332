/** One run over one stack: decides what each registration means, does it, and records it. */
import { setMaxListeners } from "node:events";
import { isDeepStrictEqual } from "node:util";
import type { EngineEvent, EngineResult, Operation } from "./standInEngine";
import { handlerOf } from "./handlers";
import type { Created, Handler, HandlerContext } from "./handlers/handler";
import { deleteInOrder, replacedWith } from "./deletion";
import { entryOf, importedInputs, readable, stepFor, withIgnored, type Registration, type Step } from "./registration";
import { Limit } from "./limit";
import type { ResourceState, StackState } from "./state";
import { changedNames, plainMap, type WireMap } from "./values";

const STACK_TYPE = "pulumi:pulumi:Stack";

type Target = Pick<ResourceState, "urn" | "type" | "name">;

export class Deployment {
  readonly #changes: Record<Operation, number> = { create: 0, import: 0, update: 0, replace: 0, delete: 0, same: 0 };
  readonly #failures: EngineResult["failures"] = [];
  readonly #registered = new Map<string, ResourceState | undefined>();
  readonly #interrupt = new AbortController();
  readonly #limit = new Limit(16);
  #halting = false;
  #resolveHalted: () => void = () => undefined;
  #stackOutputs: WireMap = {};

  /** Resolves once nothing may start any more and nothing runs. */
  readonly halted = new Promise<void>((resolve) => {
    this.#resolveHalted = resolve;
  });

  constructor(
    private readonly state: StackState,
    private readonly preview: boolean,
    private readonly emit: (event: EngineEvent) => void,
    /** What is protected stays, with what it depends on, and is no failure. */
    private readonly keepProtected = false,
  ) {
    // Every running command listens.
    setMaxListeners(0, this.#interrupt.signal);
  }

  /** Brings one resource to what the program wants. `undefined` after a failure: the program then gets no answer, so
   * that nothing which depends on the resource is ever registered. */
  async register(registration: Registration): Promise<ResourceState | undefined> {
    if (this.#halting) return undefined;
    const old = this.state.find(registration.urn);
    try {
      if (this.#registered.has(registration.urn))
        throw new Error(`duplicate resource URN ${registration.urn}; give it another name`);
      this.#registered.set(registration.urn, undefined);
      const handler = handlerOf(registration.type, registration.custom);
      const inputs = old ? withIgnored(registration, old) : registration.inputs;
      const step = stepFor(registration, old, inputs, handler);
      const entry =
        step.op === "same"
          ? this.#same(entryOf(registration, inputs, step.old), step.old)
          : await this.#change(step, registration, inputs, handler);
      this.#registered.set(registration.urn, entry);
      return entry;
    } catch (error) {
      this.#report(registration, old ? "update" : "create", error);
      this.halt();
      return undefined;
    }
  }

  async #change(
    step: Exclude<Step, { op: "same" }>,
    registration: Registration,
    inputs: WireMap,
    handler: Handler,
  ): Promise<ResourceState | undefined> {
    const first = step.op === "replace" && registration.options.deleteBeforeReplace && !this.preview;
    if (first && !(await this.#deleteFirst(registration.urn))) return undefined;
    return this.#operate(step.op, registration, async (context) => {
      if (step.op === "import") return this.#takeOver(registration, handler);
      const next = entryOf(registration, inputs, await this.#make(step, handler, inputs, context));
      if (!this.preview) this.state.put(next, step.op === "replace");
      return next;
    });
  }

  /** Records what exists as this stack's, and changes nothing of it; a preview looks at it, too. */
  async #takeOver(registration: Registration, handler: Handler): Promise<ResourceState> {
    const id = registration.options.importId;
    if (handler.read === undefined) throw new Error(`the stand-in engine cannot import a ${registration.type}`);
    const { inputs, outputs } = await handler.read(id);
    const next = entryOf(registration, importedInputs(registration, inputs), { id, outputs });
    if (!this.preview) this.state.put(next, false);
    return next;
  }

  /** Deletes a resource before its replacement is made, and before it what cannot stay without it. @returns whether all are gone */
  async #deleteFirst(urn: string): Promise<boolean> {
    const doomed = replacedWith(urn, this.state.resources, (type) => handlerOf(type, true));
    const kept = doomed.find((entry) => entry.protect);
    // Before anything goes.
    if (kept !== undefined) throw new Error(`${kept.name} is protected and would have to be replaced (${kept.urn})`);
    await deleteInOrder(doomed, (entry) => this.#delete(entry, doomed));
    return doomed.every((entry) => !this.state.resources.includes(entry));
  }

  /** Crosses out what others have taken away. */
  async refresh(): Promise<void> {
    for (const entry of this.state.resources) {
      const handler = entry.custom ? handlerOf(entry.type, true) : undefined;
      if (handler?.exists === undefined || (await handler.exists(entry.id))) continue;
      this.emit({
        kind: "log",
        severity: "warn",
        message: `${entry.name} is gone (${entry.id})`,
        resource: entry.name,
      });
      this.state.remove(entry);
    }
  }

  /** Takes the outputs of a component or of the stack. */
  registerOutputs(urn: string, outputs: WireMap): void {
    const entry = this.#registered.get(urn);
    if (!entry) return;
    if (entry.type === STACK_TYPE) this.#stackOutputs = outputs;
    else if (!this.preview && changedNames(entry.outputs, outputs).length > 0) {
      this.state.put({ ...entry, outputs }, false);
    }
  }

  /** Waits for what runs, deletes what the program did not register unless something failed, and sums the run up. */
  async finish(): Promise<EngineResult> {
    if (this.#halting) await this.halted;
    if (this.#clean) {
      const doomed = this.state.resources.filter((entry) => entry.replaced || !this.#registered.has(entry.urn));
      await deleteInOrder(doomed, (entry) => this.#delete(entry, doomed));
    }
    if (!this.preview) {
      // After a failure, an output that is missing may just not have been computed.
      this.state.outputs = this.#clean ? this.#stackOutputs : { ...this.state.outputs, ...this.#stackOutputs };
      this.state.save();
    }
    return {
      ok: this.#clean,
      outputs: this.preview ? {} : readable(this.state.outputs),
      changes: this.#changes,
      failures: this.#failures,
      interrupted: this.#interrupt.signal.aborted,
    };
  }

  /** Starts nothing more; what runs may finish. */
  halt(): void {
    this.#halting = true;
    this.#settle();
  }

  /** Starts nothing more, and asks what runs to end. */
  interrupt(): void {
    this.#interrupt.abort();
    this.halt();
  }

  /** Notes a fault of the program itself and halts. */
  blame(message: string): void {
    this.#failures.push({ name: `${this.state.project}-${this.state.stack}`, type: STACK_TYPE, message });
    this.emit({ kind: "log", severity: "error", message });
    this.halt();
  }

  get #clean(): boolean {
    return this.#failures.length === 0 && !this.#halting;
  }

  async #make(step: Step, handler: Handler, inputs: WireMap, context: HandlerContext): Promise<Created> {
    const { id, outputs } = step.op === "update" ? step.old : { id: "", outputs: {} };
    if (this.preview) return { id, outputs: {} };
    if (step.op !== "update") return handler.create(plainMap(inputs), context);
    return { id, outputs: await handler.update(plainMap(inputs), plainMap(outputs), { ...context, id }) };
  }

  #same(entry: ResourceState, old: ResourceState): ResourceState {
    if (!this.preview && !isDeepStrictEqual(entry, old)) this.state.put(entry, false);
    this.#note("same", entry, 0);
    return entry;
  }

  /** Whether the entry is gone. */
  async #delete(entry: ResourceState, doomed: readonly ResourceState[]): Promise<boolean> {
    if (entry.protect && !entry.replaced) {
      // Nothing was tried, so the other deletions go on.
      if (!this.keepProtected)
        this.#report(entry, "delete", new Error(`${entry.name} is protected and cannot be deleted (${entry.urn})`));
      return false;
    }
    const spared = entry.retainOnDelete || doomed.some((other) => other.urn === entry.deletedWith);
    const gone = await this.#operate("delete", entry, async (context) => {
      if (this.preview) return true;
      if (!spared) {
        const handler = handlerOf(entry.type, entry.custom);
        await handler.delete(plainMap(entry.inputs), plainMap(entry.outputs), { ...context, id: entry.id });
      }
      this.state.remove(entry);
      return true;
    });
    return gone ?? false;
  }

  /** Does the work when its turn comes; `undefined` when it failed, or the run was halted before. */
  #operate<T>(
    op: Exclude<Operation, "same">,
    target: Target,
    work: (context: HandlerContext) => Promise<T>,
  ): Promise<T | undefined> {
    const { type, name, urn } = target;
    const log = (message: string) => {
      this.emit({ kind: "log", severity: "info", message, resource: name });
    };
    const turn = this.#limit.run(async () => {
      if (this.#halting) return undefined;
      const began = performance.now();
      if (!this.preview) this.emit({ kind: "started", op, type, name, urn });
      try {
        const result = await work({ name, id: "", interrupted: this.#interrupt.signal, log });
        this.#note(op, target, (performance.now() - began) / 1000);
        return result;
      } catch (error) {
        this.#report(target, op, error);
        this.halt();
        return undefined;
      }
    });
    return turn.finally(() => {
      this.#settle();
    });
  }

  #settle(): void {
    if (this.#halting && this.#limit.isIdle) this.#resolveHalted();
  }

  #note(op: Operation, { type, name, urn }: Target, seconds: number): void {
    this.#changes[op]++;
    this.emit({ kind: "finished", op, type, name, urn, seconds });
  }

  #report(target: Target, op: Operation, error: unknown): void {
    const { type, name, urn } = target;
    const message = error instanceof Error ? error.message : String(error);
    this.#failures.push({ name, type, message });
    this.emit({ kind: "failed", op, type, name, urn, message });
  }
}
