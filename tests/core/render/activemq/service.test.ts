import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { isDeadLetterQueue } from "../../../../core/plan/deadLetters";
import { brokerService } from "../../../../core/render/activemq/service";
import type { Service } from "../../../../core/host/service";
import { RUNTIMES, fileOf, first, planOf } from "../../../support/plans";

function serviceOf(values: Record<string, unknown> = {}): Service {
  const plan = planOf(values);
  const group = first(plan.groups);
  return brokerService(plan, group, first(group.brokers), RUNTIMES);
}

describe("the row", () => {
  test("of a broker with a replicated store", () => {
    expect({ ...serviceOf(), files: [] }).toEqual({
      name: "a-1",
      host: "a-1",
      kind: "classic",
      files: [],
      credentials: ["user.app.password", "user.admin.password", "bridge.password", "replication.token"],
      listens: ["127.0.0.1:61616", "127.0.0.1:62616", "127.0.0.1:9404"],
      bridges: ["a-to-b"],
    });
  });

  test("metrics are on loopback on every target, a random port is not listed, other transports are", () => {
    const hosts = [
      ...[1, 2, 3].map((n) => ({ name: `h${n}`, address: `10.0.0.${n}`, roles: ["broker"] })),
      { name: "z", address: "10.0.0.9", roles: ["zookeeper"] },
    ];
    const row = serviceOf({
      target: "ssh",
      hosts,
      groups: [{ name: "a", ports: { replication: 0 } }],
      transports: { amqp: true },
    });
    expect(row.listens).toEqual(["10.0.0.1:61616", "10.0.0.1:5672", "127.0.0.1:9404"]);
  });

  test("without slaves there is no replication port and no token", () => {
    const row = serviceOf({ store: "kahaDB", groups: [{ name: "a", brokers: 1 }] });
    expect(row.listens).toEqual(["127.0.0.1:61616", "127.0.0.1:9404"]);
    expect(row.credentials).not.toContain("replication.token");
  });

  test("with a database there is its password, and no port for copies", () => {
    const row = serviceOf({ store: "jdbc" });
    expect(row.listens).toEqual(["127.0.0.1:61616", "127.0.0.1:9404"]);
    expect(row.credentials).toContain("jdbc.password");
    expect(row.credentials).not.toContain("replication.token");
  });

  test("a frozen master of a shared directory is killed: by the host's script, or by systemd", () => {
    expect(fileOf(serviceOf({ store: "sharedKahaDB" }), "pulse-seconds").text).toBe("10\n");
    const unit = (values: object) =>
      fileOf(serviceOf({ target: "ssh", hosts: [{ name: "m1", address: "10.0.0.1" }], groups: [{ name: "a", brokers: 1 }], ...values }), "service.unit").text; // prettier-ignore
    const shared = unit({ store: "sharedKahaDB", sharedKahaDB: { directory: "/srv/mq" } });
    for (const line of ["NotifyAccess=all", "WatchdogSignal=SIGKILL", "ReadWritePaths=-/srv/mq"]) {
      expect(shared.split("\n")).toContain(line);
    }
    for (const word of ["Watchdog", "/srv/mq"]) expect(unit({ store: "kahaDB" })).not.toContain(word);
    expect(serviceOf({ store: "jdbc" }).files.map(({ path }) => path)).not.toContain("pulse-seconds");
  });

  test("run and probe are executable, nothing else is", () => {
    expect(
      serviceOf()
        .files.filter((file) => file.executable === true)
        .map((file) => file.path),
    ).toEqual(["run", "probe"]);
  });
});

describe("run", () => {
  const root = mkdtempSync(join(tmpdir(), "run of a broker-"));
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  /** Runs the script with a java that writes down what it was given. */
  function started(env: (bin: string) => Record<string, string>): { args: string[]; cwd: string } {
    const bin = join(root, "java home", "bin");
    const conf = join(root, "con $f", "v1");
    const home = join(root, "sér vice");
    for (const folder of [bin, conf, home]) mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(bin, "java"),
      `#!/bin/bash\nprintf '%s\\n' "$@" >"$OUT/args"\npwd >"$OUT/cwd"\numask >"$OUT/umask"\n`,
    );
    chmodSync(join(bin, "java"), 0o755);
    writeFileSync(join(conf, "run"), fileOf(serviceOf(), "run").text);
    execFileSync("bash", [join(conf, "run")], {
      env: { OUT: root, AMQ_SERVICE: home, AMQ_CONF: conf, AMQ_RUNTIMES: join(root, "run times"), ...env(bin) },
    });
    return {
      args: readFileSync(join(root, "args"), "utf8").trimEnd().split("\n"),
      cwd: readFileSync(join(root, "cwd"), "utf8").trim(),
    };
  }

  const path = process.env["PATH"] ?? "";

  test("starts the broker where its service is, whatever the folders are called", () => {
    const { args, cwd } = started((bin) => ({ PATH: `${bin}:${path}` }));
    expect(cwd).toBe(join(root, "sér vice"));
    expect(args.slice(-2)).toEqual(["activemq.cluster.BrokerMain", "xbean:activemq.xml"]);
    const runtime = join(root, "run times", RUNTIMES("classic-5.16"));
    expect(args).toContain(
      `${join(root, "con $f", "v1")}:${runtime}/lib/activemq-cluster-classic-5.16.jar:${runtime}/lib/*`,
    );
    expect(args).toContain(
      `-javaagent:${runtime}/agent/jmx_prometheus_javaagent.jar=127.0.0.1:9404:${join(root, "con $f", "v1")}/jmx-exporter.yml`,
    );
    expect(args).toContain(`-Dactivemq.data=${join(root, "sér vice", "data")}`);
    expect(readFileSync(join(root, "umask"), "utf8").trim()).toBe("0077");
  });

  test("takes the java of JAVA_HOME, and leaves no unpacked files of a killed process", () => {
    const litter = join(root, "sér vice", "tmp", "libsnappy.so");
    started((bin) => ({ PATH: `${bin}:${path}` }));
    writeFileSync(litter, "");
    started((bin) => ({ PATH: path, JAVA_HOME: join(bin, "..") }));
    expect(existsSync(litter)).toBe(false);
  });

  test("has the flags without which a failover hangs, and no way in from outside", () => {
    const { args } = started((bin) => ({ PATH: `${bin}:${path}` }));
    expect(args).toEqual(
      expect.arrayContaining([
        "-Xms256m",
        "-Xmx256m",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:+HeapDumpOnOutOfMemoryError",
        "--add-opens=java.base/java.nio=ALL-UNNAMED",
        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
      ]),
    );
    expect(args.join("\n")).not.toMatch(/jmxremote|agentlib|password/i);
  });
});

