import { ConfigError } from "../../../config/faults";
import { parseConfig } from "../../../core/load/parseConfig";
import { configOf, faultsOf, faultsOfRaw, toRaw, type Values } from "../../support/raw";
import { ALL_TRANSPORTS } from "../../../core/products/transports";

const GOOD: Values = { target: "local", groups: [{ name: "a" }, { name: "b" }] };

describe("what is read", () => {
  it("fills in defaults", () => {
    expect(configOf(GOOD)).toMatchObject({
      target: "local",
      placement: "hostPerBroker",
      topology: "mesh",
      store: "replicatedLevelDB",
      release: "5.16",
      groups: [{ name: "a", brokers: 3, ports: {} }, { name: "b" }],
      zookeeper: { members: 3, ports: { client: 2181, peer: 2888, election: 3888 }, sessionTimeoutMillis: 10000 },
      users: [
        { name: "app", role: "application" },
        { name: "admin", role: "admin" },
      ],
      passwords: { generation: 1, acceptPrevious: true },
    });
  });

  it("takes text as it is and the rest as JSON, as the engine delivers them", () => {
    const raw = { target: "local", release: "5.16", directory: '{"a": 1}', groups: '[{"name":"a"}]' };
    expect(parseConfig("test", raw)).toMatchObject({ directory: '{"a": 1}', groups: [{ name: "a" }] });
  });

  it("is frozen through and through, and leaves the defaults of other configurations alone", () => {
    const config = configOf(GOOD);
    const frozen = (value: unknown): boolean =>
      typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(config)).toBe(true);
    expect(frozen(configOf({ ...GOOD, users: [{ name: "x" }] }))).toBe(true);
    expect(configOf(GOOD)).toEqual(config);
    expect(configOf(GOOD).users[0]).not.toBe(config.users[0]);
  });
});

type Row = readonly [what: string, change: Values, path: string, words: readonly string[]];

