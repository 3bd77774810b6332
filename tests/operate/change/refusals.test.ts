/** What is asked of the hosts before a group may go, and what `allow` makes of it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { refusals } from "../../../operate/change/refusals";
import { planOfRecord } from "../../../core/change/record";
import { type Answers, FakeHosts } from "../../support/fakeHosts";

let hosts: FakeHosts;
const locals = (n: number) => Array.from({ length: n }, (_, i) => ({ name: `h${i + 1}`, address: `127.0.0.${i + 1}` }));
afterEach(() => { hosts.remove(); }); // prettier-ignore

const QUEUES = `activemq_queue_size{queue="orders"} 5.0
activemq_queue_size{queue="DLQ.orders"} 2.0
activemq_durable_subscription_active{client="billing",subscription="one"} 0.0
activemq_durable_subscription_active{client="shop",subscription="two"} 1.0
activemq_prepared_transactions 1.0
`;

/** Groups a and b run, b retired as given; the next stack file has a alone. */
async function without(retire: unknown, answers: Record<string, Answers>) {
  hosts = new FakeHosts({ groups: [{ name: "a" }, { name: "b", retire }] }).up(answers);
  return refusals(hosts.plan, planOfRecord(JSON.stringify({ stack: "test", config: { ...hosts.plan.config, groups: [hosts.plan.config.groups[0]] } }))); // prettier-ignore
}

test("an empty, retired group may go", async () => {
  expect(await without(true, {})).toEqual([]);
});

test("a retired group that holds something may not, with the counts", async () => {
  const [fault, ...more] = await without(true, { "b-1": { metrics: QUEUES } });
  expect(more).toEqual([]);
  expect(fault?.problem).toBe(
    "Group b is retired and not empty: 5 messages, 2 dead letters, 1 offline durable subscription, 1 prepared XA transaction.",
  );
});

test("a retired group that holds a prepared transaction alone may not, nor one whose broker of before does not tell", async () => {
  const [fault] = await without(true, { "b-1": { metrics: "activemq_prepared_transactions 1.0" } });
  expect(fault?.problem).toContain("0 offline durable subscriptions, 1 prepared XA transaction.");
  hosts.remove();
  const [unknown] = await without(true, { "b-1": { metrics: "activemq_broker_slave 0.0" } });
  expect(unknown?.problem).toContain(
    "unknown: its master does not tell of prepared transactions: run npx amq up test first",
  );
});

test("what it holds can be given up", async () => {
  expect(await without("discard", { "b-1": { metrics: QUEUES } })).toEqual([]);
});

test("a group whose address clients have may not go, even when it is empty", async () => {
  const [fault] = await without(false, {});
  expect(fault?.problem).toContain("clients still have its address");
  expect(fault?.fix).toContain("put it back with retire: true");
});

test("a group that was never up may go as it came", async () => {
  const down = { role: "down", versions: "files=0 staged=1 active=1 confirmed=" };
  expect(await without(false, { "b-1": down, "b-2": down, "b-3": down })).toEqual([]);
});

test("a group that cannot be counted may not", async () => {
  const down = { role: "down", versions: "files=0 staged=1 active=1 confirmed=1" };
  const [fault] = await without(true, { "b-1": down, "b-2": down, "b-3": down });
  expect(fault?.problem).toContain("unknown: it has no master that could tell");
});

test.each([
  ["that still answers may not be left out", "echo a-1", ["hosts"]],
  ["that is gone may", "exit 255", []],
])("a host %s while what it carries goes elsewhere", async (_, answer, paths) => {
  hosts = new FakeHosts({ groups: [{ name: "a" }], topology: "none", hosts: locals(6) }).up();
  const [one] = hosts.plan.hosts;
  writeFileSync(join(hosts.directory, "hosts", one?.name ?? "", "bin", "amq-host"), `#!/bin/sh\n${answer}\n`);
  const config = { ...hosts.plan.config, hosts: locals(7).slice(1) };
  const found = await refusals(hosts.plan, planOfRecord(JSON.stringify({ stack: "test", config })));
  expect(found.filter(({ problem }) => problem.startsWith("Host ")).map(({ path }) => path)).toEqual(paths);
});

describe("another shared directory", () => {
  const never = { role: "down", versions: "files=0 staged=1 active= confirmed=" };
  const down = { role: "down", versions: "files=0 staged=1 active=1 confirmed=1" };
  const early = { role: "master", versions: "files=0 staged=1 active=1 confirmed=" };

  test.each([
    ["where no broker was ever healthy", { "a-1": never, "a-2": never }, []],
    ["where one was", { "a-1": never, "a-2": down }, ["sharedKahaDB.directory"]],
    ["where one serves that was never seen healthy", { "a-1": early, "a-2": never }, ["sharedKahaDB.directory"]],
  ])("%s", async (_, answers, paths) => {
    const values = { store: "sharedKahaDB", topology: "none", groups: [{ name: "a", brokers: 2 }] };
    hosts = new FakeHosts(values).up(answers);
    const config = { ...hosts.plan.config, sharedKahaDB: { directory: "/srv/other" } };
    const found = await refusals(hosts.plan, planOfRecord(JSON.stringify({ stack: "test", config })));
    expect(found.map(({ path }) => path)).toEqual(paths);
  });

  test("where nothing was ever set up", async () => {
    hosts = new FakeHosts({ store: "sharedKahaDB", topology: "none", groups: [{ name: "a", brokers: 2 }] });
    const config = { ...hosts.plan.config, sharedKahaDB: { directory: "/srv/other" } };
    expect(await refusals(hosts.plan, planOfRecord(JSON.stringify({ stack: "test", config })))).toEqual([]);
  });
});
