/** What `amq plan` says of a change to a cluster that runs. */
import { render } from "../../../core/render/render";
import { runtimeIds } from "../../../core/render/runtimes";
import { filesDigest } from "../../../core/host/fileBundle";
import { forecast, restarts } from "../../../operate/change/forecast";
import { forecastText } from "../../../operate/change/forecastText";
import { planOf } from "../../support/plans";
import { expectGolden } from "../../support/golden";
import { type Answers, FakeHosts } from "../../support/fakeHosts";

let hosts: FakeHosts | undefined;
afterEach(() => { hosts?.remove(); }); // prettier-ignore

/** Hosts that have what the values render, healthy; services answer what is given on top. */
function running(values: Record<string, unknown> = {}, more: Record<string, Answers> = {}): FakeHosts {
  hosts = new FakeHosts(values);
  const answers = render(hosts.plan, runtimeIds()).map(({ name, files }): [string, Answers] => [
    name,
    { versions: `files=${filesDigest(files)} staged=1 active=1 confirmed=1`, ...more[name] },
  ]);
  return hosts.up(Object.fromEntries(answers));
}
const next = (values: Record<string, unknown> = {}) => planOf({ directory: hosts?.directory, ...values });

test("nothing restarts when nothing differs", async () => {
  const { plan } = running();
  const found = await forecast(plan, next());
  expect(found).toMatchObject({ refused: [], members: [], starts: [], stops: [], retired: [] });
  expect(found.groups.map(({ restarts: list }) => list)).toEqual([[], []]);
  expect(forecastText(found)).toBe("Change of the running cluster\n  nothing restarts");
});

test("what nothing is known of is not said to restart", async () => {
  const { plan } = running({}, { "zookeeper-3": { versions: "" } });
  expect((await forecast(plan, next())).members).toEqual([]);
});

test("only what differs restarts: members by themselves, brokers slaves first", async () => {
  const { plan } = running();
  const members = await forecast(plan, next({ zookeeper: { heapMiB: 256 } }));
  expect(members.members.map(({ name, role }) => `${name} ${role}`)).toEqual([
    "zookeeper-1 follower",
    "zookeeper-3 follower",
    "zookeeper-2 leader",
  ]);
  expect(members.groups.every(({ restarts: list }) => list.length === 0)).toBe(true);
  const brokers = await forecast(plan, next({ limits: { tempMiB: 600 } }));
  expect(brokers.members).toEqual([]);
  expect(brokers.groups.map(({ restarts: list, failovers }) => [list.map(({ name }) => name), failovers])).toEqual([
    [["a-2", "a-3", "a-1"], 1],
    [["b-2", "b-3", "b-1"], 1],
  ]);
});

test("what an earlier change left staged restarts, too", async () => {
  hosts = new FakeHosts();
  const files = render(hosts.plan, runtimeIds()).find(({ name }) => name === "a-2")?.files ?? [];
  hosts.remove();
  const { plan } = running({}, { "a-2": { versions: `files=${filesDigest(files)} staged=2 active=1 confirmed=1` } });
  const found = await forecast(plan, next());
  expect(found.groups[0]?.restarts).toEqual([{ name: "a-2", host: "a-2", role: "slave" }]);
  expect(found.groups[0]?.failovers).toBe(0);
});

test("in words", async () => {
  const { plan } = running(
    { groups: [{ name: "a" }, { name: "b", retire: true }, { name: "c", retire: true }] },
    { "b-1": { metrics: 'activemq_queue_size{queue="orders"} 5.0\nactivemq_prepared_transactions 0.0\n' } },
  );
  const groups = [{ name: "a" }, { name: "b", retire: true }, { name: "d" }];
  const found = await forecast(plan, next({ groups, zookeeper: { heapMiB: 256 }, limits: { tempMiB: 600 } }));
  expectGolden("tests/operate/golden/forecast.txt", `${forecastText(found)}\n`);
});

test("a service nobody knows the role of goes before the master", () => {
  const plan = planOf({});
  const status = { groups: [], ensemble: [], database: [] };
  expect(restarts(plan, status, new Set(["a-1"])).groups[0]).toEqual({
    name: "a",
    restarts: [{ name: "a-1", host: "a-1", role: "unknown" }],
    failovers: 0,
  });
});
