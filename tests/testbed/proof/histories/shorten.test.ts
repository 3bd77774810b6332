/** A finding's shorter history: a few operations in which the same is wrong. */
import { plan } from "../../../../core/plan/plan";
import { check } from "../../../../testbed/proof/histories/check";
import { generate } from "../../../../testbed/proof/histories/generate";
import { KEPT } from "../../../../testbed/proof/histories/operations";
import { shorten } from "../../../../testbed/proof/histories/shorten";
import { keysOf } from "../../../../testbed/proof/histories/stack";
import { isReceive, isSend } from "../../../../testbed/proof/histories/traces";
import { configOf } from "../../../support/raw";
import { idealHistory } from "./idealBroker";

const whole = idealHistory(generate(5, 0.1, plan("histories", configOf(keysOf("jdbc")))), "jdbc", 60);
const isFirstKept = ({ operations }: typeof whole) =>
  operations
    .filter(isSend)
    .find(({ call }) => call.end === "single" && call.expiryMillis === 0 && KEPT.includes(call.to[0] ?? ""));

it("a lost message needs nothing but its send", () => {
  const send = isFirstKept(whole);
  const gone = `${send?.id ?? ""}.0`;
  const without = <T extends { readonly message: string }>(all: readonly T[]) =>
    all.filter(({ message }) => message !== gone);
  const broken = {
    ...whole,
    operations: whole.operations.map((one) => ({ ...one, deliveries: without(one.deliveries) })),
    remainders: whole.remainders.map((one) => ({
      ...one,
      drained: without(one.drained),
      browsed: (one.browsed ?? []).filter((message) => message !== gone),
    })),
  };
  const [finding] = check(broken);
  expect(finding?.kind).toBe("lost");
  if (finding === undefined) return;
  const shorter = shorten(broken, finding);
  expect(shorter.operations.map(({ id }) => id)).toEqual([send?.id]);
  expect(check(shorter)).toEqual([finding]);
});

it("a message that came again needs its send and its receive", () => {
  const receive = whole.operations
    .filter(isReceive)
    .find(({ call, deliveries }) => call.end === "acknowledge" && KEPT.includes(call.from) && deliveries.length > 0);
  const { message = "" } = receive?.deliveries[0] ?? {};
  const remainders = whole.remainders.map((one) =>
    one.place === receive?.call.from
      ? { ...one, drained: [...one.drained, { message, at: Date.UTC(2026, 5), redelivered: true }] }
      : one,
  );
  const broken = { ...whole, remainders };
  const [finding] = check(broken);
  expect(finding?.kind).toBe("returned");
  if (finding === undefined) return;
  const shorter = shorten(broken, finding);
  const ids = shorter.operations.map(({ id }) => id);
  // Beside these two only who got the other messages of the same operations.
  expect(ids).toEqual(expect.arrayContaining([message.split(".")[0], receive?.id]));
  expect(ids.length).toBeLessThan(whole.operations.length / 10);
  expect(check(shorter).map(({ kind }) => kind)).toEqual(["returned"]);
});
