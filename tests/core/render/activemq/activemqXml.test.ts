import { create } from "xmlbuilder2";
import { brokerService } from "../../../../core/render/activemq/service";
import { RUNTIMES, fileOf, first, placeholdersIn, planOf } from "../../../support/plans";
import { type ClusterPlan, groupNamed } from "../../../../core/plan/model";

type Node = Record<string, unknown>;

/** The rendered file as nested objects: `@name` for attributes, lists for what occurs more than once. */
function parsed(plan: ClusterPlan, groupName = "a"): { text: string; beans: Node; broker: Node } {
  const group = groupNamed(plan, groupName);
  const { text } = fileOf(brokerService(plan, group, first(group.brokers), RUNTIMES), "activemq.xml");
  const beans = beansOf(text);
  return { text, beans, broker: beans["broker"] as Node };
}

function beansOf(text: string): Node {
  const json = create(text.replace(/<!--[\s\S]*?-->/g, "")).end({ format: "json" });
  // The JSON writer leaves references as they are in XML.
  const decoded = (_key: string, value: unknown) => (typeof value === "string" ? decode(value) : value);
  return (JSON.parse(json, decoded) as { beans: Node }).beans;
}

function decode(value: string): string {
  return value.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

/** What is at a path of element names; every step must be there once. */
function at(node: Node, path: string): Node {
  return path.split("/").reduce((current, step) => {
    const next = current[step];
    if (next === undefined || Array.isArray(next)) throw new Error(`no single ${step} in ${path}`);
    return (next === "" ? {} : next) as Node;
  }, node);
}

/** Who may read, write and administer each destination: `queue >` and so on. */
function rightsOf(beans: Node): Map<string, unknown[]> {
  const map = list(beans, "bean").find((bean) => bean["@id"] === "authorizationMap") ?? {};
  const entries = (list(map, "property")[0]?.["list"] as Node)["authorizationEntry"] as Node[];
  return new Map(
    entries.map((entry) => [
      `${"@queue" in entry ? "queue" : "topic"} ${String(entry["@queue"] ?? entry["@topic"])}`,
      [entry["@read"], entry["@write"], entry["@admin"]],
    ]),
  );
}

function list(node: Node, name: string): Node[] {
  const found = node[name];
  return found === undefined ? [] : ([found].flat() as Node[]);
}

/** The properties of a Spring bean, by name. */
const propertiesOf = (bean: Node) =>
  Object.fromEntries(list(bean, "property").map((each) => [each["@name"], each["@value"]])) as Node;
const storeBeanOf = (broker: Node) => at(broker, "persistenceAdapter/bean");
const storeOf = (broker: Node) => propertiesOf(storeBeanOf(broker));

/** What a property of a Spring bean is set to when that is a bean, too. */
const innerBeanOf = (bean: Node, name: string) => at(first(list(bean, "property").filter((each) => each["@name"] === name)), "bean"); // prettier-ignore

const policies = (broker: Node) =>
  new Map(
    list(at(broker, "destinationPolicy/policyMap/policyEntries"), "policyEntry").map((entry) => [
      `${"@queue" in entry ? "queue" : "topic"} ${String(entry["@queue"] ?? entry["@topic"])}`,
      entry,
    ]),
  );

describe("the defaults", () => {
  const { beans, broker, text } = parsed(planOf({}));

  test("nobody gets in without a password, and passwords are not in the file", () => {
    const authentication = at(broker, "plugins/simpleAuthenticationPlugin");
    expect(authentication["@anonymousAccessAllowed"]).toBe("false");
    expect(list(at(authentication, "users"), "authenticationUser")).toEqual([
      { "@username": "app", "@password": "${user.app.password}", "@groups": "applications" },
      { "@username": "admin", "@password": "${user.admin.password}", "@groups": "admins" },
      { "@username": "bridge", "@password": "${bridge.password}", "@groups": "bridges" },
    ]);
  });

  test("rights: dead letters and the product's names are the admins', advisories cannot be forged", () => {
    const everybody = "applications,bridges,admins";
    const kept = "bridges,admins";
    expect(Object.fromEntries(rightsOf(beans))).toEqual({
      "queue >": [everybody, everybody, everybody],
      "topic >": [everybody, everybody, everybody],
      "queue DLQ.>": [kept, kept, kept],
      "queue ActiveMQ.>": [kept, kept, kept],
      "topic ActiveMQ.>": [kept, kept, kept],
      "topic ActiveMQ.Advisory.>": [everybody, "admins", everybody],
    });
    const [strict] = list(at(broker, "plugins"), "bean");
    expect(strict?.["property"]).toEqual({ "@name": "map", "@ref": "authorizationMap" });
  });

  test("the store waits for a majority's disk, and does not drop a client's resend", () => {
    expect(at(broker, "persistenceAdapter/bean")["@class"]).toBe("activemq.cluster.GroupStore");
    expect(storeOf(broker)).toEqual({
      directory: "${activemq.data}/leveldb",
      replicas: "3",
      bind: "tcp://127.0.0.1:62616",
      hostname: "127.0.0.1",
      container: "a-1",
      zkAddress: "127.0.0.1:2181,127.0.0.1:2182,127.0.0.1:2183",
      zkPath: "/activemq/leveldb-stores/a",
      zkSessionTimeout: "10s",
      securityToken: "${replication.token}",
      sync: "quorum_disk",
      maxFailoverProducersToTrack: "0",
      indexFactory: "org.iq80.leveldb.impl.Iq80DBFactory",
      indexCompression: "none",
      indexCacheSize: "16777216",
      logSize: "104857600",
    });
  });

  test("the watchdog comes before the broker and knows what the store knows", () => {
    expect(text.indexOf('id="electionWatchdog"')).toBeGreaterThan(0);
    expect(text.indexOf('id="electionWatchdog"')).toBeLessThan(text.indexOf("<broker "));
    const bean = list(beans, "bean").find((candidate) => candidate["@id"] === "electionWatchdog") ?? {};
    expect(bean).toMatchObject({ "@init-method": "start", "@destroy-method": "stop" });
    expect(propertiesOf(bean)).toEqual({
      zkAddress: "127.0.0.1:2181,127.0.0.1:2182,127.0.0.1:2183",
      zkPath: "/activemq/leveldb-stores/a",
      replicas: "3",
      brokerName: "a",
      memberName: "a-1",
      sessionTimeoutMillis: "10000",
      stuckAfterSeconds: "20",
      stateFile: "${activemq.data}/watchdog.state",
    });
  });

  test("no web console, no Jolokia, no JMX port, no scheduler, a full disk stops it", () => {
    expect(text).not.toMatch(/jetty|jolokia|webapp|<import/i);
    expect(at(broker, "managementContext/managementContext")["@createConnector"]).toBe("false");
    expect(broker["@schedulerSupport"]).toBe("false");
    expect(at(broker, "ioExceptionHandler/defaultIOExceptionHandler")["@ignoreNoSpaceErrors"]).toBe("false");
  });

  test("limits suit the heap, and a full queue leaves room for the others", () => {
    const usage = at(broker, "systemUsage/systemUsage");
    expect(usage["@sendFailIfNoSpaceAfterTimeout"]).toBe("30000");
    expect(at(usage, "memoryUsage/memoryUsage")).toEqual({ "@limit": "64 mb" });
    expect(at(usage, "storeUsage/storeUsage")).toEqual({ "@limit": "4096 mb" });
    expect(at(usage, "tempUsage/tempUsage")).toEqual({ "@limit": "512 mb" });
    for (const [name, entry] of policies(broker)) {
      if (name !== "topic ActiveMQ.Advisory.>") expect(entry["@memoryLimit"]).toBe("8 mb");
    }
  });

  test("idle destinations go, dead letters and virtual subscribers stay", () => {
    const collected = [...policies(broker)].map(([name, entry]) => [name, entry["@gcInactiveDestinations"] === "true"]);
    expect(Object.fromEntries(collected)).toEqual({
      "queue >": true,
      "queue Consumer.*.VirtualTopic.>": false,
      "queue DLQ.>": false,
      "queue ActiveMQ.>": false,
      "queue ActiveMQ.Trial.>": false,
      "topic >": true,
      "topic ActiveMQ.Advisory.>": true,
    });
    expect(Number(broker["@schedulePeriodForDestinationPurge"])).toBeGreaterThan(0);
  });

  test("every destination has dead letters of its own, below one name", () => {
    const strategy = (name: string) => at(policies(broker).get(name) ?? {}, "deadLetterStrategy");
    const common = { "@processNonPersistent": "false", "@processExpired": "false", "@enableAudit": "false" };
    expect(at(strategy("queue >"), "individualDeadLetterStrategy")).toEqual({ "@queuePrefix": "DLQ.", ...common });
    expect(at(strategy("topic >"), "individualDeadLetterStrategy")).toEqual({
      "@topicPrefix": "DLQ.Topic.",
      ...common,
    });
  });

  test("slow topic consumers and absent durable subscribers are bounded", () => {
    const topics = policies(broker).get("topic >") ?? {};
    const backlogs = { "@class": "activemq.cluster.BridgeBacklogs" };
    expect(at(topics, "pendingMessageLimitStrategy/bean")).toMatchObject({
      ...backlogs,
      property: { "@name": "limit", "@value": "1000" },
    });
    expect(at(topics, "pendingSubscriberPolicy/bean")).toMatchObject(backlogs);
    const alone = policies(parsed(planOf({ groups: [{ name: "a" }] }), "a").broker).get("topic >") ?? {};
    expect(at(alone, "pendingMessageLimitStrategy/constantPendingMessageLimitStrategy")["@limit"]).toBe("1000");
    expect(alone["pendingSubscriberPolicy"]).toBeUndefined();
    expect(topics["@topicPrefetch"]).toBe("1000");
    expect(broker["@offlineDurableSubscriberTimeout"]).toBe(String(7 * 24 * 3_600_000));
    expect(policies(broker).get("topic ActiveMQ.Advisory.>")?.["pendingMessageLimitStrategy"]).toBeUndefined();
  });
});

describe("bridges", () => {
  test("the group that a message of a virtual topic is sent to copies it to queues, as a group without bridges does", () => {
    const path = "destinationInterceptors/virtualDestinationInterceptor/virtualDestinations/virtualTopic";
    expect(at(parsed(planOf({}), "a").broker, path)).toEqual({ "@name": "VirtualTopic.>", "@local": "true" });
    expect(parsed(planOf({ groups: [{ name: "a" }] }), "a").broker["destinationInterceptors"]).toBeUndefined();
  });

  test("mesh: each group dials the other as the bridge user", () => {
    const plan = planOf({});
    for (const [from, to] of [
      ["a", "b"],
      ["b", "a"],
    ] as const) {
      const connector = at(parsed(plan, from).broker, "networkConnectors/networkConnector");
      expect(connector).toMatchObject({
        "@name": `${from}-to-${to}`,
        "@duplex": "false",
        "@userName": "bridge",
        "@password": "${bridge.password}",
        "@consumerTTL": "1",
        "@messageTTL": "4",
        "@decreaseNetworkConsumerPriority": "true",
        "@uri": plan.bridges.find((bridge) => bridge.from === from)?.uri,
      });
    }
  });

  test("duplex: only the first group has a connector, both bring stuck messages back", () => {
    const plan = planOf({ topology: "duplex" });
    expect(at(parsed(plan, "a").broker, "networkConnectors/networkConnector")["@duplex"]).toBe("true");
    expect(parsed(plan, "b").broker["networkConnectors"]).toBeUndefined();
    for (const name of ["a", "b"]) {
      const queues = policies(parsed(plan, name).broker).get("queue >") ?? {};
      expect(queues["@enableAudit"]).toBe("false");
      expect(at(queues, "networkBridgeFilterFactory/bean")).toMatchObject({
        "@class": "activemq.cluster.ReplayFilterFactory",
        property: { "@name": "stayMillis", "@value": "1000" },
      });
    }
  });

  test("whoever dials starts a connector anew whose bridge stays away", () => {
    const plan = planOf({ topology: "duplex" });
    const watchdogs = (name: string) =>
      list(at(parsed(plan, name).broker, "plugins"), "bean").filter(
        (bean) => bean["@class"] === "activemq.cluster.BridgeWatchdog",
      );
    expect(watchdogs("a")).toHaveLength(1);
    expect(watchdogs("b")).toEqual([]);
  });

  test("what is kept from a bridge is, in the order that the schema has, and its user has no right to it", () => {
    const plan = planOf({
      excludedDestinations: ["queue://local.>", "topic://t.*"],
      dynamicallyIncludedDestinations: ["queue://>"],
    });
    const { beans, broker, text } = parsed(plan);
    const connector = at(broker, "networkConnectors/networkConnector");
    expect(Object.keys(connector).filter((key) => !key.startsWith("@"))).toEqual([
      "dynamicallyIncludedDestinations",
      "excludedDestinations",
    ]);
    expect(at(connector, "dynamicallyIncludedDestinations/queue")).toEqual({ "@physicalName": ">" });
    const [, excluded = ""] = /<excludedDestinations>([^]*?)<\/excludedDestinations>/.exec(text) ?? [];
    expect(
      [...excluded.matchAll(/<(\w+) physicalName="(.*?)"/g)].map(([, kind, name]) => `${kind} ${decode(name ?? "")}`),
    ).toEqual(["queue local.>", "queue DLQ.local.>", "topic t.*", "queue DLQ.Topic.t.*", "queue ActiveMQ.Trial.>"]);
    const rights = rightsOf(beans);
    const thrice = (who: string) => [who, who, who];
    expect(rights.get("queue >")).toEqual(thrice("applications,bridges,admins"));
    expect(rights.get("queue local.>")).toEqual(thrice("applications,admins"));
    expect(rights.get("queue DLQ.>")).toEqual(thrice("bridges,admins"));
    expect(rights.get("queue DLQ.local.>")).toEqual(thrice("admins"));
    expect([...rights.keys()].filter((key) => key.includes("*"))).toEqual([]);
  });

  test("when no queue crosses, bridges have no right to any", () => {
    const rights = rightsOf(parsed(planOf({ excludedDestinations: ["queue://>"] })).beans);
    expect(rights.get("queue >")?.[0]).toBe("applications,admins");
    expect(rights.get("queue DLQ.>")?.[0]).toBe("admins");
    expect(rights.get("topic >")?.[0]).toBe("applications,bridges,admins");
    expect(rights.size).toBe(6);
  });

  test("without bridges the duplicate audit stays on", () => {
    const queues = policies(parsed(planOf({ topology: "none" })).broker).get("queue >") ?? {};
    expect(queues["@enableAudit"]).toBeUndefined();
    expect(queues["networkBridgeFilterFactory"]).toBeUndefined();
  });
});

describe("kahaDB", () => {
  const { beans, broker } = parsed(planOf({ store: "kahaDB", groups: [{ name: "a", brokers: 1 }] }));

  test("syncs and checks its journal, and needs no watchdog", () => {
    expect(storeBeanOf(broker)["@class"]).toBe("activemq.cluster.FileStore");
    expect(storeOf(broker)).toMatchObject({
      directory: "${activemq.data}/kahadb",
      journalDiskSyncStrategy: "always",
      checksumJournalFiles: "true",
    });
    expect(list(beans, "bean").map((bean) => bean["@id"])).not.toContain("electionWatchdog");
  });
});

describe("jdbc", () => {
  const URL = "jdbc:postgresql://db.lan:5433/mq?sslmode=verify-full&socketTimeout=30";
  const plan = planOf({ store: "jdbc", jdbc: { url: URL, passwordFile: "/pw", user: "mq" } });
  const { beans, broker } = parsed(plan);
  const store = storeBeanOf(broker);

  test("a connection to a dead server fails within seconds, unless the user says otherwise", () => {
    const pool = list(beans, "bean").find((bean) => bean["@id"] === "database");
    expect(propertiesOf(pool ?? {})).toMatchObject({
      url: `${URL}&connectTimeout=5&tcpKeepAlive=true&ApplicationName=a-1`,
      username: "mq",
      password: "${jdbc.password}",
      testOnBorrow: "true",
    });
    const source = first(list(store, "property").filter((each) => each["@name"] === "dataSource"));
    expect(source["@ref"]).toBe("database");
  });

  test("every broker holds the lease in its own name, and renews it twice before it ends", () => {
    const group = groupNamed(plan, "a");
    const holders = group.brokers.map((_, i) => {
      const xml = fileOf(
        brokerService(plan, group, group.brokers[i] ?? first(group.brokers), RUNTIMES),
        "activemq.xml",
      );
      return /class="activemq.cluster.GroupDatabase"[^>]*>\s*<property name="broker" value="([^"]+)"/.exec(
        xml.text,
      )?.[1];
    });
    expect(holders).toEqual(["test/a-1", "test/a-2", "test/a-3"]);
    const locker = propertiesOf(innerBeanOf(store, "locker"));
    // GroupLease takes the name from the connections; another one would make the fence refuse the master.
    expect(locker["leaseHolderId"]).toBeUndefined();
    expect(Number(storeOf(broker)["lockKeepAlivePeriod"]) * 2).toBeLessThan(Number(locker["lockAcquireSleepInterval"]));
    expect(broker["@restartAllowed"]).toBe("false");
  });

  test("groups have tables of their own, names of constraints included", () => {
    const tables = (name: string) => propertiesOf(innerBeanOf(storeBeanOf(parsed(plan, name).broker), "statements"));
    const [a, b] = [Object.values(tables("a")), Object.values(tables("b"))];
    expect(a).toEqual(["a_msgs", "a_acks", "a_lock"]);
    expect(b.filter((name) => a.includes(name))).toEqual([]);
    expect(propertiesOf(innerBeanOf(store, "adapter"))).toEqual({ acksPkName: "pk_a_acks" });
  });

  test("while the database is away clients wait; a write in doubt ends the process", () => {
    const handler = at(broker, "ioExceptionHandler/bean");
    expect(handler["@class"]).toBe("activemq.cluster.DatabaseErrors");
    expect(at(handler, "property")).toEqual({ "@name": "ignoreNoSpaceErrors", "@value": "false" });
  });
});

