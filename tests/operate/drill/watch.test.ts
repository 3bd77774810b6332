/** How long a group had no master, measured on hosts whose answers are a table. */
import { setTimeout as sleep } from "node:timers/promises";
import { Watch } from "../../../operate/drill/watch";
import { type Answers, FakeHosts } from "../../support/fakeHosts";

const hosts = new FakeHosts({ store: "jdbc", jdbc: { url: "jdbc:postgresql://db/activemq" }, groups: [{ name: "a" }] });
afterAll(() => {
  hosts.remove();
});

const roles = (...all: readonly string[]) => {
  hosts.up(Object.fromEntries(all.map((role, index): [string, Answers] => [`a-${index + 1}`, { role }])));
};
const watch = (signal = new AbortController().signal) => new Watch({ plan: hosts.plan, signal }, { pauseMillis: 50 });

it("measures from the last sight of a master to the first of the next one", async () => {
  roles("master", "slave", "slave");
  const watching = watch();
  await watching.untilServed(10);
  roles("down", "slave", "slave");
  watching.distrust();
  await sleep(1500);
  expect(watching.serves).toBe(false);
  roles("down", "master", "slave");
  await watching.untilServed(10);
  // At the moment in which all serve again: nothing else has looked yet.
  const seconds = await watching.end();
  expect(seconds).toBeGreaterThan(1);
  expect(seconds).toBeLessThan(10);
});

it("names what each broker is when no group serves in time", async () => {
  roles("down", "starting", "slave");
  const watching = watch();
  await sleep(500);
  await expect(watching.untilServed(0.5)).rejects.toThrow(/^not every group serves after 0\.5 s: .*a-2 starting/);
  expect(await watching.end()).toBeUndefined();
});

it("waits no longer once it is interrupted", async () => {
  roles("down", "slave", "slave");
  const abort = new AbortController();
  const watching = watch(abort.signal);
  abort.abort(new Error("interrupted"));
  await expect(watching.untilServed(10)).rejects.toThrow("interrupted");
  await watching.end();
});
