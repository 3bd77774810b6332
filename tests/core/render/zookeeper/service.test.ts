import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Service } from "../../../../core/host/service";
import { memberService } from "../../../../core/render/zookeeper/service";
import { RUNTIMES, fileOf, first, planOf } from "../../../support/plans";
import type { ClusterPlan, PlannedEnsemble, PlannedMember } from "../../../../core/plan/model";

function ensembleOf(plan: ClusterPlan): PlannedEnsemble {
  if (plan.ensemble === undefined) throw new Error("no ensemble");
  return plan.ensemble;
}

function serviceOf(values: Record<string, unknown> = {}, change: Partial<PlannedMember> = {}): Service {
  const plan = planOf(values);
  const ensemble = ensembleOf(plan);
  return memberService(plan, ensemble, { ...first(ensemble.members), ...change }, RUNTIMES);
}

const settings = (text: string) =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

test("the row", () => {
  expect({ ...serviceOf(), files: [] }).toEqual({
    name: "zookeeper-1",
    host: "zookeeper-1",
    kind: "zookeeper",
    files: [],
    credentials: [],
    listens: ["127.0.0.1:2181", "127.0.0.1:2888", "127.0.0.1:3888"],
    bridges: [],
  });
});

describe("zoo.cfg", () => {
  test("of the default", () => {
    expect(settings(fileOf(serviceOf(), "zoo.cfg").text)).toEqual({
      tickTime: "2000",
      initLimit: "10",
      syncLimit: "5",
      minSessionTimeout: "4000",
      maxSessionTimeout: "40000",
      dataDir: "./data",
      clientPort: "2181",
      clientPortAddress: "127.0.0.1",
      maxClientCnxns: "60",
      "autopurge.snapRetainCount": "5",
      "autopurge.purgeInterval": "12",
      preAllocSize: "1024",
      "4lw.commands.whitelist": "srvr,ruok,mntr",
      "admin.enableServer": "false",
      standaloneEnabled: "false",
      reconfigEnabled: "false",
      quorumListenOnAllIPs: "false",
      "server.1": "127.0.0.1:2888:3888",
      "server.2": "127.0.0.1:2889:3889",
      "server.3": "127.0.0.1:2890:3890",
    });
  });

  test("as given: reference cluster 1's client ports, a faster tick, five members", () => {
    const zookeeper = {
      members: 5,
      tickTimeMillis: 500,
      initLimitTicks: 20,
      syncLimitTicks: 10,
      ports: { client: [2281, 2381, 2481, 2581, 2681] },
    };
    expect(settings(fileOf(serviceOf({ zookeeper }), "zoo.cfg").text)).toMatchObject({
      tickTime: "500",
      initLimit: "20",
      syncLimit: "10",
      minSessionTimeout: "1000",
      maxSessionTimeout: "10000",
      clientPort: "2281",
      "server.5": "127.0.0.1:2892:3892",
    });
  });

  test("allows every broker its connections, even when all come from one address", () => {
    const groups = Array.from({ length: 20 }, (_, i) => ({ name: `g${i}` }));
    expect(settings(fileOf(serviceOf({ groups }), "zoo.cfg").text)["maxClientCnxns"]).toBe("260");
  });
});

describe("on a host", () => {
  const root = mkdtempSync(join(tmpdir(), "zoo keeper-"));
  const open: Server[] = [];
  afterAll(() => {
    rmSync(root, { recursive: true });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  test("run writes the myid and starts the member beside its data", () => {
    const home = join(root, "home");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(root, "java"), `#!/bin/bash\nprintf '%s\\n' "$PWD" "$@" >"$OUT"\n`);
    chmodSync(join(root, "java"), 0o755);
    writeFileSync(join(root, "run"), fileOf(serviceOf({}, { id: 3 }), "run").text);
    execFileSync("bash", [join(root, "run")], {
      env: {
        PATH: `${root}:${process.env["PATH"] ?? ""}`,
        OUT: join(root, "args"),
        AMQ_SERVICE: home,
        AMQ_CONF: join(root, "conf"),
        AMQ_RUNTIMES: join(root, "runtimes"),
      },
    });
    const args = readFileSync(join(root, "args"), "utf8").trimEnd().split("\n");
    expect(args[0]).toBe(home);
    expect(args).toEqual(expect.arrayContaining(["-Xms128m", "-Xmx128m", "-XX:+ExitOnOutOfMemoryError"]));
    expect(args.slice(-2)).toEqual([
      "org.apache.zookeeper.server.quorum.QuorumPeerMain",
      join(root, "conf", "zoo.cfg"),
    ]);
    expect(readFileSync(join(home, "data", "myid"), "utf8")).toBe("3\n");
  });

  async function probe(words: readonly string[], answers: Readonly<Record<string, string>>): Promise<string> {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (word) => socket.end(answers[word.toString()] ?? ""));
    });
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const file = join(root, "probe");
    const service = serviceOf({}, { ports: { client: port, peer: 1, election: 2 } });
    writeFileSync(file, fileOf(service, "probe").text);
    return new Promise((resolve) => {
      execFile("bash", [file, ...words], (_error, stdout) => {
        resolve(stdout);
      });
    });
  }

  const srvr = (mode: string) =>
    `Zookeeper version: 3.9.5-293c895a8d966a3ecb92872be4a1daf87d725da2, built on 2026-02-11 20:18 UTC\nLatency min/avg/max: 0/0.0/0\nReceived: 4\nSent: 3\nConnections: 1\nOutstanding: 0\nZxid: 0x100000000\nMode: ${mode}\nNode count: 5\n`;

  test.each([
    [srvr("leader"), "leader"],
    [srvr("follower"), "follower"],
    [srvr("standalone"), "starting"],
    ["This ZooKeeper instance is not currently serving requests\n", "starting"],
    ["", "starting"],
  ])("probe role, case %#", async (answer, role) => {
    expect(await probe(["role"], { srvr: answer })).toBe(`${role}\n`);
  });

  test("probe metrics is mntr, and members have neither bridges nor masters", async () => {
    const mntr = "zk_server_state\tleader\nzk_synced_followers\t2\n";
    expect(await probe(["metrics"], { mntr })).toBe(mntr);
    expect(await probe(["bridges"], {})).toBe("");
    expect(await probe(["masterless"], {})).toBe("");
  });
});
