/** The checker: nothing is wrong with what an ideal broker does, and everything that is forged is found. */
import fc from "fast-check";
import { plan } from "../../../../core/plan/plan";
import { check } from "../../../../testbed/proof/histories/check";
import { generate } from "../../../../testbed/proof/histories/generate";
import {
  type Delivery,
  type History,
  type Operation,
  type Place,
  RANKED,
  type SendCall,
  isQueue,
  isSelected,
  isSubscription,
  selectorOf,
  topicOf,
} from "../../../../testbed/proof/histories/history";
import { BRIEF, KEPT, OPERATION_NAMES, ORDERED } from "../../../../testbed/proof/histories/operations";
import { type FindingKind, PROMISES } from "../../../../testbed/proof/histories/promises";
import { keysOf } from "../../../../testbed/proof/histories/stack";
import { isReceive, isSend, trace } from "../../../../testbed/proof/histories/traces";
import { configOf } from "../../../support/raw";
import { idealHistory } from "./idealBroker";

/** Promises everything that any store does. */
const STORE = "sharedKahaDB";
const PLAN = plan("histories", configOf(keysOf(STORE)));
const ROUNDS = 60;
const seeds = fc.integer({ min: 0, max: 2 ** 21 - 1 });
const histories = seeds.map((seed) => idealHistory(generate(seed, 0.1, PLAN), STORE, ROUNDS));
/** For tests of one history. */
const HISTORY = idealHistory(generate(1, 0.1, PLAN), STORE, ROUNDS);

const kinds = (history: History) => [...new Set(check(history).map(({ kind }) => kind))];

type Forge = (history: History, pick: <T>(all: readonly T[]) => T | undefined) => History | undefined;

const everyDelivery = (history: History, change: (delivery: Delivery, place: Place) => Delivery[]): History => ({
  ...history,
  operations: history.operations.map((one) =>
    isReceive(one) ? { ...one, deliveries: one.deliveries.flatMap((d) => change(d, one.call.from)) } : one,
  ),
  remainders: history.remainders.map((one) => {
    const drained = one.drained.flatMap((delivery) => change(delivery, one.place));
    const left = new Set(drained.map(({ message }) => message));
    return { ...one, drained, browsed: (one.browsed ?? []).filter((message) => left.has(message)) };
  }),
});

const without = (history: History, messages: readonly string[]) =>
  everyDelivery(history, (delivery) => (messages.includes(delivery.message) ? [] : [delivery]));

const replace = (history: History, old: Operation, by: Partial<Operation>): History => ({
  ...history,
  operations: history.operations.map((one) => (one === old ? { ...one, ...by } : one)),
});

const add = (history: History, place: Place, delivery: Partial<Delivery> & { message: string }): History => ({
  ...history,
  remainders: history.remainders.map((one) =>
    one.place === place
      ? { ...one, drained: [...one.drained, { at: Date.UTC(2026, 5), redelivered: false, ...delivery }] }
      : one,
  ),
});

/** Messages that a kept queue has given out, and that never expire. */
const keptSends = (history: History) =>
  [...trace(history).byMessage.values()].filter(
    ({ to, receipts, send }) => KEPT.includes(to) && receipts.length > 0 && send.call.expiryMillis === 0,
  );

const commits = (history: History) =>
  history.operations
    .filter(isSend)
    .filter(({ call }) => call.end === "commit" && call.to.every((to) => KEPT.includes(to)));

