import { comesTrue, until } from "../../../core/util/until";

/** 1, 2, 3, ... */
function counter() {
  let count = 0;
  return () => ++count;
}

const LONG = 600_000;

it("looks until it sees what is wanted", async () => {
  const found = await until(counter(), (n) => n === 3, { millis: LONG, everyMillis: 1 });
  expect(found).toEqual({ seen: 3, asWanted: true });
});

it("looks once when there is no time, and says what it saw", async () => {
  expect(await until(counter(), () => false, { millis: 0, everyMillis: LONG })).toEqual({ seen: 1, asWanted: false });
});

it("looks a last time when the time is over", async () => {
  const { seen, asWanted } = await until(counter(), () => false, { millis: 30, everyMillis: 20 });
  expect(seen).toBeGreaterThan(1);
  expect(asWanted).toBe(false);
});

it("pauses as long as what was seen asks for", async () => {
  const pauses: number[] = [];
  const everyMillis = (seen: number) => {
    pauses.push(seen);
    return 1;
  };
  await until(counter(), (n) => n === 4, { millis: LONG, everyMillis });
  expect(pauses).toEqual([1, 2, 3]);
});

it("ends with the reason of an abort, in the middle of a pause", async () => {
  const abort = new AbortController();
  const look = () => {
    setImmediate(() => {
      abort.abort(new Error("interrupted"));
    });
  };
  const waiting = until(look, () => false, { millis: LONG, everyMillis: LONG, signal: abort.signal });
  await expect(waiting).rejects.toThrow("interrupted");
});

it("does not look at all when it was aborted before", async () => {
  const look = jest.fn();
  const signal = AbortSignal.abort(new Error("interrupted"));
  await expect(until(look, () => true, { millis: LONG, everyMillis: 1, signal })).rejects.toThrow("interrupted");
  expect(look).not.toHaveBeenCalled();
});

it("lets what a look throws through", async () => {
  const look = () => Promise.reject(new Error("torn"));
  await expect(until(look, () => true, { millis: LONG, everyMillis: 1 })).rejects.toThrow("torn");
});

describe("comesTrue", () => {
  it("says that it holds, at last", async () => {
    const next = counter();
    expect(await comesTrue(() => Promise.resolve(next() === 3), LONG, 1)).toBe(true);
  });

  it("says that it does not", async () => {
    expect(await comesTrue(() => false, 5, 1)).toBe(false);
  });
});
