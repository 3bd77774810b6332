import { changedMachines, movedHosts } from "../../../core/change/awsChange";
import { changeFrom } from "../../../core/change/change";
import { plan } from "../../../core/plan/plan";
import { configOf, type Values } from "../../support/raw";

const AWS = {
  region: "eu-west-1",
  zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  image: { id: "ami-0123456789abcdef0" },
  instanceTypes: { broker: "m7g.large", zookeeper: "t4g.small" },
  login: { bastion: { cidrs: ["192.0.2.0/24"] } },
};
const planned = (aws: object = {}, more: Values = {}) =>
  plan(
    "prod",
    configOf({
      target: "aws",
      store: "replicatedLevelDB",
      groups: [{ name: "a" }, { name: "b" }],
      aws: { ...AWS, ...aws },
      ...more,
    }),
  );
const faults = (aws: object, more: Values = {}) => changeFrom(planned(), planned(aws, more)).faults;

it("lets through what AWS changes in place", () => {
  expect(
    faults({
      protect: false,
      tags: [{ key: "a", value: "b" }],
      login: { bastion: { cidrs: ["198.51.100.0/24"] }, cidrs: ["10.0.0.0/8"] },
    }),
  ).toEqual([]);
});

it.each<[string, object, string[]]>([
  ["another region", { region: "eu-west-2", zones: ["eu-west-2a", "eu-west-2b", "eu-west-2c"] }, ["aws.region"]],
  ["another zone of names", { dnsZone: "x.internal" }, ["aws.dnsZone"]],
  ["other addresses", { network: { cidr: "10.9.0.0/16" } }, ["aws.network.cidr"]],
  ["another key", { volumes: { kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/x" } }, ["aws.volumes.kmsKeyArn"]],
])("refuses what would make everything anew: %s", (_what, aws, paths) => {
  const found = faults(aws);
  expect(found.map(({ path }) => path)).toEqual(expect.arrayContaining(paths));
  expect(found.find(({ path }) => path === paths[0])?.problem).toContain("made anew");
});

it.each<[string, object, string[]]>([
  ["another image", { image: { id: "ami-0123456789abcdef1" } }, ["a-1", "a-2", "a-3", "zookeeper-1", "zookeeper-2"]],
  ["other broker machines", { instanceTypes: { broker: "m7g.xlarge", zookeeper: "t4g.small" } }, ["a-1", "b-3"]],
  ["other member machines", { instanceTypes: { broker: "m7g.large", zookeeper: "t4g.micro" } }, ["zookeeper-3"]],
])("lets through what changes one machine after the other: %s", (_what, aws, some) => {
  expect(faults(aws)).toEqual([]);
  expect(changedMachines(planned(), planned(aws))).toEqual(expect.arrayContaining(some));
});

it("knows whose machines a change makes anew, and whose not", () => {
  expect(changedMachines(planned(), planned({ volumes: { zookeeperDataGiB: 16 } }))).toEqual([]);
  const brokers = changedMachines(
    planned(),
    planned({ instanceTypes: { broker: "r7g.large", zookeeper: "t4g.small" } }),
  );
  expect(brokers.sort()).toEqual(["a-1", "a-2", "a-3", "b-1", "b-2", "b-3"]);
  // One that comes with a new group is no change of one that runs.
  const more = planned(
    { image: { id: "ami-0123456789abcdef1" } },
    { groups: [{ name: "a" }, { name: "b" }, { name: "c" }] },
  );
  expect(changedMachines(planned(), more).filter((host) => host.startsWith("c-"))).toEqual([]);
});

it("lets volumes grow, and not shrink", () => {
  expect(faults({ volumes: { brokerDataGiB: 60, zookeeperDataGiB: 16 } })).toEqual([]);
  const found = faults({ volumes: { brokerDataGiB: 40, zookeeperDataGiB: 4 } });
  expect(found.map(({ path }) => path)).toEqual(["aws.volumes.brokerDataGiB", "aws.volumes.zookeeperDataGiB"]);
});

it("lets a volume that is taken over have its own size, which the run before may have got wrong", () => {
  const smaller = { volumes: { brokerDataGiB: 40, zookeeperDataGiB: 4 } };
  const takenOver = (host: string) =>
    faults({ ...smaller, hosts: [{ name: host, volumeId: "vol-0123456789abcdef0" }] }).map(({ path }) => path);
  expect(takenOver("a-1")).toEqual(["aws.volumes.zookeeperDataGiB"]);
  expect(takenOver("zookeeper-1")).toEqual(["aws.volumes.brokerDataGiB"]);
});

it("makes another root disk with another machine only", () => {
  expect(faults({ volumes: { rootGiB: 20 } }).map(({ path }) => path)).toEqual(["aws.volumes.rootGiB"]);
  expect(faults({ volumes: { rootGiB: 20 }, image: { id: "ami-0123456789abcdef1" } })).toEqual([]);
});

it("refuses another key pair, with which nobody could log in to the machines that run", () => {
  const [fault, ...more] = faults({ login: { ...AWS.login, keyPair: "k" } });
  expect(more).toEqual([]);
  expect(fault).toMatchObject({
    path: "aws.login.keyPair",
    problem: expect.stringContaining("refuse the other key") as string,
  });
  // The key in a generated pair is the program's own.
  expect(fault?.fix).not.toContain("import-key-pair");
  const withPair = (keyPair: string) => planned({ login: { ...AWS.login, keyPair } });
  const [named] = changeFrom(withPair("old"), withPair("k")).faults;
  expect(named?.fix).toMatch(/keep old .*authorized_keys.*import-key-pair.*privateKeyFile.*replaces no machine/);
});

it("refuses to move machines, and says which block to write down", () => {
  const moved = faults({}, { groups: [{ name: "b" }] });
  expect(moved.map(({ path }) => path)).toEqual(Array.from({ length: 3 }, () => "groups[0].addressBlock"));
  expect(moved[0]?.problem).toBe(
    "Host b-1 is 10.0.32.30 in eu-west-1b and would become 10.0.0.20 in eu-west-1a: another machine with an empty volume.",
  );
  expect(faults({}, { groups: [{ name: "b", addressBlock: 1 }] })).toEqual([]);
});

it("refuses another order of the zones", () => {
  const found = faults({ zones: [...AWS.zones].reverse() });
  expect(new Set(found.map(({ path }) => path))).toEqual(new Set(["aws.zones"]));
  // A zone more moves the hosts of the turns after it.
  expect(new Set(faults({ zones: [...AWS.zones, "eu-west-1d"] }).map(({ path }) => path))).toEqual(
    new Set(["aws.zones"]),
  );
});

describe("a host that is moved to another zone", () => {
  const moved = (name: string, zone: string, more: object = {}) => ({ name, zone, ...more });
  // By turn: a-1 in eu-west-1a, a-2 in eu-west-1b, a-3 in eu-west-1c.
  const kept = { keepsVolumeOf: "eu-west-1a" };
  const paths = (hosts: object[], aws: object = {}, more: Values = {}) =>
    faults({ hosts, ...aws }, more).map(({ path }) => path);

  it("is let through when it is named, and its volume kept", () => {
    expect(faults({ hosts: [moved("a-1", "eu-west-1b", kept)] })).toEqual([]);
    expect(movedHosts(planned(), planned({ hosts: [moved("a-1", "eu-west-1b", kept)] }))).toEqual(["a-1"]);
    // One of each group, and a member: all that a lost zone had.
    const all = [
      moved("a-1", "eu-west-1b", kept),
      moved("b-3", "eu-west-1b", kept),
      moved("zookeeper-1", "eu-west-1c", kept),
    ];
    expect(faults({ hosts: all })).toEqual([]);
  });

  it("is refused where a protected volume would have to go", () => {
    expect(paths([moved("a-1", "eu-west-1b")])).toEqual(["aws.hosts[0].keepsVolumeOf"]);
    const unprotected = planned({ protect: false });
    expect(changeFrom(unprotected, planned({ protect: false, hosts: [moved("a-1", "eu-west-1b")] })).faults).toEqual(
      [],
    );
  });

  it("is refused beside another of its group, and beside machines that are replaced", () => {
    const two = [moved("a-1", "eu-west-1b", kept), moved("a-2", "eu-west-1a", { keepsVolumeOf: "eu-west-1b" })];
    expect(paths(two)).toEqual(["aws.hosts[0].zone"]);
    const image = { image: { id: "ami-0123456789abcdef1" } };
    expect(paths([moved("a-1", "eu-west-1b", kept)], image)).toEqual(["aws.hosts"]);
  });

  it("is refused where nobody else has its messages", () => {
    const alone: Values = { store: "kahaDB", groups: [{ name: "a", brokers: 1 }] };
    const before = planned({}, alone);
    const next = planned({ hosts: [moved("a-1", "eu-west-1b", kept)] }, alone);
    expect(changeFrom(before, next).faults.map(({ path }) => path)).toEqual(["aws.hosts[0].zone"]);
  });

  it("stays there: an entry that is left out would move it back", () => {
    const there = planned({ hosts: [moved("a-1", "eu-west-1b", kept)] });
    expect(changeFrom(there, planned()).faults.map(({ path }) => path)).toEqual(["groups[0].addressBlock"]);
    expect(changeFrom(there, planned({ hosts: [moved("a-1", "eu-west-1b")] })).faults).toEqual([]);
    const back = planned({ hosts: [moved("a-1", "eu-west-1a", { keepsVolumeOf: "eu-west-1b" })] });
    expect(changeFrom(there, back).faults.map(({ path }) => path)).toEqual(["aws.hosts[0].keepsVolumeOf"]);
    const forgotten = planned({ hosts: [moved("a-1", "eu-west-1b")] });
    expect(changeFrom(forgotten, back).faults).toEqual([]);
  });
});
