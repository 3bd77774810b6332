import { LOCAL, expectRow, groups, type Row } from "./bases";
import type { Values } from "../../../support/raw";

const AWS = {
  region: "eu-west-1",
  zones: ["eu-west-1a", "eu-west-1b"],
  image: { id: "ami-0123456789abcdef0" },
  instanceTypes: { broker: "m7g.large" },
  login: { bastion: { cidrs: ["192.0.2.0/24"] } },
};
/** Brokers without members, and an RDS. */
const MADE: Values = { target: "aws", store: "jdbc", groups: groups({ brokers: 2 }), aws: AWS };
const made = (database: object, jdbc: object = {}): Values => ({ ...MADE, aws: { ...AWS, database }, jdbc });
const URL = "jdbc:postgresql://db.lan/mq";
const given = (jdbc: object): Values => ({ ...MADE, jdbc: { url: URL, passwordFile: "~/pw", ...jdbc } });

describe("rules of the database on target aws", () => {
  it.each<Row>([
    ["one that is made", MADE, [], []],
    ["one that is given", given({ cidrs: ["10.8.0.0/24"] }), [], []],
    ["a given one that is nowhere", given({}), ["jdbc.cidrs"], ["let in the subnets of aws.zones"]],
    ["a given one that is anywhere", given({ cidrs: ["0.0.0.0/0"] }), ["jdbc.cidrs[0]"], ["anybody on the internet"]],
    ["a network that is none", given({ cidrs: ["10.8.0.1/24"] }), ["jdbc.cidrs[0]"], ["is no network"]],
    ["networks of one that is made", made({}, { cidrs: ["10.8.0.0/24"] }), ["jdbc.cidrs"], ["remove the key"]],
    ["networks on another target", { ...LOCAL, store: "jdbc", jdbc: { cidrs: ["10.8.0.0/24"] } }, ["jdbc.cidrs"], []],
    [
      "settings of one that is given",
      { ...given({ cidrs: ["10.8.0.0/24"] }), aws: { ...AWS, database: {} } },
      ["aws.database"],
      ["none is made"],
    ],
    [
      "settings without the store",
      { ...MADE, store: "kahaDB", groups: groups({ brokers: 1 }), aws: { ...AWS, database: {} } },
      ["aws.database"],
      ["No group's store keeps anything", "store: jdbc"],
    ],
    ["one zone", { ...MADE, aws: { ...AWS, zones: ["eu-west-1a"] } }, ["aws.zones"], ["subnets in two zones"]],
    ["a disk that is never enlarged", made({ storageGiB: 100, maxStorageGiB: 100 }), [], []],
    [
      "a disk that AWS would not enlarge so little",
      made({ storageGiB: 100, maxStorageGiB: 105 }),
      ["aws.database.maxStorageGiB"],
      ["100, or 110 and more"],
    ],
    ["a user that RDS keeps", made({}, { user: "rdsadmin" }), ["jdbc.user"], ["not admin"]],
    ["a user with a hyphen", made({}, { user: "active-mq" }), ["jdbc.user"], ["underscores"]],
    ["a port that RDS does not take", made({}, { port: 543 }), ["jdbc.port"], ["below 1150"]],
    [
      "a region whose authorities nobody knows",
      { ...MADE, aws: { ...AWS, region: "xx-west-1", zones: ["xx-west-1a", "xx-west-1b"] } },
      ["jdbc.caCertificates"],
      ["truststore.pki.rds.amazonaws.com/xx-west-1/"],
    ],
    ["a version that is none", made({ engineVersion: "16.x" }), ["aws.database.engineVersion"], ['"16.9"']],
    ["a class that is none", made({ instanceClass: "m7g.large" }), ["aws.database.instanceClass"], ["db.m7g.large"]],
    [
      "members without a type",
      {
        ...MADE,
        store: "replicatedLevelDB",
        groups: groups({}),
        aws: { ...AWS, zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
      },
      ["aws.instanceTypes.zookeeper"],
      ["machines of their own"],
    ],
    [
      "a disk for what is spooled alone",
      { ...MADE, aws: { ...AWS, volumes: { brokerDataGiB: 6 } }, limits: { storeMiB: 40960, tempMiB: 4096 } },
      [],
      [],
    ],
    [
      "a disk too small for that",
      { ...MADE, aws: { ...AWS, volumes: { brokerDataGiB: 5 } }, limits: { tempMiB: 4096 } },
      ["aws.volumes.brokerDataGiB"],
      ["may store and spool 4096 MiB"],
    ],
  ])("%s", (...row) => {
    expectRow(...row);
  });
});
