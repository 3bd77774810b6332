import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drainedMeanwhile, putBack, takeOut } from "../../../operate/drain/drain";
import { readStatus } from "../../../operate/status/status";
import { type Answers, FakeHosts } from "../../support/fakeHosts";

let hosts: FakeHosts;
let said: string[];
beforeEach(() => { said = []; }); // prettier-ignore
afterEach(() => { hosts.remove(); }); // prettier-ignore

const INTERLEAVED = { placement: "interleaved" };
const KAHA = { store: "kahaDB", groups: [{ name: "a", brokers: 1 }], topology: "none" };

function cluster(values: Record<string, unknown> = {}, answers: Record<string, Answers> = {}): FakeHosts {
  hosts = new FakeHosts(values).up(answers);
  return hosts;
}
const say = (text: string) => void said.push(text);
const out = (host: string, force = false) => takeOut(hosts.plan, host, force, say, 3);
const back = (host: string) => putBack(hosts.plan, host, say, 3);
const masters = async () => (await readStatus(hosts.plan)).groups.map(({ master }) => master);

describe("drain where the messages are in a database", () => {
  const JDBC = { store: "jdbc", groups: [{ name: "a", brokers: 2 }], topology: "none" };

  test("one broker of two may go: the other one serves", async () => {
    cluster(JDBC);
    expect(await out("a-2")).toMatchObject({ drained: true, services: ["a-2"], down: [] });
  });

  test("the database's host may not: every group would wait", async () => {
    cluster(JDBC);
    await expect(out("postgresql")).rejects.toThrow("the database postgresql would be down: no group takes messages");
    expect(hosts.calls()).toEqual([]);
  });
});

describe("drain", () => {
  test("slaves first, then masters, each after the rest serves; what is drained already is left alone", async () => {
    cluster(INTERLEAVED, { "a-1": { role: "slave" }, "a-2": { role: "master", bridges: "a-to-b" } });
    const done = await out("host-1");
    expect(done).toMatchObject({ drained: true, services: ["a-1", "b-1"], down: [] });
    expect(hosts.calls()).toEqual(["drain a-1", "drain b-1"]);
    expect(await masters()).toEqual(["a-2", "b-2"]);
    expect(await out("host-1")).toMatchObject({ drained: true, services: [] });
    expect(hosts.calls()).toHaveLength(2);
  });

  test("members one at a time, the leader last", async () => {
    const machines = [1, 2].map((n) => ({ name: `z${n}`, address: `127.0.1.${n}`, roles: ["zookeeper"] }));
    const brokers = [3, 4, 5].map((n) => ({ name: `m${n}`, address: `127.0.1.${n}`, roles: ["broker"] }));
    cluster(
      { groups: [{ name: "a" }], zookeeper: { members: 5 }, hosts: [...machines, ...brokers] },
      {
        "zookeeper-1": { role: "leader" },
        "zookeeper-2": { role: "follower" },
      },
    );
    // Three of five members are on the first machine.
    await expect(out("z1")).rejects.toThrow(
      /ZooKeeper would have 2 of 5 members left, 3 must run: no group has a master/,
    );
    expect(hosts.calls()).toEqual([]);
    expect(await out("z1", true)).toMatchObject({ services: ["zookeeper-3", "zookeeper-5", "zookeeper-1"] });
  });

  test("stops where nobody takes over, and goes on from there when that is mended", async () => {
    cluster(INTERLEAVED, { "a-1": { noHeir: "" } });
    await expect(out("host-1")).rejects.toThrow(
      /a-1 is stopped, but 3 s later the rest does not serve[^]*group a has no master[^]*goes on from there[^]*--back goes back/,
    );
    expect(hosts.calls()).toEqual(["drain a-1"]);
    writeFileSync(join(hosts.directory, "hosts", "host-3", "answers", "a-3", "role"), "master\n");
    writeFileSync(join(hosts.directory, "hosts", "host-3", "answers", "a-3", "bridges"), "a-to-b\n");
    expect(await out("host-1")).toMatchObject({ services: ["b-1"] });
  });
});

