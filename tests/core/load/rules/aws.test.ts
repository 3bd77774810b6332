import { configOf, faultsOf, type Values } from "../../../support/raw";
import { expectRow, groups, LOCAL, type Row } from "./bases";

const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
const AWS = {
  region: "eu-west-1",
  zones: ZONES,
  image: { id: "ami-0123456789abcdef0" },
  instanceTypes: { broker: "m7g.large", zookeeper: "t4g.small" },
  login: { bastion: { cidrs: ["192.0.2.0/24"] } },
};
/** Two groups of three on machines that the program makes. */
const BASE: Values = { target: "aws", store: "replicatedLevelDB", groups: groups({}), aws: AWS };
const without = (values: Values, key: string): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
const withAws = (change: object, more: Values = {}): Values => ({ ...BASE, aws: { ...AWS, ...change }, ...more });
const VPC = {
  vpcId: "vpc-01234567",
  publicSubnetId: "subnet-01234567",
  subnets: ZONES.map((zone, i) => ({ zone, id: `subnet-0000000${i}`, cidr: `10.1.${i}.0/24` })),
};
const withSubnets = (subnets: object[]) => withAws({ network: { ...VPC, subnets } });
const many = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `g${String.fromCharCode(97 + i)}` }));
const singles = (count: number): Values => ({
  store: "kahaDB",
  groups: many(count).map((group) => ({ ...group, brokers: 1 })),
});

