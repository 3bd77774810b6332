/** Lines of a run: what each command of the program is called there. */
import { stepName } from "../../../operate/terminal/progress";

const OWNERS = {
  cluster: "activemq:index:ActiveMqCluster",
  host: "activemq:index:ActiveMqCluster$activemq:index:Host",
  group: "activemq:index:ActiveMqCluster$activemq:index:BrokerGroup",
  ensemble: "activemq:index:ActiveMqCluster$activemq:index:ZooKeeperEnsemble",
  database: "activemq:index:ActiveMqCluster$activemq:index:DatabaseServer",
  site: "activemq:index:ActiveMqCluster$activemq:index:Ec2Site",
};

test.each([
  ["cluster", "activemq-runtime-classic-5.16", "runtime classic-5.16"],
  ["cluster", "activemq-change", "may the running cluster be changed so"],
  ["site", "activemq-ec2-a-1-then-a-2", "host a-2: whole, after a-1 came back"],
  ["ensemble", "activemq-zookeeper-pass1-zookeeper-1-then-a-1", "host a-1: brokers whole before the next member"],
  ["cluster", "activemq-preflight-a-1", "a-1: ports and Java"],
  ["group", "activemq-a-stage-a-1", "a-1: files"],
  ["ensemble", "activemq-zookeeper-stage-zookeeper-3", "zookeeper-3: files"],
  ["database", "activemq-database-stage-postgresql", "postgresql: files"],
  ["group", "activemq-a-credentials-a-1", "a-1: credentials"],
  ["group", "activemq-a-settle-a-1", "a-1: whole before the change"],
  ["group", "activemq-a-pass1-a-1", "a-1: healthy (pass 1, all but the master)"],
  ["group", "activemq-a-pass2-a-1", "a-1: healthy (pass 2, whoever is left)"],
  ["cluster", "activemq-bridges-a-1", "a-1: bridges"],
  ["host", "activemq-m-1-prepare", "host m-1: suits, has its script"],
  ["host", "activemq-m-1-setup", "host m-1: users, kernel settings, clock"],
  ["cluster", "activemq-m-1-upload-classic-5.16-0123456789ab", "host m-1: classic-5.16 uploaded"],
  ["cluster", "activemq-m-1-runtime-classic-5.16-0123456789ab", "host m-1: classic-5.16 installed"],
  // Groups that are called like parts of other names.
  ["group", "activemq-now-then-stage-now-then-1", "now-then-1: files"],
  ["group", "activemq-pre-stage-x-settle-pre-stage-x-2", "pre-stage-x-2: whole before the change"],
] as const)("a command of the %s, %s: %s", (owner, name, words) => {
  expect(stepName(`urn:pulumi:local::activemq::${OWNERS[owner]}$command:local:Command::${name}`)).toBe(words);
});

test("nobody waits for passwords and components", () => {
  const urn = (type: string, name: string) => `urn:pulumi:local::activemq::${OWNERS.cluster}$${type}::${name}`;
  expect(stepName(urn("random:index/randomPassword:RandomPassword", "activemq-password-user-app"))).toBeUndefined();
  expect(stepName(urn("activemq:index:Host", "activemq-share-1"))).toBeUndefined();
});