const FORGERIES: Readonly<Record<string, readonly [FindingKind, Forge]>> = {
  "an acknowledgement of what was never stored": [
    "lost",
    (history, pick) => {
      const last = pick(history.operations.filter(isSend));
      if (last === undefined) return undefined;
      const call: SendCall = { ...last.call, to: [KEPT[0] ?? ""], end: "single", expiryMillis: 0 };
      return { ...history, operations: [...history.operations, { ...last, id: "forged:1", call }] };
    },
  ],
  "a message taken out": [
    "lost",
    (history, pick) => {
      const sent = pick(keptSends(history));
      return sent && without(history, [sent.message]);
    },
  ],
  "a message taken out of a subscription": [
    "lost",
    (history, pick) => {
      const place = pick(history.remainders.filter((one) => isSubscription(one.place) && one.drained.length > 0));
      const { byMessage } = trace(history);
      const lasts = ({ message }: Delivery) => byMessage.get(message)?.send.call.expiryMillis === 0;
      const gone = pick((place?.drained ?? []).filter(lasts));
      return (
        gone &&
        everyDelivery(history, (delivery, from) =>
          from === place?.place && delivery.message === gone.message ? [] : [delivery],
        )
      );
    },
  ],
  "a message in a queue that it was not sent to": [
    "misplaced",
    (history, pick) => {
      const sent = pick(keptSends(history));
      return sent && add(history, KEPT.find((place) => place !== sent.to) ?? "", { message: sent.message });
    },
  ],
  "a message of a queue in a subscription": [
    "misplaced",
    (history, pick) => {
      const sent = pick(keptSends(history));
      const place = pick(history.remainders.filter((one) => isSubscription(one.place)));
      return sent && place && add(history, place.place, { message: sent.message });
    },
  ],
  "a message that its subscription does not select": [
    "misplaced",
    (history, pick) => {
      const place = pick(history.remainders.filter((one) => selectorOf(one.place) !== undefined));
      const sent = pick(
        [...trace(history).byMessage.values()].filter(
          ({ to, send }) => to === RANKED && place !== undefined && !isSelected(place.place, send.call),
        ),
      );
      return sent && place && add(history, place.place, { message: sent.message });
    },
  ],
  "half of a transaction in doubt": [
    "half transaction",
    (history, pick) => {
      const send = pick(commits(history));
      return send && without(replace(history, send, { result: "unknown" }), [`${send.id}.0`]);
    },
  ],
  "a message of a transaction that was rolled back": [
    "phantom",
    (history, pick) => {
      const send = pick(commits(history));
      return send && replace(history, send, { call: { ...send.call, end: "rollback" } });
    },
  ],
  "a message that nobody sent": [
    "phantom",
    (history) => add(history, ORDERED, { message: "nobody:1.0", redelivered: true }),
  ],
  "a message that comes again after its acknowledgement": [
    "returned",
    (history, pick) => {
      const taken = pick(keptSends(history).filter(({ receipts }) => receipts.some(({ fate }) => fate === "consumed")));
      return taken && add(history, taken.to, { message: taken.message, redelivered: true });
    },
  ],
  "a message that comes again without its mark": [
    "unmarked",
    (history, pick) => {
      const marked = ({ redelivered }: Delivery) => redelivered;
      const rolledBack = (message: string) =>
        history.operations.some(
          (one) =>
            isReceive(one) &&
            one.call.end !== "detach" &&
            one.deliveries.some((d) => d.message === message && !d.redelivered) &&
            one.call.end !== "acknowledge",
        );
      const again = pick(
        history.operations
          .filter(isReceive)
          .flatMap(({ deliveries }) => deliveries.filter(marked))
          .filter(({ message }) => rolledBack(message)),
      );
      return again && everyDelivery(history, (one) => (one === again ? [{ ...one, redelivered: false }] : [one]));
    },
  ],
  "two messages of one producer in the wrong order": [
    "out of order",
    (history, pick) => {
      const { byMessage } = trace(history);
      const clientOf = ({ message }: Delivery) => byMessage.get(message)?.send.client;
      const receive = pick(
        history.operations
          .filter(isReceive)
          .filter(({ call, deliveries: [a, b] }) => call.from === ORDERED && a && b && clientOf(a) === clientOf(b)),
      );
      const [a, b, ...rest] = receive?.deliveries ?? [];
      return receive && a && b && replace(history, receive, { deliveries: [b, a, ...rest] });
    },
  ],
  "a message that a browser sees and nobody gets": [
    "stuck",
    (history, pick) => {
      const { byMessage } = trace(history);
      const stays = ({ message }: Delivery) => byMessage.get(message)?.send.call.expiryMillis === 0;
      const place = pick(history.remainders.filter((one) => isQueue(one.place) && one.drained.some(stays)));
      const remainders = history.remainders.map((one) => (one === place ? { ...one, drained: [] } : one));
      return place && { ...history, remainders };
    },
  ],
  "a message that is counted and not there": [
    "stuck",
    (history, pick) => {
      const place = pick(history.remainders);
      return {
        ...history,
        remainders: history.remainders.map((one) => (one === place ? { ...one, pending: 1 } : one)),
      };
    },
  ],
  "a body that changed": [
    "damaged",
    (history, pick) => {
      const sent = pick(keptSends(history));
      return sent && everyDelivery(history, (one) => [one.message === sent.message ? { ...one, damaged: true } : one]);
    },
  ],
  "a client that does not come back": [
    "hung",
    (history, pick) => {
      const operation = pick(history.operations);
      return operation && replace(history, operation, { hung: true, result: "unknown" });
    },
  ],
};

