/** Durable subscriptions of KahaDB, and what store jdbc notes of one; with a database they are tested in jdbc.test.ts. */
import { javaSays } from "./java";
import { NOTHING_MISSED, casesOf, printed } from "./subscriptionCases";

/** @returns the lines that a program prints */
function check(program: string, ...words: string[]): string[] {
  const options = ["-Dorg.apache.logging.log4j.level=OFF"];
  return javaSays("classic-6.3", program, words, { options }).trimEnd().split("\n");
}

it.each(["product", "ours"] as const)(
  "a subscriber of KahaDB gets what it has not acknowledged, also what came twice with our classes: %s",
  (who) => {
    expect(check("SubscriptionCheck", who)).toEqual(casesOf("kahaDB", who).map((one) => printed(who, one)));
  },
);

it("subscribers of KahaDB of every kind miss nothing of what several producers publish, between failovers", () => {
  expect(check("SubscriptionsAtOnceCheck", "2", "ours")).toEqual(NOTHING_MISSED);
});

it("store jdbc notes of a subscription what is acknowledged, in any order, and not more than it has to", () => {
  const seeds = ["1", "2"];
  expect(check("PlaceCheck", ...seeds)).toEqual(
    seeds.map((seed) => `seed ${seed}: as it should be, less than 2000 noted`),
  );
});
