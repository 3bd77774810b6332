/** What happens to a fault from its blow to its end, on hosts whose answers are a table. */
import { inject } from "../../../operate/drill/injection";
import { type Answers, FakeHosts } from "../../support/fakeHosts";

const hosts = new FakeHosts({ store: "jdbc", jdbc: { url: "jdbc:postgresql://db/activemq" }, groups: [{ name: "a" }] });
afterAll(() => {
  hosts.remove();
});

let steps: string[];
const step =
  (name: string, ...roles: readonly string[]) =>
  () => {
    steps.push(name);
    if (roles.length > 0) {
      hosts.up(Object.fromEntries(roles.map((role, index): [string, Answers] => [`a-${index + 1}`, { role }])));
    }
    return Promise.resolve();
  };
const OPTIONS = { pauseMillis: 20 };
const watched = (signal = new AbortController().signal) => ({ plan: hosts.plan, signal });

beforeEach(async () => {
  steps = [];
  await step("", "master", "slave", "slave")();
  steps = [];
});

it("strikes, waits for the next master, heals, and waits for what comes afterwards", async () => {
  const injection = {
    hit: step("hit", "down", "master", "slave"),
    heal: step("heal", "slave", "master", "slave"),
  };
  const others = { meanwhile: step("meanwhile"), afterwards: step("afterwards") };
  const { masterless } = await inject(watched(), injection, { ...OPTIONS, ...others });
  expect(steps).toEqual(["hit", "meanwhile", "heal", "afterwards"]);
  expect(masterless).toBeDefined();
});

it("does not wait for a master in an outage, and counts from its end", async () => {
  const injection = {
    outage: true,
    seconds: 1.5,
    hit: step("hit", "down", "down", "down"),
    heal: step("heal", "master", "slave", "slave"),
  };
  const { masterless, recovery } = await inject(watched(), injection, OPTIONS);
  expect(steps).toEqual(["hit", "heal"]);
  // Both from the end of the outage on: what it lasted is in neither.
  expect(masterless).toBeLessThanOrEqual(recovery + 0.01);
});

it("ends with what a part of it throws, and asks nobody any more", async () => {
  const heal = () => Promise.reject(new Error("torn"));
  const injection = { hit: step("hit", "slave", "master", "slave"), heal };
  await expect(inject(watched(), injection, OPTIONS)).rejects.toThrow("torn");
});

it("lasts no longer than until it is interrupted, and heals nothing then", async () => {
  const abort = new AbortController();
  const meanwhile = () => {
    setImmediate(() => {
      abort.abort(new Error("interrupted"));
    });
    return Promise.resolve();
  };
  const injection = { hit: step("hit", "slave", "master", "slave"), seconds: 600, heal: step("heal") };
  await expect(inject(watched(abort.signal), injection, { ...OPTIONS, meanwhile })).rejects.toThrow();
  expect(steps).toEqual(["hit"]);
});