describe("refused, with nothing changed", () => {
  afterEach(() => { expect(hosts.calls()).toEqual([]); }); // prettier-ignore

  test("a host that there is not", async () => {
    cluster(INTERLEAVED);
    await expect(out("host1")).rejects.toThrow(
      /stack test has no host host1\. Did you mean host-1\? Its hosts: host-1 \(a-1, b-1\); host-2/,
    );
  });

  test("a cluster that is not whole elsewhere", async () => {
    cluster(INTERLEAVED, { "b-3": { role: "down" }, "a-2": { role: "starting" } });
    await expect(out("host-2")).rejects.toThrow(
      /host-2 was not drained, nothing was changed:\n- the cluster is not whole[^]*b-3 is down/,
    );
    await expect(out("host-2")).rejects.not.toThrow(/a-2 is starting/);
  });

  test("a host with a whole group", async () => {
    cluster({ placement: "hostPerGroup" });
    await expect(out("a-host")).rejects.toThrow(
      /group a would have 0 of 3 brokers left, 2 must run[^]*To go on all the same: npx amq drain test a-host --force/,
    );
  });

  test("a group without slaves", async () => {
    cluster(KAHA);
    await expect(out("a-1")).rejects.toThrow(
      /group a has no other broker: it takes no messages, and those it has wait/,
    );
  });

  test("a host where nothing of the stack is", async () => {
    cluster(KAHA);
    rmSync(join(hosts.directory, "hosts", "a-1"), { recursive: true });
    await expect(out("a-1")).rejects.toThrow("nothing of test is on a-1: bring it up first: npx amq up test");
  });

  test("a host whose amq-host is an older one", async () => {
    cluster(INTERLEAVED);
    const script = join(hosts.directory, "hosts", "host-3", "bin", "amq-host");
    writeFileSync(
      script,
      '#!/bin/sh\ncase $1 in list) ;; probe) [ "$3" != role ] || echo slave ;; *) echo "usage: amq-host" >&2; exit 1 ;; esac\n',
    );
    await expect(out("host-3")).rejects.toThrow(/an older one, without drain\. npx amq up test brings the new one/);
  });
});

describe("--force", () => {
  test("takes a group down, saying so; another one serves on", async () => {
    cluster({ placement: "hostPerGroup" });
    const done = await out("a-host", true);
    expect(done.services).toEqual(["a-2", "a-3", "a-1"]);
    expect(done.down).toEqual([expect.stringMatching(/^group a would have 0 of 3/)]);
    expect(said[0]).toMatch(/^note: group a would have 0 of 3/);
    expect(await masters()).toEqual([null, "b-1"]);
  });

  test("drains although something else is missing, and does not wait for that", async () => {
    cluster(INTERLEAVED, { "zookeeper-3": { role: "down" } });
    expect(await out("host-1", true)).toMatchObject({ services: ["a-1", "b-1"] });
  });
});

describe("--back", () => {
  test("members first, until the cluster is whole", async () => {
    const machines = [1, 2, 3].map((n) => ({ name: `m${n}`, address: `127.0.1.${n}`, roles: ["broker", "zookeeper"] }));
    cluster({ groups: [{ name: "a" }], hosts: machines });
    expect((await out("m1")).services).toEqual(["a-1", "zookeeper-1"]);
    expect(await back("m1")).toMatchObject({ drained: false, services: ["zookeeper-1", "a-1"], down: [] });
    expect(hosts.calls().slice(2)).toEqual(["put-back zookeeper-1", "put-back a-1"]);
    expect((await readStatus(hosts.plan)).whole).toBe(true);
  });

  test("of a host that is not drained changes nothing", async () => {
    cluster(INTERLEAVED);
    expect(await back("host-1")).toMatchObject({ drained: false, services: [] });
    expect(hosts.calls()).toEqual([]);
  });

  test("does not wait for another host that is drained, and names it", async () => {
    cluster(INTERLEAVED);
    await out("host-1");
    await out("host-2", true);
    expect((await back("host-1")).down).toEqual(["host-2 is still drained: npx amq drain test host-2 --back"]);
  });

  test("fails with what is missing when the cluster does not become whole", async () => {
    cluster(INTERLEAVED);
    await out("host-1");
    writeFileSync(join(hosts.directory, "hosts", "host-2", "answers", "b-2", "role"), "down\n");
    await expect(back("host-1")).rejects.toThrow(/a-1, b-1 are started on host-1, but[^]*after 3 s[^]*b-2 is down/);
  });
});

test("what up says meanwhile names the hosts and the way back", () => {
  hosts = new FakeHosts(INTERLEAVED);
  expect(drainedMeanwhile(hosts.plan, ["b-2"])).toMatch(
    /^host-2: drained, and left alone[^]*\n {2}npx amq drain test host-2 --back\n[^]*npx amq forget test <host>/,
  );
});