describe("rules of target aws", () => {
  it.each<Row>([
    ["no section", without(BASE, "aws"), ["aws"], ["Pulumi.dev.yaml"]],
    ["the section on another target", { ...LOCAL, aws: AWS }, ["aws"], ["Target local"]],
    ["no store", without(BASE, "store"), ["store"], ["no default", "docs/stores.md"]],
    [
      "an endpoint twice",
      withAws({ network: { interfaceEndpoints: ["kms", "kms"] } }),
      ["aws.network.interfaceEndpoints[1]"],
      ["same service"],
    ],
    [
      "entries of hosts that are not there, twice, or nowhere",
      withAws({
        hosts: [
          { name: "c-1", zone: "eu-west-1b" },
          { name: "a-1", zone: "eu-west-1b", keepsVolumeOf: "eu-west-1b" },
          { name: "a-1", zone: "eu-west-1c" },
          { name: "a-2", zone: "eu-west-1f" },
        ],
      }),
      ["aws.hosts[0].name", "aws.hosts[1].keepsVolumeOf", "aws.hosts[2].name", "aws.hosts[3].zone"],
      ["no such host", "the same host", "none of aws.zones"],
    ],
    ["hosts", { ...BASE, hosts: [{ name: "h", address: "h.lan" }] }, ["hosts"], ["makes its own machines"]],
    ["a shared file system", { ...BASE, store: "sharedKahaDB" }, [], []],
    [
      "a shared file system that nobody shares",
      withAws({ fileSystem: { backups: true } }),
      ["aws.fileSystem"],
      ["No group's store shares a file system"],
    ],
    [
      "a shared file system of somebody else",
      { ...BASE, store: "sharedKahaDB", sharedKahaDB: { mount: "nfs.lan:/x" } },
      ["sharedKahaDB.mount"],
      ["makes a file system of its own"],
    ],
    ["ssh", { ...BASE, ssh: { user: "x" } }, ["ssh"], ["aws.login"]],
    ["no way to log in", withAws({ login: {} }), ["aws.login"], ["Nobody could log in"]],
    [
      "the internet at every host",
      withAws({ login: { cidrs: ["0.0.0.0/0"] } }),
      ["aws.login.cidrs[0]"],
      ["Anybody on the internet"],
    ],
    [
      "the internet in halves",
      withAws({ login: { cidrs: ["10.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1"] } }),
      ["aws.login.cidrs[1]", "aws.login.cidrs[2]"],
      ["Anybody on the internet"],
    ],
    [
      "what is no network",
      withAws({ login: { cidrs: ["10.0.0.1/8"], bastion: { cidrs: ["10.0.0.0/33"] } } }),
      ["aws.login.cidrs[0]", "aws.login.bastion.cidrs[0]"],
      ["is no network", "/32"],
    ],
    [
      "a key file of a pair that is generated",
      withAws({ login: { cidrs: ["10.0.0.0/8"], privateKeyFile: "~/.ssh/x" } }),
      ["aws.login.privateKeyFile"],
      ["a pair is generated"],
    ],
    [
      "tags that are taken",
      withAws({
        tags: [
          { key: "Name", value: "x" },
          { key: "aws:x", value: "x" },
          { key: "a", value: "x" },
          { key: "a", value: "y" },
        ],
      }),
      ["aws.tags[0].key", "aws.tags[1].key", "aws.tags[3].key"],
      ["sets this tag itself", "AWS keeps", "the same key"],
    ],
    [
      "a random replication port",
      { ...BASE, groups: groups({}, { ports: { replication: 0 } }) },
      ["groups[1].ports.replication"],
      ["security groups"],
    ],
    [
      "names that DNS cannot tell apart",
      { ...BASE, groups: groups({}, { name: "A" }) },
      ["groups[1].name"],
      ["capitals"],
    ],
    [
      "an address block elsewhere",
      { ...LOCAL, groups: groups({}, { addressBlock: 1 }) },
      ["groups[1].addressBlock"],
      ["aws"],
    ],
    [
      "an address block of shared hosts",
      { ...BASE, placement: "interleaved", groups: groups({}, { addressBlock: 1 }) },
      ["groups[1].addressBlock"],
      ["share the same hosts"],
    ],
    [
      "an address block that another group has by position",
      { ...BASE, groups: groups({}, {}, { addressBlock: 1 }) },
      ["groups[1].addressBlock"],
      ["Group a has block 1 as well, and by position"],
    ],
  ])("%s", (...row) => {
    expectRow(...row);
  });

  it.each<Row>([
    [
      "zones of another region, and twice",
      withAws({ zones: [...ZONES, "eu-west-2a", "eu-west-1a"] }),
      ["aws.zones[3]", "aws.zones[4]"],
      ["no zone of region eu-west-1", "aws.zones[0] is the same"],
    ],
    ["two zones", withAws({ zones: ZONES.slice(0, 2) }), ["aws.zones"], ["majority"]],
    ["a VPC too wide", withAws({ network: { cidr: "10.0.0.0/8" } }), ["aws.network.cidr"], ["wider than /16"]],
    // The hosts do not fit either: said, too.
    [
      "a VPC too narrow",
      withAws({ network: { cidr: "10.0.0.0/25" } }),
      ["aws.network.cidr", "aws.network.cidr"],
      ["an eighth"],
    ],
    [
      "a VPC that is no network",
      withAws({ network: { cidr: "10.0.0.9/16" } }),
      ["aws.network.cidr"],
      ["is no network"],
    ],
    [
      "addresses for a VPC that has some",
      withAws({ network: { ...VPC, cidr: "10.0.0.0/16" } }),
      ["aws.network.cidr"],
      ["exists, and has its addresses"],
    ],
    [
      "parts of a VPC that is made",
      withAws({
        network: { subnets: VPC.subnets, publicSubnetId: "subnet-01234567", routeTableIds: ["rtb-01234567"] },
      }),
      ["aws.network.subnets", "aws.network.publicSubnetId", "aws.network.routeTableIds"],
      ["Without vpcId"],
    ],
    [
      "a zone without a subnet",
      withSubnets(VPC.subnets.slice(1)),
      ["aws.network.subnets"],
      ["no subnet for eu-west-1a"],
    ],
    [
      "subnets in one zone, in none, over each other",
      withSubnets([
        ...VPC.subnets.slice(0, 2),
        { zone: "eu-west-1c", id: "subnet-00000009", cidr: "10.1.1.0/25" },
        { zone: "eu-west-1a", id: "subnet-00000010", cidr: "10.2.0.0/24" },
        { zone: "eu-west-1f", id: "subnet-00000011", cidr: "10.3.0.0/24" },
      ]),
      ["aws.network.subnets[2].cidr", "aws.network.subnets[3].zone", "aws.network.subnets[4].zone"],
      ["has addresses of aws.network.subnets[1]", "in the same zone", "No host goes"],
    ],
    [
      "no public subnet for the bastion",
      withAws({ network: { ...VPC, publicSubnetId: undefined } }),
      ["aws.network.publicSubnetId"],
      ["route to the internet"],
    ],
    [
      "a public subnet for no bastion",
      withAws({ network: VPC, login: { cidrs: ["10.0.0.0/8"] } }),
      ["aws.network.publicSubnetId"],
      ["no bastion"],
    ],
    [
      "types of the other architecture",
      withAws({
        instanceTypes: { broker: "m7i.large", zookeeper: "t3.small" },
        login: { bastion: { cidrs: ["192.0.2.0/24"], instanceType: "t3.nano" } },
      }),
      ["aws.instanceTypes.broker", "aws.instanceTypes.zookeeper", "aws.login.bastion.instanceType"],
      ["x86_64, and the image is arm64"],
    ],
    [
      "more hosts than addresses",
      withAws({ network: { cidr: "10.0.0.0/24" } }),
      ["aws.network.cidr"],
      ["no address for b-2 and 1 more", "number 31"],
    ],
    [
      "a disk smaller than its limits",
      withAws({ volumes: { brokerDataGiB: 6 } }),
      ["aws.volumes.brokerDataGiB"],
      ["a broker that may store and spool 4608 MiB", "7 or more"],
    ],
    [
      "a disk smaller than the limits of all its brokers",
      withAws({ volumes: { brokerDataGiB: 10 } }, { placement: "interleaved" }),
      ["aws.volumes.brokerDataGiB"],
      ["2 brokers that together", "11 or more"],
    ],
    [
      "more than seven machines of a placement group in a zone",
      withAws({}, { ...singles(22), placement: "hostPerGroup", topology: "none" }),
      ["aws.zones"],
      ["eu-west-1a would get 8 machines", "AWS starts 7"],
    ],
  ])("%s", (...row) => {
    expectRow(...row);
  });
});