it("finds nothing in what an ideal broker does", () => {
  fc.assert(fc.property(histories, (history) => { expect(check(history)).toEqual([]); }), { numRuns: 20 }); // prettier-ignore
});

it("finds nothing in a message that expires between the browser and the consumer", () => {
  const sent = [...trace(HISTORY).byMessage.values()].find(({ send }) => send.call.expiryMillis > 0);
  expect(sent).toBeDefined();
  const remainders = HISTORY.remainders.map((one) =>
    one.place === sent?.to ? { ...one, browsed: [...(one.browsed ?? []), sent.message] } : one,
  );
  expect(check({ ...HISTORY, remainders })).toEqual([]);
});

it("has every operation, transactions that came back, and messages that were consumed, in a history that it looks at", () => {
  const all = Array.from({ length: 5 }, (_, seed) => idealHistory(generate(seed, 0.1, PLAN), STORE, ROUNDS));
  const done = new Set(all.flatMap(({ operations }) => operations.map(({ operation }) => operation)));
  expect(OPERATION_NAMES.filter((name) => !done.has(name))).toEqual([]);
  expect(
    keptSends(HISTORY).filter(({ receipts }) => receipts.some(({ fate }) => fate === "consumed")).length,
  ).toBeGreaterThan(20);
});

describe.each(Object.entries(FORGERIES))("%s", (_what, [kind, forge]) => {
  it(`is always found: ${kind}`, () => {
    let forged = 0;
    fc.assert(
      fc.property(histories, fc.nat(), (history, index) => {
        const changed = forge(history, (all) => all[index % Math.max(1, all.length)]);
        // A short history may have nothing that could be forged so.
        fc.pre(changed !== undefined);
        forged++;
        expect(kinds(changed)).toContain(kind);
      }),
      { numRuns: 15 },
    );
    expect(forged).toBeGreaterThan(10);
  });
});

