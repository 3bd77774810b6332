import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokerService } from "../../../../core/render/activemq/service";
import { RUNTIMES, fileOf, first, planOf } from "../../../support/plans";

const folder = mkdtempSync(join(tmpdir(), "probe-"));
mkdirSync(join(folder, "data"));
const REPORT = join(folder, "data", "report");
const open: Server[] = [];
const sockets: Socket[] = [];

afterAll(() => {
  rmSync(folder, { recursive: true });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** What real brokers answered, less the JVM's own metrics. */
const sample = (name: string) => readFileSync(join(__dirname, "samples", `${name}.txt`), "utf8");
const master = sample("master");
const slave = sample("slave");
const attaching = slave.replace('status="Attached"', 'status="Attaching"');
const electing = slave
  .replace('role="slave"', 'role="electing"')
  .replace(/^.*activemq_store_status.*\n/gm, "")
  .replace(/^activemq_election_master_ready .*$/m, "activemq_election_master_ready 0.0");
const stuck = electing
  .replace(/^activemq_election_seconds_stuck .*$/m, "activemq_election_seconds_stuck 14.0")
  .replace(/^activemq_election_seconds_without_master .*$/m, "activemq_election_seconds_without_master 73.0");

const progress = (received: number, indexed: number) =>
  `activemq_store_received_bytes ${received.toExponential()}\nactivemq_store_indexed_bytes ${indexed.toExponential()}\n`;

async function listen(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => undefined));
    answer(socket);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** As the JMX exporter's server answers a HTTP/1.0 request. */
const http = (body: string, status = "200 OK") =>
  listen((socket) => {
    socket.once("data", () => {
      const head = `HTTP/1.1 ${status}\r\nDate: Mon, 23 Nov 2026 10:34:44 GMT\r\nContent-type: text/plain; version=0.0.4; charset=utf-8\r\nContent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
      socket.end(head + body);
    });
  });

const OPENWIRE_GREETING = Buffer.concat([Buffer.from([0, 0, 1, 74, 1]), Buffer.from("ActiveMQ"), Buffer.from([0, 0])]);
const broker = () => listen((socket) => socket.write(OPENWIRE_GREETING));
const silent = () => listen(() => undefined);
/** A port where nobody listens. */
const CLOSED = 1;

interface Answer {
  readonly text: string;
  readonly code: number;
}

interface Said {
  /** What is in the file; none when absent. */
  readonly report?: string;
  readonly metrics?: number;
  readonly client?: number;
}

/** As BrokerReport.java writes it; the probe takes this process for the broker's. */
function reported(lines: string, { pid = process.pid, ageMillis = 0 } = {}): string {
  const mark = `${pid} ${Date.now() - ageMillis} 17\n`;
  return `# begin ${mark}${lines}# end ${mark}`.padEnd(4096, "\n");
}

function probe(word: string, { report, ...ports }: Said, values: Record<string, unknown> = {}): Promise<Answer> {
  rmSync(REPORT, { force: true });
  if (report !== undefined) writeFileSync(REPORT, report);
  return probeOf(word, ports, values);
}

/** With whatever is where the report is. */
function probeOf(
  word: string,
  ports: Omit<Said, "report"> = {},
  values: Record<string, unknown> = {},
): Promise<Answer> {
  const plan = planOf(values);
  const group = first(plan.groups);
  const planned = first(group.brokers);
  const placed = {
    ...planned,
    ports: { ...planned.ports, metrics: ports.metrics ?? CLOSED, openwire: ports.client ?? CLOSED },
  };
  const file = join(folder, "a probe");
  writeFileSync(file, fileOf(brokerService(plan, group, placed, RUNTIMES), "probe").text);
  chmodSync(file, 0o700);
  return new Promise((resolve) => {
    const env = { ...process.env, AMQ_PID: `${process.pid}`, AMQ_SERVICE: folder };
    execFile(file, [word], { env }, (error, stdout) => {
      resolve({ text: stdout, code: typeof error?.code === "number" ? error.code : 0 });
    });
  });
}

const KAHADB = { store: "kahaDB", groups: [{ name: "a", brokers: 1 }] };

describe("probe role", () => {
  test.each([
    ["a master", master, "master"],
    ["a slave in sync", slave, "slave"],
    ["a slave whose index is a little behind", `${slave}${progress(90_000_000, 23_000_000)}`, "slave"],
    ["a slave whose index does not keep up", `${slave}${progress(90_000_000, 22_000_000)}`, "starting"],
    ["a slave that downloads", attaching, "starting"],
    ["an election that goes on", electing, "starting"],
    ["an election that this broker holds up", stuck, "stuck"],
    ["a process whose broker is not there yet", "jvm_threads_current 9.0\n", "starting"],
    ["an empty answer", "", "starting"],
    ["a metric whose name only begins like ours", `${slave}activemq_broker_slave_x 0.0\n`, "slave"],
    ["integers", master.replaceAll(".0\n", "\n"), "master"],
  ])("%s", async (_, body, role) => {
    expect(await probe("role", { report: reported(body) })).toEqual({ text: `${role}\n`, code: 0 });
  });

  const waiting = (seconds: number) =>
    `activemq_broker_slave 1.0\nactivemq_lock_waiting 1.0\nactivemq_lock_seconds_since_answer ${seconds}\n`;
  test.each([
    ["one that is refused the lock", waiting(4.9), "slave"],
    ["one that nobody answers any more", waiting(16.2), "starting"],
    ["one that has the lock and opens its store", waiting(0.1).replace("waiting 1.0", "waiting 0.0"), "starting"],
    ["one without slaves that starts", "activemq_broker_slave 1.0\n", "starting"],
    ["a master that had to wait once", waiting(90).replaceAll("1.0", "0.0"), "master"],
  ])("where a lock makes the master: %s", async (_, body, role) => {
    expect(await probe("role", { report: reported(body) }, KAHADB)).toEqual({ text: `${role}\n`, code: 0 });
  });

  test("where a lock makes the master, the group is without one as long as nobody gives the lock", async () => {
    expect((await probe("masterless", { report: reported(waiting(42.3)) }, KAHADB)).text).toBe("42\n");
    const others = `activemq_broker_slave 0.0\nactivemq_lock_waiting 0.0\nactivemq_lock_seconds_since_answer 42.3\n`;
    expect(await probe("masterless", { report: reported(others) }, KAHADB)).toEqual({ text: "", code: 0 });
  });

  test("a queue cannot pass for a metric", async () => {
    const queue = `activemq_queue_size{queue="\\nactivemq_broker_slave 0"} 1.0\n`;
    expect((await probe("role", { report: reported(slave + queue) })).text).toBe("slave\n");
  });

  test("without a report the client port's greeting decides", async () => {
    expect((await probe("role", { client: await broker() })).text).toBe("master\n");
    expect((await probe("role", {})).text).toBe("starting\n");
  });

  test("a process that accepts connections and says nothing is no master", async () => {
    const began = Date.now();
    expect((await probe("role", { client: await silent() })).text).toBe("starting\n");
    expect(Date.now() - began).toBeLessThan(8000);
  });

  test.each([
    ["that is old", () => reported(master, { ageMillis: 12_000 }), "unknown"],
    ["from before the clock was set back", () => reported(master, { ageMillis: -12_000 }), "unknown"],
    ["that is not quite new", () => reported(master, { ageMillis: 8000 }), "master"],
    ["of the process before", () => reported(master, { pid: 1 }), "starting"],
    ["of which the rest is still the one before", () => reported(master).replace(/(# end .*) 17/, "$1 16"), "starting"],
    ["that ends in the middle", () => reported(master).slice(0, 300), "starting"],
    ["that is none", () => "master\n", "starting"],
    ["that is empty", () => "", "starting"],
  ])("a report %s", async (_, report, role) => {
    expect(await probe("role", { report: report() })).toEqual({ text: `${role}\n`, code: 0 });
  });

  test("whatever else the broker's user puts there is not read", async () => {
    writeFileSync(join(folder, "other"), reported(master));
    rmSync(REPORT, { force: true });
    symlinkSync(join(folder, "other"), REPORT);
    const link = await probeOf("role");
    rmSync(REPORT);
    execFileSync("mkfifo", [REPORT]);
    const pipe = await probeOf("role");
    rmSync(REPORT);
    expect([link.text, pipe.text]).toEqual(["starting\n", "starting\n"]);
  });
});

describe("probe report", () => {
  test("prints its lines", async () => {
    const { text, code } = await probe("report", { report: reported(slave) });
    expect(text).toContain(slave);
    expect(code).toBe(0);
  });

  test("fails when there is none, or an old one", async () => {
    for (const said of [{}, { report: reported(slave, { ageMillis: 60_000 }) }]) {
      const { text, code } = await probe("report", said);
      expect([text, code === 0]).toEqual(["", false]);
    }
  });
});

describe("probe metrics", () => {
  test("prints the body as it is", async () => {
    expect(await probe("metrics", { metrics: await http(master) })).toEqual({ text: master, code: 0 });
  });

  test("fails when nobody answers", async () => {
    const answer = await probe("metrics", { metrics: CLOSED });
    expect(answer.text).toBe("");
    expect(answer.code).not.toBe(0);
  });
});

describe("probe bridges", () => {
  test.each([
    ["of a master", master, "a-to-b\n"],
    ["of a slave", slave, ""],
    [
      "several, one of them twice",
      `activemq_bridge_up{connector="a-to-c",remote="c"} 1.0\nactivemq_bridge_up{connector="a-to-b",remote="b"} 1\nactivemq_bridge_up{remote="c",connector="a-to-c"} 1.0\n`,
      "a-to-b\na-to-c\n",
    ],
    ["one that is not up", `activemq_bridge_up{connector="a-to-c",remote="c"} 0.0\n`, ""],
  ])("%s", async (_, body, names) => {
    expect(await probe("bridges", { report: reported(body) })).toEqual({ text: names, code: 0 });
  });

  test("nothing when nobody answers", async () => {
    expect(await probe("bridges", {})).toEqual({ text: "", code: 0 });
  });
});

describe("probe copied", () => {
  /** What this process has written to disks; the probe takes it for the broker's. */
  const writtenMiB = () =>
    Math.floor(Number(/^write_bytes: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]) / 2 ** 20);
  const copied = async (body: string) => (await probe("copied", { report: reported(body) })).text;

  test("what the process of a slave that attaches has written, also of a file that is not whole yet", async () => {
    const [before, was] = [writtenMiB(), Number(await copied(attaching))];
    // Here and not where temporary files are, which may be in memory.
    const file = join(__dirname, "messages.tmp");
    writeFileSync(file, Buffer.alloc(3 * 2 ** 20));
    rmSync(file);
    expect(Number(await copied(attaching)) - was).toBeGreaterThanOrEqual(3);
    expect(was).toBeGreaterThanOrEqual(before);
    expect(Number(await copied(attaching))).toBeLessThanOrEqual(writtenMiB());
  });

  test.each([
    ["a slave in sync", slave],
    ["a master", master],
    ["a process whose broker is not there yet", "jvm_threads_current 9.0\n"],
  ])("nothing of %s", async (_, body) => {
    expect(await probe("copied", { report: reported(body) })).toEqual({ text: "", code: 0 });
  });

  test("nothing when nobody answers", async () => {
    expect(await probe("copied", {})).toEqual({ text: "", code: 0 });
  });
});

describe("probe masterless", () => {
  const seconds = (value: string) => `activemq_election_seconds_without_master ${value}\n`;
  test.each([
    [slave, "0\n"],
    [stuck, "73\n"],
    [seconds("1.23456789E7"), "12345679\n"],
    [seconds("-1.0"), ""],
    [seconds("NaN"), ""],
    ["", ""],
  ])("case %#", async (body, text) => {
    expect(await probe("masterless", { report: reported(body) })).toEqual({ text, code: 0 });
  });

  test("nothing when nobody answers", async () => {
    expect(await probe("masterless", {})).toEqual({ text: "", code: 0 });
  });
});

test("an unknown word is refused", async () => {
  expect((await probe("rôle", { metrics: CLOSED })).code).toBe(2);
});

test("probe failure: what the last process left, and nothing where it left nothing", async () => {
  expect(await probe("failure", { metrics: CLOSED })).toEqual({ text: "", code: 0 });
  const reason = "The broker could not start: java.io.IOException: a reason (2026-11-30T05:43:12Z)\n";
  writeFileSync(join(folder, "data", "last-failure"), reason);
  expect(await probe("failure", { metrics: CLOSED })).toEqual({ text: reason, code: 0 });
});