const ROWS: Row[] = [
  // unknown keys
  [
    "misspelt at the top",
    { plcement: "interleaved" },
    "plcement",
    ["no key `plcement`", "Did you mean `placement`", "write `placement`"],
  ],
  ["misspelt below", { limits: { heapMib: 512 } }, "limits.heapMib", ["in limits", "Did you mean `heapMiB`"]],
  [
    "misspelt in a list",
    { groups: [{ name: "a", port: {} }] },
    "groups[0].port",
    ["in groups[0]", "Did you mean `ports`"],
  ],
  ["like nothing", { cheese: "5" }, "cheese", ["no key `cheese`.", "the keys target, groups, hosts"]],
  [
    "a purpose that does not exist",
    { groups: [{ name: "a", ports: { admin: 8161 } }] },
    "groups[0].ports.admin",
    [[...ALL_TRANSPORTS, "replication", "metrics"].join(", ")],
  ],
  // known from how-tos, and refused
  ["pure master/slave", { topology: "pureMasterSlave" }, "topology", ["removed from ActiveMQ in 5.8", "brokers: 3"]],
  ["by a store", { store: "masterSlave" }, "store", ["removed from ActiveMQ in 5.8"]],
  [
    "by its connector",
    { groups: [{ name: "a", masterConnectorURI: "tcp://b:61616" }] },
    "groups[0].masterConnectorURI",
    ["removed from ActiveMQ in 5.8", "slaves that take over"],
  ],
  ["multicast", { topology: "multicast" }, "topology", ["EC2", "with its password", "mesh"]],
  ["by its URI", { discoveryUri: "multicast://default" }, "discoveryUri", ["carries no multicast"]],
  // missing
  [
    "a nameless group",
    { groups: [{ name: "a" }, {}] },
    "groups[1].name",
    ["`groups[1].name` is missing", "add `name` to groups[1]"],
  ],
  ["half a bridge", { topology: "custom", bridges: [{ from: "a" }] }, "bridges[0].to", ["is missing", "dialled"]],
  // wrong types
  [
    "text for a number",
    { zookeeper: { members: "3" } },
    "zookeeper.members",
    ["Expected a whole number, found text", "from 3 to 7", "write 3, without quotes"],
  ],
  ["words for a number", { zookeeper: { members: "three" } }, "zookeeper.members", ["the default, 3"]],
  [
    "text for a switch",
    { transports: { amqp: "on" } },
    "transports.amqp",
    ["Expected true or false, found text", "write true, without quotes"],
  ],
  ["a number for a switch", { transports: { amqp: 1 } }, "transports.amqp", ["found a number", "the default, false"]],
  [
    "a number for text",
    { users: [{ name: 7 }] },
    "users[0].name",
    ["Expected text, found a number", 'put it in quotes: "7"'],
  ],
  [
    "a number for a choice",
    { users: [{ name: "u", role: 7 }] },
    "users[0].role",
    ["Expected text, found a number", "`application` or `admin`"],
  ],
  [
    "nothing",
    { limits: { heapMiB: null } },
    "limits.heapMiB",
    ["found nothing", "give it a value, or remove the line"],
  ],
  ["a map for a list", { groups: { name: "a" } }, "groups", ["Expected a list, found a map", "after a dash"]],
  ["a list for a map", { limits: [] }, "limits", ["Expected a map, found a list"]],
  ["text for a map in a list", { groups: ["a"] }, "groups[0]", ["Expected a map, found text"]],
  [
    "a switch for ports",
    { zookeeper: { ports: { peer: true } } },
    "zookeeper.ports.peer",
    ["Expected a whole number or a list, found true", "from 1 to 65535, or a list"],
  ],
  [
    "text in a list of ports",
    { zookeeper: { ports: { peer: [1, "2", 3] } } },
    "zookeeper.ports.peer[1]",
    ["write 2, without quotes"],
  ],
  // sizes
  [
    "passwords before the first ones",
    { passwords: { generation: 0 } },
    "passwords.generation",
    ["0 is too small", "a whole number from 1", "the default, 1"],
  ],
  ["no groups", { groups: [] }, "groups", ["The list is empty", "add an entry"]],
  [
    "no roles",
    { target: "ssh", hosts: [{ name: "h", address: "h", roles: [] }] },
    "hosts[0].roles",
    ["The list is empty"],
  ],
  ["no ports", { zookeeper: { ports: { peer: [] } } }, "zookeeper.ports.peer", ["The list is empty"]],
  ["an empty folder", { directory: "" }, "directory", ["The text is empty", "remove the line"]],
  // ranges
  [
    "too small",
    { groups: [{ name: "a", ports: { openwire: 0 } }] },
    "groups[0].ports.openwire",
    ["0 is too small", "from 1 to 65535"],
  ],
  [
    "too large",
    { groups: [{ name: "a", ports: { openwire: 65536 } }] },
    "groups[0].ports.openwire",
    ["65536 is too large"],
  ],
  [
    "too large in a list of ports",
    { zookeeper: { ports: { peer: [1, 2, 65536] } } },
    "zookeeper.ports.peer[2]",
    ["65536 is too large"],
  ],
  [
    "broken numbers",
    { groups: [{ name: "a", brokers: 2.5 }] },
    "groups[0].brokers",
    ["2.5 is not a whole number", "from 1 to 9"],
  ],
  ["far too large", { groups: [{ name: "a", brokers: 1e300 }] }, "groups[0].brokers", ["too large"]],
  [
    "beyond what Java counts",
    { client: { maxInactivityMillis: 2 ** 31 } },
    "client.maxInactivityMillis",
    ["too large"],
  ],
  // forms
  [
    "a name with a blank",
    { groups: [{ name: "a b" }] },
    "groups[0].name",
    ["`a b` does not have the form", "letters, digits and hyphens"],
  ],
  ["no name", { groups: [{ name: "" }] }, "groups[0].name", ["The text is empty"]],
  ["a name that is too long", { groups: [{ name: "a".repeat(41) }] }, "groups[0].name", ["at most 40"]],
  [
    "a zkPath without a slash",
    { groups: [{ name: "a", zkPath: "x" }] },
    "groups[0].zkPath",
    ["absolute ZooKeeper path"],
  ],
  [
    "a zkPath that ends in one",
    { groups: [{ name: "a", zkPath: "/x/" }] },
    "groups[0].zkPath",
    ["absolute ZooKeeper path"],
  ],
  [
    "a zkPath that goes up",
    { groups: [{ name: "a", zkPath: "/x/../y" }] },
    "groups[0].zkPath",
    ["absolute ZooKeeper path"],
  ],
  [
    "an address with a port",
    { groups: [{ name: "a" }], placement: "hostPerGroup", hosts: [{ name: "h", address: "h:22" }] },
    "hosts[0].address",
    ["IPv4 address or a DNS name"],
  ],
  // choices
  [
    "a misspelt choice",
    { topology: "mash" },
    "topology",
    ["`mash` is not one of the choices", "Did you mean `mesh`", "write `mesh`"],
  ],
  [
    "no such choice",
    { topology: "ring" },
    "topology",
    ["`mesh`, `duplex`, `spokes`, `none` or `custom`", 'the default, "mesh"'],
  ],
  ["an empty choice", { target: "" }, "target", ["not one of the choices", "give it a value"]],
  [
    "one address of many to bind to",
    { replicatedLevelDB: { bindAddress: "10.0.0.1" } },
    "replicatedLevelDB.bindAddress",
    ["`0.0.0.0`"],
  ],
];

