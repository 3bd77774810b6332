import { plan } from "../../../core/plan/plan";
import { configOf, PROJECT, type Values, valuesOfFile } from "../../support/raw";
import { expectGolden } from "../../support/golden";
import { type ClusterPlan, groupNamed } from "../../../core/plan/model";

const planOf = (values: Values, stack = "test"): ClusterPlan => plan(stack, configOf(values));

const shipped = (stack: string) => valuesOfFile(PROJECT, "config", `Pulumi.${stack}.yaml`);
const REFERENCE_1 = valuesOfFile(PROJECT, "tests/support/fixtures", "reference-1.yaml");

describe("golden plans", () => {
  it.each([
    ["local", shipped("local")],
    ["duplex", shipped("duplex")],
    ["interleaved", shipped("interleaved")],
    ["oneway", shipped("oneway")],
    ["single", shipped("single")],
    ["jdbc", shipped("jdbc")],
    ["sharedkahadb", shipped("sharedkahadb")],
    ["spokes", shipped("spokes")],
    ["reference-1", REFERENCE_1],
  ])("%s", (stack, values) => {
    expectGolden(`tests/core/plan/golden/${stack}.json`, `${JSON.stringify(planOf(values, stack), null, 2)}\n`);
  });
});

/** The how-to's own words, written down here a second time so that no golden file can drift from them. */
describe("reference cluster 1", () => {
  const reference = planOf(REFERENCE_1);

  it.each([
    ["broker-a", 61619, 5675, 61643, 1886, "/activemq/leveldb-stores"],
    ["broker-b", 61719, 6675, 61743, 2886, "/activemq/leveldb-stores2"],
  ])("%s has its ports on all three hosts", (name, openwire, amqp, stomp, mqtt, zkPath) => {
    const group = groupNamed(reference, name);
    expect(group.brokers.map((broker) => broker.address)).toEqual(["192.168.2.86", "192.168.2.87", "192.168.2.88"]);
    for (const { ports } of group.brokers) {
      expect(ports).toMatchObject({ openwire, amqp, stomp, mqtt, replication: 0 });
    }
    expect([group.brokerName, group.zkPath]).toEqual([name, zkPath]);
  });

  it("has its ensemble", () => {
    expect(reference.ensemble?.connect).toBe("192.168.2.93:2281,192.168.2.93:2381,192.168.2.93:2481");
  });

  it("is joined by masterslave: from each side", () => {
    const uris = Object.fromEntries(reference.bridges.map((bridge) => [bridge.name, bridge.uri]));
    expect(Object.keys(uris)).toEqual(["broker-a-to-broker-b", "broker-b-to-broker-a"]);
    expect(uris["broker-a-to-broker-b"]).toMatch(
      /^masterslave:\(tcp:\/\/192\.168\.2\.86:61719\?.*,tcp:\/\/192\.168\.2\.87:61719\?.*,tcp:\/\/192\.168\.2\.88:61719\?/,
    );
  });

  it("moves to one machine with everything but its addresses and its unsafe settings", () => {
    const moved = planOf(shipped("interleaved"));
    expect(moved.hosts.map((host) => [host.name, host.services])).toEqual(
      reference.hosts.map((host) => [host.name, host.services]),
    );
    expect(moved.bridges.map((bridge) => bridge.name)).toEqual(reference.bridges.map((bridge) => bridge.name));
    expect(moved.groups.map((group) => group.zkPath)).toEqual(reference.groups.map((group) => group.zkPath));
    expect(moved.ensemble?.members.map((member) => member.ports.client)).toEqual([2281, 2381, 2481]);
    expect(moved.config.transports).toEqual(reference.config.transports);
    expect(moved.config.replicatedLevelDB.sync).toBe("quorum_disk");
  });
});

describe("reference cluster 2", () => {
  const reference = planOf(shipped("duplex"));

  it("has its ports and paths", () => {
    const openwire = (name: string) => groupNamed(reference, name).brokers.map((broker) => broker.ports.openwire);
    expect(openwire("group1")).toEqual([61616, 61617, 61618]);
    expect(openwire("group2")).toEqual([61619, 61620, 61621]);
    expect(reference.groups.map((group) => group.zkPath)).toEqual([
      "/activemq/leveldb-stores/group1",
      "/activemq/leveldb-stores/group2",
    ]);
    expect(reference.ensemble?.members.map(({ ports }) => [ports.client, ports.peer, ports.election])).toEqual([
      [2181, 2887, 3887],
      [2182, 2888, 3888],
      [2183, 2889, 3889],
    ]);
  });

  it("is joined from group1 only, both ways", () => {
    expect(reference.bridges).toMatchObject([{ from: "group1", to: "group2", duplex: true }]);
    expect(reference.bridges[0]?.uri).toMatch(/^static:\(/);
  });
});

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICGTNq2IzJW";

describe("warnings", () => {
  const LEVELDB: Values = { target: "local", groups: [{ name: "a" }, { name: "b" }] };
  const ssh = (members: number): Values => ({
    target: "ssh",
    store: "replicatedLevelDB",
    groups: [{ name: "a" }],
    hosts: Array.from({ length: 3 + members }, (_, i) => ({ name: `h${i}`, address: `10.0.0.${i}` })),
  });
  const KINDS = {
    losing: /lose acknowledged messages/,
    xa: /refuse XA transactions/,
    sync: /replicatedLevelDB\.sync/,
    random: /Replication port 0 of/,
    ephemeral: /32768 to 60999/,
    sharing: /ZooKeeper members share/,
    oneMachine: /survives dead processes/,
    alone: /no slaves/,
    unchecked: /No hostKey for/,
    rotating: /accept the passwords of generation 1 as well/,
    ended: /Release 5\.16 of ActiveMQ ended on 2023-03-18/,
    database: /every group waits/i,
    idle: /Nothing runs on/,
    uncounted: /nothing counts what is stored/,
    open: /release 5\.16 has and this configuration does not close: CVE-/,
  };
  const kindsOf = (values: Values) => {
    const { warnings } = planOf(values);
    const found = Object.entries(KINDS).filter(([, kind]) => warnings.some((warning) => kind.test(warning)));
    expect(found.length).toBe(warnings.length);
    return found.map(([name]) => name);
  };

  /** Of every stack with replicatedLevelDB. */
  const LOSING = ["losing", "xa", "ended", "open"] as const;
  it.each<[string, Values, (keyof typeof KINDS)[]]>([
    ["replicatedLevelDB on local", LEVELDB, [...LOSING, "oneMachine"]],
    ["kahaDB", { ...LEVELDB, store: "kahaDB", groups: [{ name: "a", brokers: 1 }] }, ["oneMachine", "alone"]],
    ["an unsafe sync", { ...LEVELDB, replicatedLevelDB: { sync: "local_disk" } }, [...LOSING, "sync", "oneMachine"]],
    [
      "a random port",
      { ...LEVELDB, groups: [{ name: "a", ports: { replication: 0 } }] },
      [...LOSING, "random", "oneMachine"],
    ],
    [
      "a port that connections take",
      { ...LEVELDB, groups: [{ name: "a", ports: { replication: 32768 } }] },
      [...LOSING, "ephemeral", "oneMachine"],
    ],
    [
      "the last port that connections do not take",
      { ...LEVELDB, groups: [{ name: "a", ports: { replication: 32767 } }] },
      [...LOSING, "oneMachine"],
    ],
    ["passwords that rotate", { ...LEVELDB, passwords: { generation: 2 } }, [...LOSING, "oneMachine", "rotating"]],
    [
      "passwords that have rotated",
      { ...LEVELDB, passwords: { generation: 2, acceptPrevious: false } },
      [...LOSING, "oneMachine"],
    ],
    ["jdbc in a server of ours", { ...LEVELDB, store: "jdbc" }, ["oneMachine", "database", "uncounted"]],
    ["a shared directory of ours", { ...LEVELDB, store: "sharedKahaDB" }, ["oneMachine"]],
    [
      "a shared directory on machines that exist",
      { ...ssh(3), store: "sharedKahaDB", sharedKahaDB: { directory: "/srv/mq" } },
      ["database", "idle", "unchecked"],
    ],
    [
      "jdbc in a database of the user's own",
      { ...LEVELDB, store: "jdbc", jdbc: { url: "jdbc:postgresql://db/mq", passwordFile: "/pw" } },
      ["oneMachine", "database", "uncounted"],
    ],
    ["three machines for ZooKeeper", ssh(3), [...LOSING, "unchecked"]],
    ["two machines for ZooKeeper", ssh(2), [...LOSING, "sharing", "unchecked"]],
    ["one machine for ZooKeeper", ssh(1), [...LOSING, "sharing", "unchecked"]],
  ])("of %s", (_what, values, kinds) => {
    expect(kindsOf(values).sort()).toEqual([...kinds].sort());
  });

  it("names the machines whose key nobody checks, the bastion included", () => {
    const values = ssh(3);
    const hosts = (values["hosts"] as object[]).map((host, i) => (i === 1 ? host : { ...host, hostKey: KEY }));
    const unchecked = (more: Values) =>
      planOf({ ...values, hosts, ...more }).warnings.filter((warning) => warning.includes("No hostKey"));
    expect(unchecked({})).toEqual([expect.stringContaining("No hostKey for h1:")]);
    expect(unchecked({ ssh: { bastion: { address: "10.0.0.99" } } })[0]).toContain("for h1, the bastion:");
    const all = hosts.map((host) => ({ ...host, hostKey: KEY }));
    expect(unchecked({ hosts: all, ssh: { bastion: { address: "10.0.0.99", hostKey: KEY } } })).toEqual([]);
  });

  it("name the groups with a random port", () => {
    const groups = [{ name: "a" }, { name: "b", ports: { replication: 0 } }];
    expect(planOf({ ...LEVELDB, groups }).warnings.find((warning) => warning.includes("port 0"))).toContain("of b:");
  });
});

describe("groupNamed", () => {
  it("finds a group or says which is not there", () => {
    const groups = planOf({ target: "local", groups: [{ name: "a" }] });
    expect(groupNamed(groups, "a").brokers.map((broker) => broker.name)).toEqual(["a-1", "a-2", "a-3"]);
    expect(() => groupNamed(groups, "b")).toThrow("no group b");
  });
});
