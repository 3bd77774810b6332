/** Makes one history on a running cluster: clients at work, faults meanwhile, and what is left at the end. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Accounts } from "../../../operate/drill/accounts";
import { Cluster } from "../../../operate/drill/cluster";
import { readStatus } from "../../../operate/status/status";
import type { Status } from "../../../operate/status/statusModel";
import { until } from "../../../core/util/until";
import type { Protocol } from "../../../core/products/transports";
import type { ClusterPlan } from "../../../core/plan/model";
import { limit } from "../../harness/patience";
import { amqp } from "./clients/amqp";
import type { HistoryClient } from "./clients/client";
import { InTurn } from "./clients/inTurn";
import { mqtt } from "./clients/mqtt";
import { OpenWireProcess } from "./clients/openWire";
import { stomp } from "./clients/stomp";
import { placesToDrain } from "./check";
import { perform } from "./faults";
import type { PlannedClient, RunPlan } from "./generate";
import {
  type Delivery,
  type FaultEvent,
  type History,
  type Operation,
  type Place,
  type Remainder,
  deadLettersOf,
  isQueue,
} from "./history";
import { QUEUE_PLACES } from "./operations";

/** After the last fault, so that clients go on over its end. */
const AFTERWARDS_MILLIS = 3000;
/** How long a call may take that began before the cluster had settled. */
const HUNG_SECONDS = 60;
/** Seconds that a part of a fault may last, for each minute of the run. */
const FAULT_SECONDS_A_MINUTE = 12;
/** A queue is empty when so many receives in a row got nothing. */
const EMPTY_RECEIVES = 3;
const DRAINED_AT_ONCE = 200;
const DRAIN_TRIES = 10;
/** How long what the broker counts may be more than there is. */
const COUNTS_SECONDS = 15;
const DRAIN_PAUSE_MILLIS = 1000;

export interface RunContext {
  readonly plan: ClusterPlan;
  readonly accounts: Accounts;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** What a run has recorded so far; it is worth something also when the run fails. */
export class Recording {
  readonly operations: Operation[] = [];
  readonly faults: FaultEvent[] = [];
  readonly remainders: Remainder[] = [];

  constructor(
    readonly seed: number,
    private readonly context: RunContext,
  ) {}

  get history(): History {
    const { operations, faults, remainders, seed } = this;
    const store = this.context.plan.groups[0]?.store ?? "kahaDB";
    return { seed, store, operations, faults, remainders };
  }

  /**
   * Makes it.
   * @throws Error when the cluster does not settle after a fault
   */
  async make(runPlan: RunPlan, minutes: number): Promise<void> {
    const { signal, say } = this.context;
    const clients = new Clients(this.context);
    await clients.ready();
    const stop = new AbortController();
    const end = Date.now() + minutes * 60_000;
    try {
      const loops = runPlan.clients.map((planned) =>
        this.work(clients.of(planned), planned, stop.signal, clients.givenUp),
      );
      // When the faults end early, that is what is told, and not what becomes of calls under way.
      for (const loop of loops) loop.catch(() => undefined);
      try {
        await this.breakThings(runPlan, minutes, end);
      } finally {
        stop.abort();
      }
      const timer = setTimeout(() => {
        clients.giveUp();
      }, limit(HUNG_SECONDS));
      await Promise.all(loops);
      clearTimeout(timer);
      signal.throwIfAborted();
    } finally {
      await clients.close();
    }
    say(`${this.operations.length} operations; draining`);
    await this.drain();
  }

  private async work(client: HistoryClient, planned: PlannedClient, stop: AbortSignal, givenUp: Promise<void>) {
    for (const [index, { operation, call, pauseMillis }] of planned.steps.entries()) {
      await sleep(pauseMillis);
      if (stop.aborted) return;
      const id = `${planned.name}:${index}`;
      const deliveries: Delivery[] = [];
      const invoked = Date.now();
      const performed = client.perform(id, call, (delivery) => deliveries.push(delivery));
      // Whoever has been given up may still fail.
      performed.catch(() => undefined);
      const ended = await Promise.race([performed, givenUp]);
      const known = { id, client: planned.name, operation, call, invoked, deliveries };
      if (ended === undefined) {
        this.operations.push({ ...known, completed: Date.now(), result: "unknown", hung: true });
        return;
      }
      const { result, at, error } = ended;
      this.operations.push({ ...known, completed: at, result, ...(error !== undefined && { error }) });
    }
  }

  private async breakThings({ faults }: RunPlan, minutes: number, end: number): Promise<void> {
    const { plan, signal, say } = this.context;
    const cluster = new Cluster(plan, signal);
    try {
      for (const fault of faults) {
        await sleep(Math.min(fault.pauseMillis, Math.max(0, end - Date.now())), undefined, { signal });
        if (Date.now() >= end) break;
        const event = await perform(cluster, fault, minutes * FAULT_SECONDS_A_MINUTE);
        this.faults.push(event);
        say(`${event.what}; settled after ${((event.settled - event.began) / 1000).toFixed(1)} s`);
      }
      await sleep(AFTERWARDS_MILLIS, undefined, { signal });
    } finally {
      await cluster.heal();
    }
  }

