/** Threads of a broker that wait for each other for ever: seen in a slave whose ZooKeeper came back at the wrong moment. */
import { java } from "./java";

const run = (locks: string, lifeMillis: number) => java("classic-5.16", "DeadlockCheck", [locks, String(lifeMillis)]);

it("end the process, which says who they are", () => {
  const { code, stdout } = run("crossed", 60_000);
  // BrokerMain.EXIT_CODE.
  expect(code).toBe(75);
  expect(stdout).toMatch(/taker 0 waits for java.lang.Object@\w+ of taker 1\n {4}at \S*DeadlockCheck.take/);
  expect(stdout).toContain("taker 1 waits for");
});

it("are not those that wait for long", () => {
  expect(run("in order", 5_000)).toMatchObject({ code: 0, stdout: "took both\ntook both\n" });
});

it("are named by java.ts, as any thread of a program that takes too long", () => {
  const hang = () => java("classic-5.16", "DeadlockCheck", ["in order", "600000"], { seconds: 3 });
  expect(hang).toThrow(/^DeadlockCheck: not over after [\d.]+ s:[^]*at java[^]*DeadlockCheck\.main/);
});
