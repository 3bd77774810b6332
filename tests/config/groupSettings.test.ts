import { activemqXml } from "../../core/render/activemq/activemqXml";
import { brokerService } from "../../core/render/activemq/service";
import { openVulnerabilities } from "../../core/plan/vulnerabilities";
import { planJson } from "../../operate/plan/plan";
import { planText } from "../../operate/plan/planText";
import { RUNTIMES, fileOf, first, planOf } from "../support/plans";
import { expectRow, groups, LOCAL, type Row } from "../core/load/rules/bases";
import { groupNamed } from "../../core/plan/model";

const plan = planOf({
  limits: { heapMiB: 512, storeMiB: 2048 },
  transports: { amqp: true, maximumConnections: 70 },
  groups: [
    { name: "a", limits: { heapMiB: 1024, tempMiB: 300 }, transports: { amqp: false, mqtt: true } },
    { name: "b" },
  ],
});

const service = (name: string) => {
  const group = groupNamed(plan, name);
  return brokerService(plan, group, first(group.brokers), RUNTIMES);
};
const xml = (name: string) => activemqXml(plan, groupNamed(plan, name), first(groupNamed(plan, name).brokers));

describe("what a group says itself replaces the cluster's, key by key", () => {
  it.each([
    ["a", "1024m", ["256 mb", "2048 mb", "300 mb"], ["openwire", "mqtt"]],
    ["b", "512m", ["128 mb", "2048 mb", "512 mb"], ["openwire", "amqp"]],
  ])("group %s", (name, heap, usages, transports) => {
    expect(fileOf(service(name), "run").text).toContain(`-Xmx${heap}`);
    const text = xml(name);
    expect(["memory", "store", "temp"].map((of) => new RegExp(`<${of}Usage limit="(.*?)"`).exec(text)?.[1])).toEqual(
      usages,
    );
    expect([...text.matchAll(/<transportConnector name="(\w+)"/g)].map(([, transport]) => transport)).toEqual(
      transports,
    );
    expect(text.match(/maximumConnections=70/g)).toHaveLength(2);
  });

  it("LevelDB's index is cached within the heap of its own brokers", () => {
    const unequal = planOf({
      limits: { heapMiB: 4096 },
      groups: [{ name: "a", limits: { heapMiB: 256 } }, { name: "b" }],
    });
    const cachesMiB = unequal.groups.map((group) => {
      const text = activemqXml(unequal, group, first(group.brokers));
      return Number(/name="indexCacheSize" value="(\d+)"/.exec(text)?.[1]) / (1024 * 1024);
    });
    expect(cachesMiB).toEqual([16, 256]);
  });

  it("the plan has it resolved, beside the configuration that its JSON prints", () => {
    const [a, b] = plan.groups;
    expect(a?.limits).toEqual({ heapMiB: 1024, memoryMiB: 256, storeMiB: 2048, tempMiB: 300 });
    expect(b?.transports).toMatchObject({ amqp: true, mqtt: false, maximumConnections: 70, maxFrameSizeMiB: 100 });
    expect(Object.keys(JSON.parse(JSON.stringify(a)) as object)).not.toContain("limits");
  });

  it("ports are opened and URLs lead where a transport is spoken", () => {
    expect(plan.groups.map(({ brokers }) => Object.keys(first(brokers).ports).sort())).toEqual([
      ["metrics", "mqtt", "openwire", "replication"],
      ["amqp", "metrics", "openwire", "replication"],
    ]);
    expect(plan.urls.transports?.mqtt?.everybody).toBe(
      "mqtt://127.0.0.1:1883,mqtt://127.0.0.1:1884,mqtt://127.0.0.1:1885",
    );
    expect(plan.urls.transports?.amqp?.everybody).toMatch(/amqp:\/\/127\.0\.0\.1:5672.*5674\)/);
  });

  it("with spokes, a role whose brokers do not speak a transport has no URL for it", () => {
    const role = (name: string, of: string, transports = {}) => ({ name, role: of, transports });
    const spokes = planOf({
      topology: "spokes",
      groups: [role("a", "producers", { stomp: true }), role("b", "consumers")],
    });
    expect(Object.keys(spokes.urls.transports?.stomp ?? {})).toEqual(["everybody", "groups", "producers"]);
  });

  it("a vulnerability is open when any group opens the way", () => {
    const open = (group: object) =>
      openVulnerabilities(planOf({ groups: [{ name: "a", ...group }, { name: "b" }] }).config).map(({ id }) => id);
    expect(open({ transports: { mqtt: true } })).toEqual(
      openVulnerabilities(planOf({ transports: { mqtt: true } }).config).map(({ id }) => id),
    );
    expect(open({ transports: { mqtt: true } }).length).toBeGreaterThan(open({}).length);
  });

  it("the plan says what holds for each group", () => {
    expect(planText(plan)).toMatch(
      /Group a\n.*\n +heap 1024 MiB; messages: 256 MiB in memory, 2048 MiB stored, 300 MiB temporary\n/,
    );
    expect(planJson(plan).groups).toEqual([
      {
        name: "a",
        limits: { heapMiB: 1024, memoryMiB: 256, storeMiB: 2048, tempMiB: 300 },
        maximumConnections: 70,
        maxFrameSizeMiB: 100,
      },
      {
        name: "b",
        limits: { heapMiB: 512, memoryMiB: 128, storeMiB: 2048, tempMiB: 512 },
        maximumConnections: 70,
        maxFrameSizeMiB: 100,
      },
    ]);
  });

  it("bridged groups that take frames of different size are named", () => {
    const unequal = { groups: [{ name: "a", limits: { heapMiB: 128 } }, { name: "b" }] };
    expect(planOf(unequal).warnings.join()).toContain("b up to 51.2 MiB, a up to 25.6 MiB");
    expect(planOf({ ...unequal, topology: "none" }).warnings.join()).not.toContain("different size");
    expect(planOf({ ...unequal, transports: { maxFrameSizeMiB: 20 } }).warnings.join()).not.toContain("different size");
  });
});

describe("rules", () => {
  it.each<Row>([
    [
      "memory beyond the group's heap",
      { ...LOCAL, limits: { memoryMiB: 150 }, groups: groups({}, { limits: { heapMiB: 200 } }) },
      ["groups[1].limits.memoryMiB"],
      ["up to 139", "raise groups[1].limits.heapMiB"],
    ],
    [
      "a store that no slave could join",
      { ...LOCAL, groups: groups({}, { limits: { storeMiB: 50000 } }) },
      ["groups[1].limits.storeMiB"],
      ["up to 40960"],
    ],
    [
      "a port of a transport that the group has turned off",
      {
        ...LOCAL,
        transports: { mqtt: true },
        groups: groups({ ports: { mqtt: 5000 } }, { transports: { mqtt: false }, ports: { mqtt: 6000 } }),
      },
      ["groups[1].ports.mqtt"],
      ["is off"],
    ],
    [
      "a port of a transport that only the group has",
      { ...LOCAL, groups: groups({}, { transports: { mqtt: true }, ports: { mqtt: 6000 } }) },
      [],
      [],
    ],
  ])("%s", (...row) => {
    expectRow(...row);
  });
});