describe("what the schema refuses", () => {
  it.each(ROWS)("%s", (_what, change, path, words) => {
    const faults = faultsOf({ ...GOOD, ...change });
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    const [fault] = faults;
    const text = `${fault?.problem ?? ""}\n${fault?.allowed ?? ""}\n${fault?.fix ?? ""}`;
    for (const word of words) expect(text).toContain(word);
  });

  it("says of nothing at all that the required keys are missing", () => {
    const faults = faultsOf({});
    expect(faults.map(({ path, fix }) => `${path}: ${fix}`)).toEqual([
      "target: add the key `activemq:target`",
      "groups: add the key `activemq:groups`",
    ]);
    expect(faults.every((fault) => !("value" in fault))).toBe(true);
  });

  it.each([
    ["nothing", "", "The key has no value.", "give it a value"],
    ["text", "hello", "Expected a map, found text.", "write it as YAML"],
    ["JSON cut short", '{"heapMiB": 512', "The value is not valid JSON", "write it as YAML"],
    ["a number too large for JSON", '{"heapMiB": 1e999}', "The number is too large.", "the default, 256"],
  ])("%s where JSON is due", (_what, text, problem, fix) => {
    const [fault, ...more] = faultsOfRaw({ ...toRaw(GOOD), limits: text });
    expect(more).toEqual([]);
    expect(fault?.path).toMatch(/^limits/);
    expect(fault?.problem).toContain(problem);
    expect(fault?.fix).toContain(fix);
  });

  it("says once what is wrong with a required key that cannot be read", () => {
    const faults = faultsOfRaw({ target: "local", groups: "[" });
    expect(faults.map((fault) => fault.path)).toEqual(["groups"]);
    expect(faults[0]?.problem).toContain("not valid JSON");
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", ""])("the key %j", (key) => {
    const own = JSON.parse(`{${JSON.stringify(key)}: {"x": 1}}`) as Values;
    const raw = Object.fromEntries([...Object.entries(toRaw(GOOD)), [key, '{"x":1}']]);
    expect(faultsOfRaw(raw).map((fault) => fault.path)).toEqual([key]);
    const nested = { ...GOOD, limits: own, groups: [own, { name: "b" }] };
    expect(faultsOf(nested).map((fault) => fault.path)).toEqual([
      "groups[0].name",
      `groups[0].${key}`,
      `limits.${key}`,
    ]);
    expect(({} as Values)["x"]).toBeUndefined();
  });
});

describe("the report", () => {
  it("lists everything at once: unreadable values, faults of the schema and broken rules", () => {
    const faults = faultsOfRaw({
      ...toRaw({
        target: "local",
        topology: "custom",
        groups: [{ name: "a", brokers: 4 }, { name: "a", brokers: "3" }, { nam: "c" }],
        users: [{ name: "bridge" }],
        zookeeper: { members: 4, ports: { peer: [1, 2] } },
        colour: "red",
      }),
      limits: "{",
    });
    expect(faults.map((fault) => fault.path).sort()).toEqual([
      "bridges",
      "colour",
      "groups[0].brokers",
      "groups[1].brokers",
      "groups[1].name",
      "groups[2].nam",
      "groups[2].name",
      "limits",
      "users[0].name",
      "zookeeper.members",
      "zookeeper.ports.peer",
    ]);
  });

  it("reads as a paragraph for each fault", () => {
    const raw = toRaw({ ...GOOD, zookeeper: { members: 4 }, directory: "" });
    expect(() => parseConfig("config/Pulumi.x.yaml", raw)).toThrow(
      new ConfigError("config/Pulumi.x.yaml", faultsOfRaw(raw)),
    );
    expect(new ConfigError("config/Pulumi.x.yaml", faultsOfRaw(raw)).message).toBe(
      `config/Pulumi.x.yaml: 2 faults, nothing was changed
  directory = ""
    The text is empty.
    allowed: text
    fix: give it a value, or remove the line
  zookeeper.members = 4
    4 members survive no more losses than 3: a majority of an even number is one more.
    allowed: 3, 5 or 7
    fix: write 3 or 5`,
    );
  });

  it("cuts long values, and survives deep ones", () => {
    const long = new ConfigError("x", faultsOf({ ...GOOD, limits: ["y".repeat(5000)] })).message;
    expect(long.length).toBeLessThan(500);
    expect(long).toContain('limits = ["yyy');
    const deep = `${"[".repeat(20000)}${"]".repeat(20000)}`;
    expect(faultsOfRaw({ ...toRaw(GOOD), limits: deep }).map((fault) => fault.path)).toEqual(["limits"]);
  });
});