describe("allowed on target aws", () => {
  it.each<[string, Values]>([
    ["the base", BASE],
    ["a VPC that exists", withAws({ network: VPC })],
    [
      "seven machines of a placement group in each zone",
      withAws({}, { ...singles(21), placement: "hostPerGroup", topology: "none" }),
    ],
    ["one zone where nothing is elected", withAws({ zones: ["eu-west-1b"] }, singles(2))],
    ["direct logins from a private network", withAws({ login: { cidrs: ["10.0.0.0/8"] } })],
    ["blocks in any order", { ...BASE, groups: groups({}, { addressBlock: 0 }, { addressBlock: 7 }) }],
    [
      "x86_64 throughout",
      withAws({
        image: { id: "ami-0123456789abcdef0", architecture: "x86_64" },
        instanceTypes: { broker: "m7i-flex.large", zookeeper: "t3a.small" },
      }),
    ],
    ["every kind of Graviton", withAws({ instanceTypes: { broker: "c7gn.large", zookeeper: "x2gd.medium" } })],
  ])("%s", (_what, values) => {
    expect(faultsOf(values)).toEqual([]);
  });

  it("is a bastion that the internet may knock at, with a warning", async () => {
    const { plan } = await import("../../../../core/plan/plan");
    const warningsOf = (values: Values) => plan("test", configOf(values)).warnings.join("\n");
    expect(warningsOf(withAws({ login: { bastion: { cidrs: ["0.0.0.0/0"] } } }))).toContain(
      "aws.login.bastion.cidrs has 0.0.0.0/0: anybody on the internet",
    );
    expect(warningsOf(BASE)).not.toContain("anybody");
    expect(warningsOf(withAws({ protect: false }))).toContain("aws.protect is false");
    expect(warningsOf({ ...BASE, placement: "hostPerGroup" })).toContain("one machine in one zone");
  });
});

it("says what is wrong elsewhere, too, while the store is not chosen and the login is broken", () => {
  const values = withAws({ login: "x", zones: [...ZONES, "eu-west-2a"] }, { groups: groups({ brokers: 2 }) });
  const paths = faultsOf(without(values, "store")).map(({ path }) => path);
  expect(paths.sort()).toEqual(["aws.login", "aws.zones[3]", "store"]);
});
