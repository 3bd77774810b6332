/** The stores side by side: how fast a group starts, sends, consumes and fails over, against a single broker with KahaDB. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountsOf } from "../../operate/drill/accounts";
import { type Account, ClientProcess, resolveClient } from "../../operate/drill/client";
import { Cluster } from "../../operate/drill/cluster";
import { type BenchContext, DATABASE_PORT, benchGroup, benchStack, resolveRuntimes, timed } from "./context";
import { type Row, type Unit, median, spread } from "./row";
import { STORES, STORE_NAMES, type StoreName, isReplicated, usualBrokers } from "../../core/products/stores";
import type { ClusterPlan } from "../../core/plan/model";

const GROUP = "a";
const PRODUCERS = [1, 8] as const;
const SECONDS = 10;
const WARM_UP_SECONDS = 5;
const BYTES = 1024;

/** What the others are held against. */
const BASELINE: StoreName = "kahaDB";
/** Each on ports of its own. */
const CANDIDATES: readonly StoreName[] = [BASELINE, ...STORE_NAMES.filter((store) => store !== BASELINE)];

/** What is measured, in the order of the table. */
const MEASURES = ["start", "1 producer", "8 producers", "consumer", "failover"] as const;
type Measure = (typeof MEASURES)[number];

class Candidate {
  readonly stack: string;
  readonly plan: ClusterPlan;
  private readonly figures = new Map<Measure, number[]>();
  private account: Account | undefined;

  constructor(
    private readonly context: BenchContext,
    readonly store: StoreName,
    readonly brokers: 1 | 3,
    first: number,
    keys: object,
  ) {
    this.stack = `stores-${store}`;
    const groups = [benchGroup(GROUP, first, brokers, isReplicated(store))];
    this.plan = benchStack(context.copy(), this.stack, { store, groups, ...keys });
  }

  get name(): string {
    return `${this.store} x ${this.brokers}`;
  }

  of(measure: Measure): readonly number[] {
    return this.figures.get(measure) ?? [];
  }

  async up(): Promise<void> {
    this.note("start", (await timed(this.context, "up", this.stack)).seconds);
  }

  async down(): Promise<void> {
    await timed(this.context, "down", this.stack);
  }

  /** Sends for a while, then takes everything away again, so that the next stream meets an empty broker. */
  async stream(producers: (typeof PRODUCERS)[number], directory: string, seconds = SECONDS): Promise<void> {
    const done = await this.client(
      "stream",
      ...["--producers", String(producers), "--seconds", String(seconds), "--size", String(BYTES)],
      ...["--acked", join(directory, "acked")],
    );
    const { acked = 0 } = done;
    const into = join(directory, "received");
    const { seconds: took } = await this.client("receive", ...["--count", String(acked), "--idle", "10"], ...["--received", into]); // prettier-ignore
    if (seconds < SECONDS) return;
    this.note(producers === 1 ? "1 producer" : "8 producers", acked / (done.seconds ?? seconds));
    // Of the larger heap alone: a consumer of few messages measures mostly how it starts.
    if (producers === 8 && took !== undefined) this.note("consumer", acked / took);
  }

  /** A single broker has nobody to take over: it is started again. */
  async failOver(): Promise<void> {
    const cluster = new Cluster(this.plan, this.context.signal);
    this.note("failover", await cluster.failOver(GROUP, false));
    await cluster.putBack();
  }

  private note(measure: Measure, figure: number): void {
    this.figures.set(measure, [...this.of(measure), figure]);
    this.context.say(`${this.name}, ${measure}: ${figure.toFixed(1)}`);
  }

  private async client(command: string, ...words: string[]) {
    const { copy, signal } = this.context;
    signal.throwIfAborted();
    this.account ??= (await accountsOf(copy().directory, this.plan)).account;
    const url = this.plan.urls.groups[GROUP] ?? "";
    return new ClientProcess(this.account, [command, "--url", url, "--queue", "amq-bench", ...words], signal).result();
  }
}

export async function benchStores(context: BenchContext): Promise<Row[]> {
  resolveClient();
  let first = 0;
  const candidates = CANDIDATES.map((store) => {
    const brokers = usualBrokers(store);
    const keys = STORES[store].election === "database" ? { jdbc: { port: DATABASE_PORT } } : {};
    const candidate = new Candidate(context, store, brokers, first, keys);
    first += brokers;
    return candidate;
  });
  for (const { plan } of candidates) resolveRuntimes(plan);
  const directory = mkdtempSync(join(tmpdir(), "amq-bench-streams-"));
  try {
    const rounds = Array.from({ length: context.rounds }, (_, index) => index + 1);
    // In turns throughout, so that whatever else the machine does meets all of them.
    for (const round of rounds) {
      for (const candidate of candidates) {
        await candidate.up();
        if (round < context.rounds) await candidate.down();
      }
    }
    // From here on all are up, and the idle ones cost next to nothing.
    for (const candidate of candidates) await candidate.stream(8, directory, WARM_UP_SECONDS);
    for (const producers of rounds.flatMap(() => PRODUCERS)) {
      for (const candidate of candidates) await candidate.stream(producers, directory);
    }
    for (const candidate of rounds.flatMap(() => candidates)) await candidate.failOver();
    for (const candidate of candidates) await candidate.down();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return MEASURES.flatMap((measure) => rowsOf(measure, candidates));
}

const WORDS: Readonly<Record<Measure, { readonly what: string; readonly unit: Unit; readonly against?: string }>> = {
  start: { what: "`amq up`, nothing there yet", unit: "s" },
  "1 producer": { what: "persistent sends, 1 producer", unit: "messages/s" },
  "8 producers": { what: "persistent sends, 8 producers", unit: "messages/s" },
  consumer: { what: "a consumer of what they sent", unit: "messages/s" },
  failover: { what: "serves again after kill -9", unit: "s", against: "one kahaDB broker, started again" },
};

function rowsOf(measure: Measure, [base, ...others]: readonly Candidate[]): Row[] {
  const { what, unit, against = "one kahaDB broker" } = WORDS[measure];
  if (base === undefined) return [];
  return others.map((candidate) => ({
    what: `${what}, ${candidate.name}`,
    value: median(candidate.of(measure)),
    detail: spread(candidate.of(measure), unit),
    unit,
    against,
    base: median(base.of(measure)),
  }));
}