  /** What the broker counts by queue, once it counts none, or after a while: its figures come after its work. */
  private async counts(): Promise<ReadonlyMap<Place, number>> {
    const { plan, signal } = this.context;
    const patience = { millis: limit(COUNTS_SECONDS), everyMillis: 1000, signal };
    const isEmpty = ({ queues }: Status) =>
      this.remainders.every(({ place }) =>
        queues.every(({ name, pending }) => `queue://${name}` !== place || pending === 0),
      );
    const { seen } = await until(() => readStatus(plan), isEmpty, patience);
    return new Map(seen.queues.map(({ name, pending }) => [`queue://${name}`, pending]));
  }

  private async drain(): Promise<void> {
    const { accounts, plan, signal, say } = this.context;
    const places = placesToDrain(QUEUE_PLACES, this);
    const applications = new OpenWireProcess(accounts.account, plan.urls.failover, signal);
    const admins = new OpenWireProcess(accounts.admin ?? accounts.account, plan.urls.failover, signal);
    try {
      await Promise.all([applications.ready(), admins.ready()]);
      // Side by side, a client for each queue; those of one subscriber take turns.
      const own = places.map((place, i) => {
        const name = isQueue(place) ? `drain${i}` : (place.split("/")[2] ?? "");
        return remainderOf(applications.client(name), place);
      });
      const letters = accounts.admin === undefined ? [] : places.filter(isQueue).map(deadLettersOf);
      if (accounts.admin === undefined) say("no user with role admin: dead letters are not looked at");
      const dead = letters.map((place, i) => remainderOf(admins.client(`letters${i}`), place));
      this.remainders.push(...(await Promise.all([...own, ...dead])));
    } finally {
      applications.kill();
      admins.kill();
    }
    const pending = await this.counts();
    for (const [i, remainder] of this.remainders.entries()) {
      const counted = pending.get(remainder.place);
      if (counted !== undefined) this.remainders[i] = { ...remainder, pending: counted };
    }
  }
}

let drains = 0;

/** @throws Error when the broker does not let it be looked at */
async function remainderOf(client: HistoryClient, place: Place): Promise<Remainder> {
  const drained: Delivery[] = [];
  const perform = async (call: Operation["call"]) => {
    for (let left = DRAIN_TRIES; ; left--) {
      const { result, error, browsed } = await client.perform(`drain:${drains++}`, call, (one) => drained.push(one));
      if (result === "ok") return browsed;
      // The broker may still know the connection of a client that was ended a moment ago.
      if (left === 0) throw new Error(`${place} cannot be drained: ${error ?? result}`);
      await sleep(DRAIN_PAUSE_MILLIS);
    }
  };
  const browsed = isQueue(place) ? await perform({ call: "browse", at: place }) : undefined;
  for (let empty = 0; empty < EMPTY_RECEIVES;) {
    const before = drained.length;
    await perform({ call: "receive", from: place, count: DRAINED_AT_ONCE, ack: "client", end: "acknowledge" });
    empty = drained.length === before ? empty + 1 : 0;
  }
  return { place, drained, ...(browsed !== undefined && { browsed }) };
}

/** All clients of a run. */
class Clients {
  private readonly openWire: OpenWireProcess;
  private readonly inTurn: InTurn[] = [];
  private readonly abort = new AbortController();
  /** Resolves when whoever still waits is not waited for any more. */
  readonly givenUp: Promise<undefined>;
  private resolveGivenUp: (value: undefined) => void = () => undefined;

  constructor(private readonly context: RunContext) {
    this.openWire = new OpenWireProcess(context.accounts.account, context.plan.urls.failover, context.signal);
    this.givenUp = new Promise((resolve) => (this.resolveGivenUp = resolve));
    const giveUp = () => {
      this.giveUp();
    };
    context.signal.addEventListener("abort", giveUp);
  }

  async ready(): Promise<void> {
    await this.openWire.ready();
  }

  of({ name, protocol }: PlannedClient): HistoryClient {
    const { account } = this.context.accounts;
    const connects = { stomp: stomp(account), amqp: amqp(account), mqtt: mqtt(account) };
    switch (protocol) {
      case "openwire":
        return this.openWire.client(name);
      case "stomp":
      case "amqp":
      case "mqtt": {
        const client = new InTurn(this.addresses(protocol), connects[protocol], this.abort.signal);
        this.inTurn.push(client);
        return client;
      }
      default:
        return protocol satisfies never;
    }
  }

  giveUp(): void {
    this.resolveGivenUp(undefined);
  }

  async close(): Promise<void> {
    this.abort.abort(new Error("the run is over"));
    await Promise.all(this.inTurn.map((client) => client.close()));
    this.openWire.kill();
  }

  private addresses(protocol: Exclude<Protocol, "openwire">): URL[] {
    return this.context.plan.groups.flatMap(({ brokers }) =>
      brokers.map(({ address, ports }) => new URL(`${protocol}://${address}:${ports[protocol] ?? 0}`)),
    );
  }
}
