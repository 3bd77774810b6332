import { X509Certificate } from "node:crypto";
import { changeFrom } from "../../../../core/change/change";
import { plan } from "../../../../core/plan/plan";
import { portsOf } from "../../../../core/plan/database";
import { rdsAuthorities } from "../../../../core/plan/aws/rdsAuthorities";
import { planText } from "../../../../operate/plan/planText";
import { configOf, type Values } from "../../../support/raw";
import type { ClusterPlan } from "../../../../core/plan/model";

const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
const aws = (database: object, more: object = {}) => ({
  region: "eu-west-1",
  zones: ZONES,
  image: { id: "ami-0123456789abcdef0" },
  instanceTypes: { broker: "m7g.large" },
  login: { bastion: { cidrs: ["192.0.2.0/24"] } },
  database,
  ...more,
});
const planned = (database: object = {}, more: Values = {}): ClusterPlan =>
  plan(
    "prod",
    configOf({ target: "aws", store: "jdbc", groups: [{ name: "a", brokers: 3 }], aws: aws(database), ...more }),
  );

describe("the authorities of a region", () => {
  it("are AWS's own of today, and no other region's", () => {
    const found = rdsAuthorities("eu-central-1")?.match(/-----BEGIN[^]*?-----END CERTIFICATE-----/g) ?? [];
    expect(
      found.map((pem) => new X509Certificate(pem).subject.split("\n").find((line) => line.startsWith("CN="))),
    ).toEqual(["RSA2048", "RSA4096", "ECC384"].map((key) => `CN=Amazon RDS eu-central-1 Root CA ${key} G1`));
    for (const pem of found)
      expect(Date.parse(new X509Certificate(pem).validTo)).toBeGreaterThan(Date.parse("2060-01-01"));
  });

  it("are not made up", () => {
    expect(rdsAuthorities("eu-central-9")).toBeUndefined();
    expect(rdsAuthorities("eu-central")).toBeUndefined();
  });
});

it.each([
  ["jdbc:postgresql://db/mq", [5432]],
  ["jdbc:postgresql://db:5433/mq?x=1:2", [5433]],
  ["jdbc:postgresql://a:5433,b/mq", [5433, 5432]],
])("the ports of %s", (url, ports) => {
  expect(portsOf(url)).toEqual(ports);
});

describe("the plan", () => {
  it("needs no ensemble, and says so", () => {
    expect(planned().ensemble).toBeUndefined();
    expect(planned().aws?.machines.map(({ role }) => role)).toEqual(["broker", "broker", "broker"]);
    expect(planText(planned())).toContain("none: the database leases the mastership");
  });

  it.each<[string, object, Values, RegExp | undefined]>([
    ["nothing by default", {}, {}, undefined],
    ["one zone", { multiZone: false }, {}, /multiZone is false/],
    ["no backups", { backupDays: 0 }, {}, /backupDays is 0/],
    [
      "more connections than the class takes",
      { instanceClass: "db.t4g.micro" },
      { jdbc: { maxConnections: 40 } },
      /may open 120 .* takes about 100/,
    ],
    ["no more than it takes", { instanceClass: "db.t4g.micro" }, { jdbc: { maxConnections: 30 } }, undefined],
    ["a class of unknown memory", { instanceClass: "db.x2g.large" }, { jdbc: { maxConnections: 1000 } }, undefined],
  ])("warns of %s", (_what, database, more, words) => {
    const about = planned(database, more).warnings.filter((text) => /aws\.database|connections/.test(text));
    expect(about).toEqual(words === undefined ? [] : [expect.stringMatching(words)]);
  });

  it("warns of a given database outside of a VPC that is made", () => {
    const jdbc = { url: "jdbc:postgresql://db.lan/mq", passwordFile: "~/pw", cidrs: ["10.8.0.0/24"] };
    const values = { jdbc, aws: { ...aws({}), database: undefined } };
    expect(planned({}, values).warnings).toContainEqual(expect.stringContaining("nothing leads out of that"));
  });
});

describe("a database that runs", () => {
  const faults = (database: object, more: Values = {}) => {
    const change = changeFrom(planned({ engineVersion: "16.4", storageGiB: 100 }), planned(database, more));
    return [...change.faults, ...change.elsewhere];
  };

  it.each<[string, object]>([
    ["nothing", { engineVersion: "16.4", storageGiB: 100 }],
    [
      "a newer version, another class, a standby less, a larger disk",
      { engineVersion: "17.1", storageGiB: 200, instanceClass: "db.r7g.large", multiZone: false },
    ],
    ["versions that AWS keeps new", { engineVersion: "16", storageGiB: 100 }],
  ])("lets through %s", (_what, database) => {
    expect(faults(database)).toEqual([]);
  });

  it.each<[string, object, Values, string]>([
    ["an older version", { engineVersion: "16.3" }, {}, "aws.database.engineVersion"],
    ["an older major version", { engineVersion: "15" }, {}, "aws.database.engineVersion"],
    ["a smaller disk", { storageGiB: 99 }, {}, "aws.database.storageGiB"],
    ["another user", {}, { jdbc: { user: "mq" } }, "jdbc.user"],
    ["another port", {}, { jdbc: { port: 5433 } }, "jdbc.port"],
    ["a zone less", {}, { groups: [{ name: "a", brokers: 2 }] }, "aws.zones"],
    ["another store", {}, { store: "kahaDB", groups: [{ name: "a", brokers: 1 }] }, "store"],
  ])("refuses %s", (what, database, more, path) => {
    const same = { engineVersion: "16.4", storageGiB: 100, ...database };
    const values = what === "a zone less" ? { ...more, aws: aws(same, { zones: ZONES.slice(0, 2) }) } : more;
    const kahaDb = what === "another store" ? { ...values, aws: { ...aws({}), database: undefined } } : values;
    const found = faults(same, kahaDb);
    expect(found.map((fault) => fault.path)).toContain(path);
    for (const fault of found) expect([fault.problem, fault.allowed, fault.fix]).not.toContain("");
  });
});