describe("sharedKahaDB", () => {
  const brokerOf = (values: Record<string, unknown>, group?: string) =>
    parsed(planOf({ store: "sharedKahaDB", ...values }), group).broker;
  const directoryOf = (values: Record<string, unknown>, group: string) => storeOf(brokerOf(values, group))["directory"];

  test("each group has a directory of its own, in the stack's folder unless the user names one", () => {
    expect(directoryOf({}, "a")).toBe("${activemq.base}/../../../shared/a");
    expect(directoryOf({}, "b")).toBe("${activemq.base}/../../../shared/b");
    expect(directoryOf({ sharedKahaDB: { directory: "/srv/mq" } }, "b")).toBe("/srv/mq/test/b");
    expect(parsed(planOf({ store: "sharedKahaDB" })).broker["@dataDirectory"]).toBe("${activemq.data}");
  });

  test("the master asks whether the lock is its own, and is on the disk before it acknowledges", () => {
    const broker = brokerOf({});
    expect(storeOf(broker)).toMatchObject({ journalDiskSyncStrategy: "always", lockKeepAlivePeriod: "2000" });
    expect(innerBeanOf(storeBeanOf(broker), "locker")["@class"]).toBe("activemq.cluster.GroupFile");
  });
});

describe("settings that come out literally", () => {
  const service = (values: Record<string, unknown>) => parsed(planOf(values)).broker;

  test("transports, each with its port and the same limits", () => {
    const broker = service({
      groups: [{ name: "a", ports: { openwire: 61619, amqp: 5675, stomp: 61643, mqtt: 1886 } }],
      transports: { amqp: true, stomp: true, mqtt: true, maximumConnections: 7, maxFrameSizeMiB: 100 },
      client: { maxInactivityMillis: 3000 },
    });
    expect(list(at(broker, "transportConnectors"), "transportConnector")).toEqual([
      {
        "@name": "openwire",
        "@uri":
          "tcp://127.0.0.1:61619?maximumConnections=7&wireFormat.maxFrameSize=104857600&wireFormat.maxInactivityDuration=3000",
      },
      { "@name": "amqp", "@uri": "amqp://127.0.0.1:5675?maximumConnections=7&wireFormat.maxFrameSize=104857600" },
      { "@name": "stomp", "@uri": "stomp://127.0.0.1:61643?maximumConnections=7&wireFormat.maxFrameSize=104857600" },
      { "@name": "mqtt", "@uri": "mqtt://127.0.0.1:1886?maximumConnections=7&wireFormat.maxFrameSize=104857600" },
    ]);
  });

  test.each([
    [{}, "tcp://127.0.0.1:62616"],
    [{ replicatedLevelDB: { bindAddress: "0.0.0.0" } }, "tcp://0.0.0.0:62616"],
    [{ groups: [{ name: "a", ports: { replication: 0 } }] }, "tcp://0.0.0.0:0"],
  ])("%j binds %s", (values, bind) => {
    expect(storeOf(service(values))["bind"]).toBe(bind);
  });

  test("small log files are what the stack file says", () => {
    const small = { limits: { storeMiB: 256 }, replicatedLevelDB: { logSizeMiB: 2 } };
    expect(storeOf(service(small))["logSize"]).toBe("2097152");
  });

  test.each([
    [10_000, "10s"],
    [4_000, "4s"],
    [1_500, "1500"],
  ])("a session of %d ms is %s", (sessionTimeoutMillis, text) => {
    const zookeeper = { sessionTimeoutMillis, tickTimeMillis: 500 };
    expect(storeOf(service({ zookeeper }))["zkSessionTimeout"]).toBe(text);
  });

  test("an unsafe sync mode says so beside it", () => {
    const { text } = parsed(planOf({ replicatedLevelDB: { sync: "local_disk" } }));
    expect(text).toContain('name="sync" value="local_disk"');
    expect(text.replace(/\s+/g, " ")).toMatch(/sync local_disk: a send is acknowledged before a majority has it/);
  });
});

