import { changeFrom } from "../../components/cluster/change";
import { plan } from "../../components/cluster/plan";
import { configOf, type Values } from "../config/raw";

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

it.each<[string, object, string]>([
  ["another image", { image: { id: "ami-0123456789abcdef1" } }, "aws.image.id"],
  ["other machines", { instanceTypes: { broker: "m7g.xlarge", zookeeper: "t4g.small" } }, "aws.instanceTypes.broker"],
  ["larger volumes", { volumes: { zookeeperDataGiB: 16 } }, "aws.volumes.zookeeperDataGiB"],
  ["another key pair", { login: { ...AWS.login, keyPair: "k" } }, "aws.login.keyPair"],
])("refuses what would stop all machines at once: %s", (_what, aws, path) => {
  const found = faults(aws);
  expect(found.map((fault) => fault.path)).toEqual([path]);
  expect(found[0]?.problem).toContain("all at once");
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
