/** The main job on real processes: brokers, ZooKeeper, the real program, the real OpenWire client. One cluster, in order. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { resolveCommand, runtimeDirectory } from "../../core/host/runtimes";
import { until } from "../../testbed/harness/patience";
import { Project, port } from "../../testbed/harness/testProject";
import type { Status } from "../../operate/status/statusModel";
import { java } from "./java";

const project = new Project();
afterAll(() => {
  project.remove();
});

describe("mesh of two groups of three", () => {
  const stack = "mesh";
  beforeAll(() => {
    project.write(stack, {});
  });
  // The next stack uses the same ports, also when a test failed before `down`.
  afterAll(() => {
    project.end(stack);
  });

  it("refuses to start when a port is taken, naming it, and starts nothing", async () => {
    const server = createServer().listen(port(26617), "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { code, stderr } = await project.amq("up", stack);
    server.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`port ${port(26617)} on 127.0.0.1 is taken`);
    expect(Object.values(project.pids(stack)).filter(Boolean)).toEqual([]);
  });

  it("comes up whole, also after an interrupt half-way, and prints the failover URL", async () => {
    const first = project.start(["up", stack]);
    const begun = () => first.stderr().includes("zookeeper-1: files") || first.child.exitCode !== null;
    expect(await until(60, begun)).toBe(true);
    first.child.kill("SIGINT");
    expect((await first.answer).code).not.toBe(0);
    const { code, stdout } = await project.amq("up", stack);
    expect(code).toBe(0);
    expect(stdout).toContain(`failover:(tcp://127.0.0.1:${port(26616)},`);
    const status = await project.whole(stack);
    expect(status).toMatchObject({ whole: true, missing: [], bridges: [{ up: true }, { up: true }] });
    expect(status.groups.map(({ brokers }) => brokers.map(({ role }) => role).sort())).toEqual([
      ["master", "slave", "slave"],
      ["master", "slave", "slave"],
    ]);
    expect(status.ensemble.map(({ role }) => role).sort()).toEqual(["follower", "follower", "leader"]);
  });

  it("has masters that take and give messages, by their own trial, which crosses no bridge and is in no count", async () => {
    const tried = ({ groups }: Status) =>
      groups.every(({ service }) => service?.failedTrials === 0 && service.secondsSinceTrial < 30);
    await project.until(stack, tried, 60, "no master says that it takes and gives messages");
    const { queues, unknownQueues } = await project.whole(stack);
    expect([queues.filter(({ name }) => name.startsWith("ActiveMQ.")), unknownQueues]).toEqual([[], []]);
  });

  it("knows how far its copies are behind: nothing, once nobody sends", async () => {
    const behind = ({ groups }: Status) => groups.map(({ brokers }) => brokers.map(({ behindBytes }) => behindBytes));
    // Neither the master nor anybody of whom it is not known.
    const upToDate = (status: Status) =>
      behind(status).every((group) => group.filter((bytes) => bytes === 0).length === 2);
    await project.until(stack, upToDate, 30, "the copies are not up to date");
  });

  it("says so when nothing changed, and restarts nothing", async () => {
    const before = project.pids(stack);
    const { code, stderr } = await project.amq("up", stack);
    expect(code).toBe(0);
    expect(stderr).toContain("nothing changed, nothing was restarted");
    expect(project.pids(stack)).toEqual(before);
  });

  describe("log-in and rights", () => {
    const [resolve = "", ...args] = resolveCommand("client");
    beforeAll(() => {
      expect(spawnSync(resolve, args).status).toBe(0);
    });
    const url = `failover:(${[1, 2, 3].map((n) => `tcp://127.0.0.1:${port(26615) + n}`).join()})`;
    const check = (user: string, password: string, ...words: string[]) => {
      const lib = join(runtimeDirectory("client"), "lib", "*");
      const result = spawnSync(
        "java",
        ["-cp", lib, "activemq.cluster.client.Client", "check", "--url", url, "--timeout", "20", ...words],
        { encoding: "utf8", env: { ...process.env, AMQ_USER: user, AMQ_PASSWORD: password } },
      );
      return JSON.parse(result.stdout.trim().split("\n").at(-1) ?? "{}") as { ok: boolean; error?: string };
    };
    const password = (user: string) => {
      const active = join(project.directory, ".amq", stack, "hosts", "a-1", "a-1", "active");
      const text = readFileSync(join(active, "credentials.properties"), "utf8");
      return new RegExp(`^user\\.${user}\\.password=(.*)$`, "m").exec(text)?.[1] ?? "";
    };

    it.each([
      ["nobody", "", ""],
      ["a wrong password", "app", "wrong"],
      ["the product's stock account", "admin", "admin"],
    ])("refuses %s", (_, user, secret) => {
      expect(check(user, secret)).toMatchObject({
        ok: false,
        error: expect.stringMatching(/SecurityException/) as string,
      });
    });

    it("lets an application send and receive, and keeps it from dead letters", () => {
      expect(check("app", password("app"), "--send", "orders", "--receive", "orders")).toMatchObject({ ok: true });
      expect(check("app", password("app"), "--receive", "DLQ.orders")).toMatchObject({
        ok: false,
        error: expect.stringContaining("not authorized") as string,
      });
      expect(check("admin", password("admin"), "--create", "DLQ.orders")).toMatchObject({ ok: true });
    });

    it("refuses XA with an error that names the store and what to use", () => {
      const active = join(project.directory, ".amq", stack, "hosts", "a-1", "a-1", "active");
      expect(java("client", "Subscriber", [url, active, "xa", "orders"]).stdout).toMatch(
        /^XA transactions are refused on store replicatedLevelDB, .* a group with store jdbc/,
      );
    });

    it("shows no password in a command line, a log, a rendered file or the state", () => {
      const secrets = [password("app"), password("admin")];
      expect(secrets.every((secret) => secret.length === 32)).toBe(true);
      const amq = join(project.directory, ".amq");
      const files = readdirSync(amq, { recursive: true, encoding: "utf8" }).filter(
        (file) =>
          !file.endsWith("credentials.properties") &&
          /\.(log|xml|json|yml|properties|cfg)$|\/(run|probe|amq-host)$/.test(file) &&
          statSync(join(amq, file)).isFile(),
      );
      expect(files.length).toBeGreaterThan(30);
      const commandLines = project.processes().map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8");
        } catch {
          return "";
        }
      });
      for (const text of [...files.map((file) => readFileSync(join(amq, file), "latin1")), ...commandLines]) {
        for (const secret of secrets) expect(text.includes(secret)).toBe(false);
      }
    });
  });

  it.each(["1", "2"])("keeps the promise of experiment %s", async (experiment) => {
    expect(await project.drill(stack, experiment)).toMatchObject({ lost: 0, ok: true });
  });

  it("loses no acknowledged message in five timed kills under eight producers", async () => {
    const result = await project.drill(stack, "5", "--kills", "5");
    expect(result).toMatchObject({ lost: 0, ok: true });
    expect(result.sent).toBeGreaterThan(1000);
  });

  it("survives a ZooKeeper follower, the leader, and a majority stopped (experiment 7)", async () => {
    const result = await project.drill(stack, "7");
    // Every group serves again within 60 s of the members' return, or the drill would have ended with an error.
    expect(result).toMatchObject({ lost: 0, ok: true });
    expect(result.sent).toBeGreaterThan(100);
  });

  it("goes down without leaving a process or a file", async () => {
    expect((await project.amq("down", stack)).code).toBe(0);
    expect(project.processes()).toEqual([]);
    expect(existsSync(join(project.directory, ".amq"))).toBe(false);
  });
});