describe("odd values", () => {
  test("are escaped, even those that the schema would refuse", () => {
    const plan = planOf({});
    const { limits, transports, ...rest } = groupNamed(plan, "a");
    const group = { ...rest, limits, transports, brokerName: `a"<&>'--b` };
    const { text } = fileOf(brokerService(plan, group, first(group.brokers), RUNTIMES), "activemq.xml");
    expect((beansOf(text)["broker"] as Node)["@brokerName"]).toBe(`a"<&>'--b`);
  });

  test("a name with two hyphens does not end a comment", () => {
    const { text } = parsed(planOf({ groups: [{ name: "a--b" }] }), "a--b");
    expect(text).toContain("group a- -b.");
    expect(() => create(text)).not.toThrow();
  });
});

describe("passwords", () => {
  const USERS = [
    { "@username": "app", "@password": "${user.app.password}", "@groups": "applications" },
    { "@username": "admin", "@password": "${user.admin.password}", "@groups": "admins" },
    { "@username": "bridge", "@password": "${bridge.password}", "@groups": "bridges" },
  ];
  const connector = (broker: Node) => at(broker, "networkConnectors/networkConnector")["@password"];

  test("that rotate: both let in, bridges dial with the one that every broker knows, rights are as ever", () => {
    const { broker, text } = parsed(planOf({ passwords: { generation: 3 } }));
    const [authentication = {}, authorization = {}] = list(at(broker, "plugins"), "bean");
    expect(authentication["@class"]).toBe("activemq.cluster.RotatingAuthenticationPlugin");
    const [users = {}, previous = {}] = list(authentication, "property");
    expect(users["@name"]).toBe("users");
    expect(list(at(users, "list"), "authenticationUser")).toEqual(
      USERS.map((user) => ({ ...user, "@xmlns": "http://activemq.apache.org/schema/core" })),
    );
    expect(previous).toMatchObject({
      "@name": "previousPasswords",
      map: {
        entry: [
          { "@key": "app", "@value": "${user.app.previous.password}" },
          { "@key": "admin", "@value": "${user.admin.previous.password}" },
          { "@key": "bridge", "@value": "${bridge.previous.password}" },
        ],
      },
    });
    expect(at(broker, "plugins")["simpleAuthenticationPlugin"]).toBeUndefined();
    expect(authorization["@class"]).toBe("activemq.cluster.StrictAuthorizationPlugin");
    expect(connector(broker)).toBe("${bridge.previous.password}");
    expect(text).toContain("Passwords of generation 3, and those of generation 2 as well");
  });

  test("that have rotated: the product's own plugin, with a word of the generation", () => {
    const { broker, text } = parsed(planOf({ passwords: { generation: 2, acceptPrevious: false } }));
    expect(list(at(broker, "plugins/simpleAuthenticationPlugin/users"), "authenticationUser")).toEqual(USERS);
    expect(connector(broker)).toBe("${bridge.password}");
    expect(text).not.toContain("previous");
    expect(text).toContain("Passwords of generation 2, and no others.");
  });

  test.each([
    [{ generation: 1 }, { generation: 2 }],
    [{ generation: 2 }, { generation: 2, acceptPrevious: false }],
    [{ generation: 2 }, { generation: 3 }],
    [
      { generation: 1, acceptPrevious: false },
      { generation: 2, acceptPrevious: false },
    ],
  ])("from %j to %j shows in what is rendered", (before, after) => {
    expect(parsed(planOf({ passwords: before })).text).not.toBe(parsed(planOf({ passwords: after })).text);
  });

  test("of the first generation render the same with and without a previous one to accept: there is none", () => {
    const { text } = parsed(planOf({ passwords: { acceptPrevious: false } }));
    expect(text).toBe(parsed(planOf({})).text);
  });
});

