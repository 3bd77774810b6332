/** Runs one cell: a fresh cluster, each fault as a drill of its own, and the cluster brought back after one that failed. */
import { ProjectCopy } from "../../harness/projectCopy";
import type { Outcome } from "../../../operate/drill/context";
import type { Fault } from "../../../operate/drill/faults";
import { loadPlan } from "../../../operate/project";
import { type Cell, type Selection, keysOf, wordsOf } from "./cells";
import { type FaultResult, keep } from "./results";

const STACK = "faults";

/** A fault takes one to four minutes on a quiet machine; what takes this long will not end. */
const MOST_MINUTES = 12;
const MOST_MILLIS = MOST_MINUTES * 60_000;

export class Runner {
  private readonly project = new ProjectCopy("amq-proof-");

  constructor(
    private readonly signal: AbortSignal,
    private readonly say: (line: string) => void,
  ) {
    signal.addEventListener("abort", () => void this.project.interrupt());
  }

  /**
   * @returns whether every fault came to what is promised
   * @throws Error when the cluster cannot be brought up
   */
  async run(cell: Cell, { faultsFor }: Selection): Promise<boolean> {
    this.project.writeStack(STACK, keysOf(cell));
    this.say(`${cell.store}, ${cell.topology}: amq up`);
    await this.amq("up");
    let ok = true;
    for (const fault of faultsFor(loadPlan(STACK, this.project.directory))) {
      this.say(`${cell.store}, ${cell.topology}, ${fault.id}: ${fault.title}`);
      const result = await this.drill(fault);
      this.signal.throwIfAborted();
      this.say(JSON.stringify(result));
      keep(cell, fault.id, result);
      ok &&= result.outcome?.ok === true;
      if (result.outcome === undefined) await this.recover();
    }
    await this.amq("down");
    return ok;
  }

  /** Ends everything that was started. */
  async remove(): Promise<void> {
    await this.project.interrupt();
    this.project.remove();
  }

  private async drill(fault: Fault): Promise<FaultResult> {
    const { child, answer } = this.project.start(["drill", STACK, ...wordsOf(fault), "--json"]);
    child.stderr.pipe(process.stderr);
    const began = Date.now();
    const timer = setTimeout(() => child.kill("SIGINT"), MOST_MILLIS);
    const { stdout, stderr } = await answer;
    clearTimeout(timer);
    const late = Date.now() - began >= MOST_MILLIS;
    const at = new Date().toISOString();
    const said = stdout === "" ? undefined : (JSON.parse(stdout) as [Outcome] | { error: { message: string } });
    if (Array.isArray(said)) {
      const [{ sent, received, lost, duplicated, failoverSeconds, ok }] = said;
      return { at, outcome: { sent, received, lost, duplicated, failoverSeconds, ok } };
    }
    return { at, failure: late ? `not over after ${MOST_MINUTES} minutes` : (said?.error.message ?? lastLine(stderr)) };
  }

  /** `amq up` starts what is down; when that is not enough, a fresh cluster. */
  private async recover(): Promise<void> {
    const { code } = await this.project.amq("up", STACK);
    if (code === 0) return;
    await this.amq("down");
    await this.amq("up");
  }

  private async amq(verb: "up" | "down"): Promise<void> {
    const { code, stdout, stderr } = await this.project.amq(verb, STACK);
    this.signal.throwIfAborted();
    if (code !== 0) throw new Error(`amq ${verb} ended with ${String(code)}:\n${stderr}\n${stdout}`);
  }
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";
