import { backstop, limit, slowness, until } from "../../../testbed/harness/patience";

it("measures how slow the machine is by a piece of work, and takes no machine for faster than a quiet one", () => {
  expect(slowness(() => 1)).toBe(1);
  expect(slowness(() => 75)).toBe(3);
  expect(slowness(() => 1e9)).toBe(40);
  expect(slowness()).toBeGreaterThanOrEqual(1);
});

it("has limits that are at least those of a quiet machine, and backstops above them", () => {
  expect(limit(2)).toBeGreaterThanOrEqual(2000);
  expect(backstop(2)).toBeGreaterThan(limit(2));
});

describe("waiting", () => {
  it("ends as soon as something holds", async () => {
    let looks = 0;
    expect(await until(1000, () => ++looks === 3, 1)).toBe(true);
    expect(looks).toBe(3);
  });

  it("goes on for as long as the same takes on a machine that is so slow, and looks once more at the end", async () => {
    const looksOn = async (slow: number) => {
      let looks = 0;
      expect(
        await until(
          0.1,
          () => (looks++, false),
          10,
          () => slow,
        ),
      ).toBe(false);
      return looks;
    };
    // Looks, not seconds: each takes at least its pause. Ten thousand times slower it would be there for a quarter of an hour.
    const quick = await looksOn(1);
    expect(quick).toBeLessThanOrEqual(11);
    let looks = 0;
    expect(
      await until(
        0.1,
        () => ++looks > 30,
        10,
        () => 10_000,
      ),
    ).toBe(true);
  });
});