test("every placeholder is a credential of the service or a system property that run sets", () => {
  for (const values of [
    {},
    { store: "kahaDB", groups: [{ name: "a", brokers: 1 }] },
    { store: "jdbc" },
    { store: "sharedKahaDB" },
    { users: [{ name: "x" }] },
    { passwords: { generation: 2 } },
    { passwords: { generation: 2, acceptPrevious: false } },
  ]) {
    const plan = planOf(values);
    const group = first(plan.groups);
    const service = brokerService(plan, group, first(group.brokers), RUNTIMES);
    const run = fileOf(service, "run").text;
    const known = placeholdersIn(fileOf(service, "activemq.xml").text);
    for (const key of known.filter((name) => name.startsWith("activemq."))) expect(run).toContain(`-D${key}=`);
    const secrets = known.filter((name) => !name.startsWith("activemq."));
    // The bridge user exists without bridges too, so that a bridge can be added on one side first.
    expect(secrets).toEqual([...service.credentials].sort());
  }
});

test("XA is refused by every broker with replicatedLevelDB, and by no other, also in one stack", () => {
  const plan = planOf({ groups: [{ name: "a" }, { name: "b" }, { name: "c", brokers: 1, store: "kahaDB" }] });
  const refusals = ["a", "b", "c"].map((group) =>
    list(at(parsed(plan, group).broker, "plugins"), "bean")
      .filter((bean) => bean["@class"] === "activemq.cluster.XaRefusal")
      .map(propertiesOf),
  );
  const refusal = { store: "replicatedLevelDB" };
  expect(refusals).toEqual([[refusal], [refusal], []]);
  const { broker } = parsed(planOf({ store: "jdbc", target: "local" }));
  expect(JSON.stringify(broker)).not.toContain("XaRefusal");
});