describe("metrics", () => {
  interface Exporter {
    readonly rules: readonly { readonly name: string; readonly pattern: string }[];
  }
  const { rules } = parse(fileOf(serviceOf(), "jmx-exporter.yml").text) as Exporter;
  /** The name a bean's attribute gets, with the exporter's own way of writing a bean. */
  const nameOf = (line: string) => {
    for (const { name, pattern } of rules) {
      const match = new RegExp(pattern).exec(line);
      if (match) return name.replace(/\$(\d)/g, (_, n: string) => match[Number(n)] ?? "").toLowerCase();
    }
    return undefined;
  };

  test.each([
    ["activemq.cluster<type=ElectionWatchdog><>SecondsStuck: 0", "activemq_election_seconds_stuck"],
    ["org.apache.activemq<type=Broker, brokerName=a><>Slave: false", "activemq_broker_slave"],
    ["org.apache.activemq<type=Broker, brokerName=a><>StorePercentUsage: 2", "activemq_broker_store_percent"],
    [
      "org.apache.activemq<type=Broker, brokerName=a, service=PersistenceAdapter, instanceName=LevelDB[/d], view=Replication><>NodeRole: slave",
      "activemq_store_role",
    ],
    [
      "org.apache.activemq<type=Broker, brokerName=a, service=PersistenceAdapter, instanceName=LevelDB[/d], view=Replication><>Status: 1 slave nodes attaching. 1 slave nodes attached. ",
      "activemq_store_attached_slaves",
    ],
    [
      "org.apache.activemq<type=Broker, brokerName=a, service=PersistenceAdapter, instanceName=LevelDB[/d], view=Replication><>Status: Attaching... Downloaded 21271.76/128797.20 kb and 1/6 files",
      "activemq_store_status",
    ],
    [
      "org.apache.activemq<type=Broker, brokerName=a, service=PersistenceAdapter, instanceName=LevelDB[/d], view=Replication><>Status: Attaching to master: tcp://10.0.0.1:62616",
      "activemq_store_status",
    ],
    ["org.apache.activemq<type=Broker, brokerName=a><>TotalMessageCount: 3", undefined],
  ])("%s", (line, name) => {
    expect(nameOf(line)).toBe(name);
  });
});

describe("log4j.properties", () => {
  test("drops what slaves that refuse a bridge make, and only with bridges", () => {
    const bridged = fileOf(serviceOf(), "log4j.properties").text;
    expect(bridged).toContain("StringToMatch=due to: Connection refused\n");
    expect(bridged).toContain("StringToMatch=a Shutting down a-to-b\n");
    expect(fileOf(serviceOf({ topology: "none" }), "log4j.properties").text).not.toContain("StringMatchFilter");
  });

  test("says nothing of the bridge that is established or broken", () => {
    const texts = [...fileOf(serviceOf(), "log4j.properties").text.matchAll(/StringToMatch=(.*)/g)].map(
      (m) => m[1] ?? "",
    );
    for (const news of [
      "Network connection between vm://a#0 and tcp://10.0.0.2:61616 (b) has been established.",
      "Network connection between vm://a#0 and tcp://10.0.0.2:61616 shutdown due to a remote error: java.io.EOFException",
      "Could not start network bridge between: vm://a and: tcp://10.0.0.2:61616 due to: connect timed out",
      "Connector openwire started",
    ]) {
      expect(texts.filter((text) => news.includes(text))).toEqual([]);
    }
  });

  test("no line ends in a space, which an editor would remove", () => {
    for (const { text } of serviceOf().files) expect(text).not.toMatch(/[ \t]$/m);
  });
});

test.each([
  ["DLQ.orders", true],
  ["DLQ.Topic.prices", true],
  ["ActiveMQ.DLQ", true],
  ["orders", false],
  ["dlq.orders", false],
])("dead letters: %s is %s", (queue, expected) => {
  expect(isDeadLetterQueue(queue)).toBe(expected);
});
