import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { plan } from "../../../core/plan/plan";
import { render } from "../../../core/render/render";
import type { Service } from "../../../core/host/service";
import { stacksOf } from "../../../core/load/stackNames";
import { RUNTIMES, fileOf, placeholdersIn } from "../../support/plans";
import { configOf, PROJECT, type Values, valuesOfFile } from "../../support/raw";
import { brokersOf, type ClusterPlan, servicesOf } from "../../../core/plan/model";

const GOLDEN = join(__dirname, "golden", "rendered");
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

const planOf = (name: string, values: Values): ClusterPlan => plan(name, configOf(values));
const shipped = (stack: string) => planOf(stack, valuesOfFile(PROJECT, "config", `Pulumi.${stack}.yaml`));
const reference1 = () => planOf("reference-1", valuesOfFile(PROJECT, "tests/support/fixtures", "reference-1.yaml"));
const rotating = () => planOf("rotating", valuesOfFile(PROJECT, "tests/support/fixtures", "rotating.yaml"));

/** Everything that is shipped or named by the how-tos. */
const ALL: readonly [string, () => ClusterPlan][] = [
  ...stacksOf(PROJECT).map((stack): [string, () => ClusterPlan] => [stack, () => shipped(stack)]),
  ["reference-1", reference1],
  ["rotating", rotating],
];

/** All of it is too much to read: one broker of each group (of the spokes, one of each role) and one member. */
const SKIPPED = ["b-1", "d-1", "e-1", "payments-1"];

const isTelling = ({ name, kind }: Service) =>
  (name.endsWith("-1") && !SKIPPED.includes(name)) || kind === "postgresql";

/** Files that do not differ between services of one release are taken once. */
const WHOLE: Readonly<Record<string, readonly string[]>> = {
  local: ["group1-1", "zookeeper-1"],
  single: ["group1-1"],
  jdbc: ["postgresql"],
};