describe("what a fault excuses", () => {
  const taken = keptSends(HISTORY).find(({ receipts }) => receipts.every(({ fate }) => fate === "consumed"));
  const again = add(HISTORY, taken?.to ?? "", { message: taken?.message ?? "" });
  const consumed = taken?.receipts.find(({ fate }) => fate === "consumed")?.operation;
  const fault = (began: number, settled: number): History => ({ ...again, faults: [{ what: "x", began, settled }] });
  const at = consumed?.completed ?? 0;

  it("a message comes again when a fault met its acknowledgement", () => {
    expect(kinds(fault(at, at + 10))).toEqual([]);
  });

  it("until the next fault, when it was acknowledged ahead of an earlier one by a subscriber", () => {
    const ranked = [...trace(HISTORY).byMessage.values()].flatMap(({ to, receipts, message }) =>
      receipts.filter(({ fate }) => to === RANKED && fate === "consumed").map((receipt) => ({ ...receipt, message })),
    );
    const [first] = ranked;
    const back = add(HISTORY, first?.place ?? "", { message: first?.message ?? "" });
    const ended = first?.operation?.completed ?? 0;
    const later = { what: "x", began: ended + 60_000, settled: ended + 70_000 };
    expect(kinds({ ...back, faults: [later] })).toEqual([]);
    expect(kinds(back)).toEqual(["returned"]);
  });

  it("not when the fault was over before, or began long after", () => {
    const sent = taken?.send.invoked ?? 0;
    expect(kinds(fault(sent - 20, sent - 10))).toEqual(["returned"]);
    expect(kinds(fault(at + 60_000, at + 70_000))).toEqual(["returned"]);
  });

  it("the making or removal of a queue that does not return, and no other call", () => {
    const hanging = (name: Operation["operation"], millis: number) => {
      const one = HISTORY.operations.find(({ operation }) => operation === name);
      if (one === undefined) throw new Error(`no ${name}`);
      const began = one.invoked + millis;
      const changed = replace(HISTORY, one, { hung: true, result: "unknown" });
      return kinds({ ...changed, faults: [{ what: "x", began, settled: began + 10_000 }] });
    };
    expect(hanging("remove a queue", 100)).toEqual([]);
    expect(hanging("remove a queue", 60_000)).toEqual(["hung"]);
    expect(hanging("make a queue", 100)).toEqual([]);
    expect(hanging("make a queue", 60_000)).toEqual(["hung"]);
    expect(hanging("send", 100)).toEqual(["hung"]);
  });

  it("never a loss", () => {
    expect(
      kinds({ ...without(HISTORY, [taken?.message ?? ""]), faults: [{ what: "x", began: 0, settled: 2e12 }] }),
    ).toContain("lost");
  });
});

it("a queue that was removed takes its messages along, and no others", () => {
  const [send] = HISTORY.operations.filter(isSend);
  if (send === undefined) throw new Error("no send");
  const [queue = "", kept = ""] = [BRIEF[0], KEPT[0]];
  const sent = { ...send, call: { ...send.call, end: "single" as const, to: [queue] } };
  const removal: Operation = {
    ...send,
    id: "x:1",
    operation: "remove a queue",
    call: { call: "remove", at: queue },
    invoked: send.completed + 1,
    completed: send.completed + 2,
  };
  const history = (...operations: Operation[]): History => ({ ...HISTORY, operations, remainders: [] });
  expect(kinds(history(sent, removal))).toEqual([]);
  expect(kinds(history({ ...sent, call: { ...sent.call, to: [kept] } }, removal))).toEqual(["lost"]);
  expect(kinds(history(sent, { ...removal, result: "fail" }))).toEqual(["lost"]);
  expect(kinds(history(sent, { ...removal, completed: send.invoked - 1 }))).toEqual(["lost"]);
});

it("half of what was received in a transaction in doubt is found, and all of it is not", () => {
  const receive = HISTORY.operations
    .filter(isReceive)
    .find(({ call, deliveries }) => call.end === "commit" && KEPT.includes(call.from) && deliveries.length > 1);
  if (receive === undefined) throw new Error("no such receive");
  const inDoubt = replace(HISTORY, receive, { result: "unknown" });
  const backAgain = (messages: readonly string[]) =>
    messages.reduce((so, message) => add(so, receive.call.from, { message, redelivered: true }), inDoubt);
  const all = receive.deliveries.map(({ message }) => message);
  expect(kinds(backAgain(all.slice(1)))).toEqual(["half transaction"]);
  expect(kinds(backAgain(all))).toEqual([]);
  expect(kinds(inDoubt)).toEqual([]);
});

it("what the table says that a store does not promise is not found there", () => {
  const places = HISTORY.remainders
    .map(({ place }) => place)
    .filter((place) => isSubscription(place) && topicOf(place) !== RANKED);
  const taken = HISTORY.operations
    .filter(isReceive)
    .find(({ call, deliveries }) => call.end === "acknowledge" && places.includes(call.from) && deliveries.length > 0);
  const again = add(HISTORY, taken?.call.from ?? "", {
    message: taken?.deliveries[0]?.message ?? "",
    redelivered: true,
  });
  expect(kinds(again)).toEqual(["returned"]);
  const promised = jest.replaceProperty(PROMISES.subscriber, "notBy", [STORE]);
  expect(kinds(again)).toEqual([]);
  promised.restore();
});
