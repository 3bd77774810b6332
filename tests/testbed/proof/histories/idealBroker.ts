/** A broker that keeps every promise, in memory: histories that nothing is wrong with, to be forged. */
import type { StoreName } from "../../../../core/products/stores";
import { DELIVERIES_BEFORE_DEATH, placesToDrain } from "../../../../testbed/proof/histories/check";
import type { RunPlan } from "../../../../testbed/proof/histories/generate";
import {
  type Call,
  type Delivery,
  type History,
  type Operation,
  type Place,
  type ReceiveCall,
  type Remainder,
  type SendCall,
  deadLettersOf,
  isQueue,
  isSelected,
  isTopic,
  messagesOf,
  topicOf,
} from "../../../../testbed/proof/histories/history";
import { QUEUE_PLACES } from "../../../../testbed/proof/histories/operations";

interface Stored {
  readonly message: string;
  readonly deliveries: number;
}

class IdealBroker {
  private readonly contents = new Map<Place, Stored[]>();
  private now = Date.UTC(2026, 0, 1);

  perform(id: string, client: string, operation: Operation["operation"], call: Call): Operation {
    const invoked = ++this.now;
    const deliveries: Delivery[] = [];
    let result: Operation["result"] = "ok";
    if (call.call === "send") this.send(id, call);
    else if (call.call === "receive") deliveries.push(...this.receive(call));
    else if (call.call === "remove") this.contents.delete(call.at);
    else if (call.call === "subscribe") this.of(call.at);
    else if (call.call === "unsubscribe" && !this.contents.delete(call.at)) result = "fail";
    return { id, client, operation, call, invoked, completed: ++this.now, result, deliveries };
  }

  remainder(place: Place): Remainder {
    const there = this.contents.get(place) ?? [];
    const drained = there.map(({ message, deliveries }) => ({ message, at: ++this.now, redelivered: deliveries > 0 }));
    return { place, browsed: there.map(({ message }) => message), drained, pending: 0 };
  }

  private of(place: Place): Stored[] {
    const there = this.contents.get(place) ?? [];
    this.contents.set(place, there);
    return there;
  }

  private send(id: string, call: SendCall): void {
    if (call.end === "rollback") return;
    for (const [i, message] of messagesOf(id, call).entries()) {
      const to = call.to[i] ?? "";
      const places = isTopic(to)
        ? [...this.contents.keys()].filter((one) => !isQueue(one) && topicOf(one) === to && isSelected(one, call))
        : [to];
      for (const place of places) this.of(place).push({ message, deliveries: 0 });
    }
  }

  private receive({ from, count, end }: ReceiveCall): Delivery[] {
    const there = this.of(from);
    const taken = there.splice(0, count);
    if (end !== "acknowledge" && end !== "commit") {
      const again = taken.map(({ message, deliveries }) => ({ message, deliveries: deliveries + 1 }));
      const dies = ({ deliveries }: Stored) => deliveries >= DELIVERIES_BEFORE_DEATH;
      there.unshift(...again.filter((one) => !dies(one)));
      this.of(deadLettersOf(from)).push(...again.filter(dies));
    }
    return taken.map(({ message, deliveries }) => ({ message, at: ++this.now, redelivered: deliveries > 0 }));
  }
}

/** What the clients of a plan and this broker do, one step of each in turn, without a fault. */
export function idealHistory({ seed, clients }: RunPlan, store: StoreName, rounds: number): History {
  const broker = new IdealBroker();
  const operations: Operation[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const { name, steps } of clients) {
      const step = steps[round];
      if (step === undefined) continue;
      operations.push(broker.perform(`${name}:${round}`, name, step.operation, step.call));
    }
  }
  const queues = placesToDrain(QUEUE_PLACES, { operations });
  const places = [...queues, ...queues.filter(isQueue).map(deadLettersOf)];
  return { seed, store, operations, faults: [], remainders: places.map((place) => broker.remainder(place)) };
}