function goldenFiles(name: string, services: readonly Service[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const service of services.filter(isTelling)) {
    const whole = WHOLE[name]?.includes(service.name) === true;
    for (const file of service.files) {
      const telling = ["activemq.xml", "database-ca.pem", "zoo.cfg"].includes(file.path);
      if (whole || telling) files.set(join(service.host, service.name, file.path), file.text);
    }
  }
  return files;
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe("golden files", () => {
  test.each<[string, () => ClusterPlan]>([
    ["local", () => shipped("local")],
    ["duplex", () => shipped("duplex")],
    ["spokes", () => shipped("spokes")],
    ["single", () => shipped("single")],
    ["jdbc", () => shipped("jdbc")],
    ["prod-jdbc", () => shipped("prod-jdbc")],
    ["prod-efs", () => shipped("prod-efs")],
    ["sharedkahadb", () => shipped("sharedkahadb")],
    ["reference-1", reference1],
    ["rotating", rotating],
  ])("%s", (name, make) => {
    const folder = join(GOLDEN, name);
    const rendered = goldenFiles(name, render(make(), RUNTIMES));
    if (UPDATE) {
      rmSync(folder, { recursive: true, force: true });
      for (const [path, text] of rendered) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    }
    expect(filesBelow(folder)).toEqual([...rendered.keys()].sort());
    for (const [path, text] of rendered) expect(text).toBe(readFileSync(join(folder, path), "utf8"));
  });
});

describe("reference cluster 1, its settings to the letter", () => {
  const services = new Map(render(reference1(), RUNTIMES).map((service) => [service.name, service]));
  const xml = (name: string) => {
    const service = services.get(name);
    if (service === undefined) throw new Error(`no ${name}`);
    return fileOf(service, "activemq.xml").text;
  };

  test.each([
    ["broker-a-1", "192.168.2.86", { tcp: 61619, amqp: 5675, stomp: 61643, mqtt: 1886, ws: 61644 }],
    ["broker-b-3", "192.168.2.88", { tcp: 61719, amqp: 6675, stomp: 61743, mqtt: 2886, ws: 61744 }],
  ])("%s listens where it should", (name, address, ports) => {
    for (const [scheme, port] of Object.entries(ports)) {
      expect(xml(name)).toContain(
        `"${scheme}://${address}:${port}?maximumConnections=1000&amp;wireFormat.maxFrameSize=104857600`,
      );
    }
  });

  test.each([
    ["broker-a-2", "/activemq/leveldb-stores"],
    ["broker-b-2", "/activemq/leveldb-stores2"],
  ])("%s has its store", (name, zkPath) => {
    for (const setting of [
      'name="directory" value="${activemq.data}/leveldb"',
      'name="replicas" value="3"',
      'name="bind" value="tcp://0.0.0.0:0"',
      'name="hostname" value="192.168.2.87"',
      'name="sync" value="local_disk"',
      `name="zkPath" value="${zkPath}"`,
      'name="zkAddress" value="192.168.2.93:2281,192.168.2.93:2381,192.168.2.93:2481"',
    ]) {
      expect(xml(name)).toContain(setting);
    }
  });

  test("both sides dial each other by masterslave:", () => {
    expect(xml("broker-a-1")).toMatch(/name="broker-a-to-broker-b"\s+uri="masterslave:\(tcp:\/\/192\.168\.2\.86:61719/);
    expect(xml("broker-b-1")).toMatch(/name="broker-b-to-broker-a"\s+uri="masterslave:\(tcp:\/\/192\.168\.2\.86:61619/);
  });
});

describe("reference cluster 2, its settings to the letter", () => {
  const services = new Map(render(shipped("duplex"), RUNTIMES).map((service) => [service.name, service]));

  test("six brokers, one connector, and the how-to's zoo.cfg", () => {
    expect([...services.values()].filter((service) => service.kind === "classic").map((s) => s.listens[0])).toEqual(
      [61616, 61617, 61618, 61619, 61620, 61621].map((port) => `127.0.0.1:${port}`),
    );
    const text = [...services.values()].map((service) => service.files[0]?.text ?? "");
    expect(text.filter((each) => each.includes("<networkConnector name="))).toHaveLength(3);
    const member = [...services.values()].find((service) => service.kind === "zookeeper");
    const cfg = member?.files.find((file) => file.path === "zoo.cfg")?.text;
    for (const line of [
      "tickTime=2000",
      "initLimit=10",
      "syncLimit=5",
      "clientPort=2181",
      ":2887:3887",
      ":2888:3888",
    ]) {
      expect(cfg).toContain(line);
    }
  });
});

describe.each(ALL)("%s", (_, make) => {
  const planned = make();
  const services = render(planned, RUNTIMES);

  test("has a service for every broker and member, in the plan's order, where the plan has them", () => {
    const rows = servicesOf(planned);
    expect(services.map((service) => [service.name, service.host])).toEqual(rows.map((row) => [row.name, row.host]));
  });

  test("renders the same twice", () => {
    expect(render(make(), RUNTIMES)).toEqual(services);
  });

  test("names secrets and holds none", () => {
    for (const service of services) {
      for (const { path, text } of service.files) {
        // Whatever follows a word that announces a secret is a placeholder.
        for (const [, value] of text.matchAll(
          /(?:password|securityToken" value|entry key="[^"]*" value)="([^"]*)"/gi,
        )) {
          expect([service.name, path, value]).toEqual([
            service.name,
            path,
            expect.stringMatching(/^\$\{[a-zA-Z.0-9-]+\}$/),
          ]);
        }
      }
      if (service.kind !== "classic") continue;
      const secrets = placeholdersIn(fileOf(service, "activemq.xml").text).filter(
        (key) => !key.startsWith("activemq."),
      );
      expect(secrets).toEqual([...service.credentials].sort());
    }
  });

  test("no two services listen on one address and port", () => {
    const listens = services.flatMap((service) =>
      service.listens.map((listen) =>
        planned.config.target === "local" || !listen.startsWith("127.") ? listen : `${service.host} ${listen}`,
      ),
    );
    expect(listens.filter((listen) => !listen.startsWith("0.0.0.0"))).toEqual([...new Set(listens)]);
  });

  test("every bridge of the plan is at every broker of its group, and nowhere else", () => {
    for (const broker of brokersOf(planned)) {
      const own = planned.bridges.filter((bridge) => bridge.from === broker.group).map((bridge) => bridge.name);
      expect(services.find((service) => service.name === broker.name)?.bridges).toEqual(own);
    }
  });

  test("texts are whole lines, and nothing in them is undefined", () => {
    for (const { text } of services.flatMap((service) => service.files)) {
      expect(text).toMatch(/[^\n]\n$/);
      expect(text).not.toMatch(/undefined|\[object |[=":]NaN/);
    }
  });
});

test("a change that concerns one group leaves the files of the others as they are", () => {
  const values = valuesOfFile(PROJECT, "config", "Pulumi.local.yaml");
  const [one, two] = values["groups"] as [Values, Values];
  const files = (changed: Values) =>
    new Map(render(planOf("local", changed), RUNTIMES).map((service) => [service.name, service.files]));
  const before = files(values);
  const after = files({ ...values, groups: [{ ...one, zkPath: "/elsewhere" }, two] });
  const changed = [...before.keys()].filter(
    (name) => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)),
  );
  expect(changed).toEqual(["group1-1", "group1-2", "group1-3"]);
});
