import { spawnSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hostScript } from "../../../core/host/hostScript";
import { fileBundle, filesDigest } from "../../../core/host/fileBundle";
import { slowness } from "../../../testbed/harness/patience";
import { FakeHost, eventually } from "./fakeHost";

/** A test on a host of its own: they mostly wait, and so run side by side. */
async function withHost(test: (host: FakeHost) => Promise<void> | void): Promise<void> {
  const host = new FakeHost();
  host.say("b1", "role", "slave");
  try {
    await test(host);
  } finally {
    await host.remove();
  }
}

/** A service that was staged, visited and confirmed with the setting `one`. */
async function confirmed(host: FakeHost): Promise<void> {
  await host.stage("b1", "one");
  expect(await host.run(["visit", "b1", "1"])).toMatchObject({ code: 0 });
  await eventually(
    () => host.running("b1"),
    (settings) => settings === "one",
  );
}

/** A limit that is reached: of a quiet machine, and longer on a busy one, where the process takes longer to say anything. */
const seconds = (quiet: number) => String(Math.ceil(quiet * slowness()));

describe("stage", () => {
  it.concurrent("starts a service that does not run, and says the same digest for the same content", () =>
    withHost(async (host) => {
      const first = await host.stage("b1", "one");
      expect(first).toMatch(/^[0-9a-f]{16}#1$/);
      expect(await host.stage("b1", "one")).toBe(first);
      await eventually(
        () => host.pid("b1"),
        (pid) => /^\d+$/.test(pid),
      );
    }),
  );

  it.concurrent("leaves a running service alone and counts every change, also one that goes back", () =>
    withHost(async (host) => {
      await confirmed(host);
      const pid = await host.pid("b1");
      expect(await host.stage("b1", "two")).toMatch(/#2$/);
      expect(await host.stage("b1", "one")).toMatch(/#3$/);
      expect(await host.pid("b1")).toBe(pid);
    }),
  );

  it.concurrent("activates at once when the group has had no master for 30 s, not earlier", () =>
    withHost(async (host) => {
      await confirmed(host);
      host.say("b1", "masterless", "29");
      await host.stage("b1", "two");
      expect(host.running("b1")).toBe("one");
      host.say("b1", "masterless", "30");
      await host.stage("b1", "three");
      await eventually(
        () => host.running("b1"),
        (settings) => settings === "three",
      );
    }),
  );

  it.concurrent("waits for credentials before it starts a service that needs them, and keeps them private", () =>
    withHost(async (host) => {
      const files = fileBundle([{ path: "run", text: "#!/bin/sh\nexec sleep 300\n", executable: true }]);
      expect((await host.run(["stage-files", "b2", "yes"], files)).code).toBe(0);
      expect(await host.pid("b2")).toBe("");
      const { out, err } = await host.run(["stage-credentials", "b2"], "user.app.password=s3cret\n");
      expect(out + err).not.toContain("s3cret");
      await eventually(
        () => host.pid("b2"),
        (pid) => /^\d+$/.test(pid),
      );
      expect(readFileSync(join(host.directory, "b2/active/credentials.properties"), "utf8")).toContain("s3cret");
    }),
  );
});

it.concurrent("says of a process that was stopped that it is stuck, not that it starts", () =>
  withHost(async (host) => {
    await confirmed(host);
    await host.run(["signal", "b1", "STOP"]);
    const stuck = await eventually(
      async () => (await host.run(["probe", "b1", "role"])).out,
      (role) => role !== "slave",
    );
    await host.run(["signal", "b1", "CONT"]);
    expect(stuck).toBe("stuck");
    await eventually(
      async () => (await host.run(["probe", "b1", "role"])).out,
      (role) => role === "slave",
    );
  }),
);

describe("a service that must be told to end by another signal than TERM", () => {
  const RUN = "#!/bin/bash\ntrap '' TERM\ntrap 'echo in order >data/ended; exit' USR1\nwhile :; do sleep 0.1; done\n";
  const files = fileBundle([
    { path: "run", text: RUN, executable: true },
    { path: "stop-signal", text: "USR1\n" },
  ]);
  const ended = (host: FakeHost) => {
    const file = join(host.directory, "b3/data/ended");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };

  it.concurrent("ends in order when it is stopped", () =>
    withHost(async (host) => {
      expect((await host.run(["stage-files", "b3", "no"], files)).code).toBe(0);
      await eventually(
        () => host.pid("b3"),
        (pid) => /^\d+$/.test(pid),
      );
      expect((await host.run(["stop", "b3"])).code).toBe(0);
      expect(ended(host)).toBe("in order\n");
      expect(await host.pid("b3")).toBe("");
    }),
  );
});

describe("a service that is watched", () => {
  /** A busy machine may let a service that is well wait. */
  const PULSE_SECONDS = Math.ceil(2 * slowness());
  const files = (run: string) =>
    fileBundle([
      { path: "run", text: `#!/bin/bash\n${run}\n`, executable: true },
      { path: "pulse-seconds", text: `${PULSE_SECONDS}\n` },
    ]);
  const begin = async (host: FakeHost, service: string, run: string) => {
    expect((await host.run(["stage-files", service, "no"], files(run))).code).toBe(0);
    return eventually(
      () => host.pid(service),
      (pid) => /^\d+$/.test(pid),
    );
  };

  it.concurrent("is killed and started again when it stands still, and only then", () =>
    withHost(async (host) => {
      const pid = await begin(host, "b4", "mkdir -p tmp; while :; do touch tmp/pulse; sleep 0.2; done");
      await sleep(2 * PULSE_SECONDS * 1000);
      expect(await host.pid("b4")).toBe(pid);
      process.kill(Number(pid), "SIGSTOP");
      await eventually(
        () => host.pid("b4"),
        (other) => /^\d+$/.test(other) && other !== pid,
      );
      expect(readFileSync(join(host.directory, "b4/log/supervisor.log"), "utf8")).toContain(
        `has been silent for ${PULSE_SECONDS} s`,
      );
    }),
  );

  it.concurrent("is left alone while it has not shown a pulse yet", () =>
    withHost(async (host) => {
      const pid = await begin(host, "b5", "exec sleep 300");
      await sleep(2 * PULSE_SECONDS * 1000);
      expect(await host.pid("b5")).toBe(pid);
    }),
  );
});

describe("share", () => {
  it.concurrent("makes folders in the stack's own, and absolute ones where they are, and keeps what is in them", () =>
    withHost(async (host) => {
      const inStack = join(host.stack, "shared/a");
      const elsewhere = join(host.directory, "elsewhere");
      expect((await host.run(["share", "shared/a", elsewhere])).code).toBe(0);
      writeFileSync(join(inStack, "lock"), "");
      expect((await host.run(["share", "shared/a"])).code).toBe(0);
      expect([existsSync(join(inStack, "lock")), existsSync(elsewhere)]).toEqual([true, true]);
    }),
  );
});

describe("visit", () => {
  it.concurrent("restarts a slave in pass 1 and confirms what it runs", () =>
    withHost(async (host) => {
      await confirmed(host);
      await host.stage("b1", "two");
      expect(await host.run(["visit", "b1", "1"])).toMatchObject({
        code: 0,
        out: expect.stringContaining("healthy as slave") as string,
      });
      await eventually(
        () => host.running("b1"),
        (settings) => settings === "two",
      );
      expect(readdirSync(join(host.directory, "b1/versions"))).toHaveLength(1);
    }),
  );

  it.concurrent.each([["master"], ["leader"]])("leaves a %s for pass 2", (role) =>
    withHost(async (host) => {
      await confirmed(host);
      host.say("b1", "role", role);
      await host.stage("b1", "two");
      const pid = await host.pid("b1");
      expect((await host.run(["visit", "b1", "1"])).out).toContain("deferred");
      expect(await host.pid("b1")).toBe(pid);
      expect((await host.run(["visit", "b1", "2"])).out).toContain(`healthy as ${role}`);
      expect(await host.pid("b1")).not.toBe(pid);
    }),
  );

  it.concurrent("does nothing to a service that has nothing pending", () =>
    withHost(async (host) => {
      await confirmed(host);
      const pid = await host.pid("b1");
      expect((await host.run(["visit", "b1", "2"])).code).toBe(0);
      expect(await host.pid("b1")).toBe(pid);
    }),
  );

  it.concurrent(
    "goes back to the last confirmed version when the new one does not start, shows why, and ends whole when reverted",
    () =>
      withHost(async (host) => {
        await confirmed(host);
        await host.stage("b1", "broken two");
        const failed = await host.run(["visit", "b1", "1"], "", { AMQ_HEALTH_SECONDS: seconds(4) });
        expect(failed.code).toBe(1);
        expect(failed.err).toContain("cannot start: broken two");
        expect(failed.err).toContain("the last confirmed version runs again");
        await eventually(
          () => host.running("b1"),
          (settings) => settings === "one",
        );
        const pid = await host.pid("b1");
        await host.stage("b1", "one");
        expect(await host.run(["settle", "b1"])).toMatchObject({ code: 0, out: "slave" });
        expect((await host.run(["visit", "b1", "1"])).code).toBe(0);
        expect(await host.pid("b1")).toBe(pid);
      }),
  );

  it.concurrent("takes a fix forward after a failure", () =>
    withHost(async (host) => {
      await confirmed(host);
      await host.stage("b1", "broken two");
      expect((await host.run(["visit", "b1", "1"], "", { AMQ_HEALTH_SECONDS: seconds(3) })).code).toBe(1);
      await host.stage("b1", "three");
      expect((await host.run(["settle", "b1"])).out).toBe("pending");
      expect((await host.run(["visit", "b1", "1"])).code).toBe(0);
      await eventually(
        () => host.running("b1"),
        (settings) => settings === "three",
      );
    }),
  );

  it.concurrent("shows what a process says that ends before its log is open, and its exit codes", () =>
    withHost(async (host) => {
      await confirmed(host);
      const log = join(host.directory, "b1/log/activemq.log");
      writeFileSync(log, "from the version before\n");
      utimesSync(log, 0, 0);
      await host.stage("b1", "broken two");
      const { err } = await host.run(["visit", "b1", "1"], "", { AMQ_HEALTH_SECONDS: seconds(2) });
      expect(err).toMatch(
        /from the version before\n[^]*cannot start: broken two\n[^]*process ended with 3 after \d+ s/,
      );
    }),
  );

  it.concurrent("fails when the service stays unhealthy although nothing was swapped", () =>
    withHost(async (host) => {
      await confirmed(host);
      host.say("b1", "role", "starting");
      expect(await host.run(["visit", "b1", "1"], "", { AMQ_HEALTH_SECONDS: seconds(1) })).toMatchObject({
        code: 1,
        err: expect.stringContaining("did not become healthy") as string,
      });
    }),
  );
});

describe("a slave that copies its master's messages", () => {
  /**
   * Runs a verb with a clock of its own, on which only its pauses between two looks take time: one second each. The shell's lines
   * say what has become of b1 at the end of each second, `$SECONDS` of the verb's start.
   */
  const copying = async (host: FakeHost, words: readonly string[], ...lines: string[]) => {
    const clock = join(host.stack, "clock.sh");
    const script = [
      // Programs that the verb starts have their own time.
      "[[ $0 == */amq-host ]] || return 0",
      "unset SECONDS",
      "SECONDS=0",
      "sleep() {",
      "  SECONDS=$((SECONDS + 1))",
      `  cd ${join(host.directory, "b1/data")}`,
      ...lines,
      "}",
    ];
    writeFileSync(clock, `${script.join("\n")}\n`);
    const { code, out, err } = await host.run(words, "", {
      BASH_ENV: clock,
      AMQ_HEALTH_SECONDS: "10",
      AMQ_SETTLE_SECONDS: "10",
    });
    return { code, said: `${out}${err}` };
  };
  const healthyAfter = (seconds: number) => `((SECONDS < ${seconds})) || echo slave >role`;
  const waits = [
    ["visit", "b1", "1"],
    ["settle", "b1"],
    ["await", "b1"],
  ];

  it.concurrent.each(waits)("is waited for as long as it gets further, by %s", (...words) =>
    withHost(async (host) => {
      await confirmed(host);
      host.say("b1", "role", "starting");
      expect(await copying(host, words, "((SECONDS % 9)) || echo $SECONDS >copied", healthyAfter(60))).toEqual({
        code: 0,
        said: expect.stringContaining("slave") as string,
      });
    }),
  );

  it.concurrent.each(waits)(
    "is given its time again when it begins to copy, which can be long after its start, by %s",
    (...words) =>
      withHost(async (host) => {
        await confirmed(host);
        host.say("b1", "role", "starting");
        expect((await copying(host, words, "((SECONDS < 9)) || echo 0 >copied", healthyAfter(18))).code).toBe(0);
      }),
  );

  it.concurrent.each(waits)(
    "is not waited for when it stands still, or begins anew again and again, by %s",
    (...words) =>
      withHost(async (host) => {
        await confirmed(host);
        host.say("b1", "role", "starting");
        expect((await copying(host, words, "((SECONDS < 9)) || echo 5 >copied", healthyAfter(20))).code).toBe(1);
        host.say("b1", "role", "starting");
        expect((await copying(host, words, "echo $((SECONDS % 3)) >copied", healthyAfter(20))).code).toBe(1);
      }),
  );
});

describe("await", () => {
  it.concurrent("waits for each service to be a healthy part of its group, and names the one that is not", () =>
    withHost(async (host) => {
      await confirmed(host);
      expect(await host.run(["await", "b1"])).toMatchObject({ code: 0, out: "b1: slave" });
      host.say("b1", "role", "starting");
      const { code, err } = await host.run(["await", "b1"]);
      expect(code).toBe(1);
      expect(err).toMatch(
        /b1 on \S+ is starting, and has been for 2 s. The next member of the ensemble, or machine, is not touched/,
      );
    }),
  );

  it.concurrent("asks nothing of one that was never healthy, or whose group had no master before", () =>
    withHost(async (host) => {
      expect(await host.run(["await", "b9"])).toMatchObject({ code: 0, out: "" });
      await confirmed(host);
      host.say("b1", "role", "starting");
      host.say("b1", "masterless", "60");
      expect(await host.run(["await", "b1"])).toMatchObject({ code: 0, out: "" });
      // A machine takes longer to come back than a process.
      expect((await host.run(["await", "b1"], "", { AMQ_MASTERLESS_SECONDS: "61" })).code).toBe(1);
    }),
  );
});

describe("versions", () => {
  it.concurrent(
    "tells the digest that plan computes for the same files, and what is staged, active and confirmed",
    () =>
      withHost(async (host) => {
        expect((await host.run(["versions", "b1"])).out).toBe("files= staged= active= confirmed=");
        await confirmed(host);
        const [, files, staged, active, confirmedVersion] =
          /^files=(\S+) staged=(\S+) active=(\S+) confirmed=(\S+)$/.exec((await host.run(["versions", "b1"])).out) ??
          [];
        expect(files).toBe(filesDigest(FakeHost.files("one")));
        expect([active, confirmedVersion]).toEqual([staged, staged]);
        await host.stage("b1", "two");
        expect((await host.run(["versions", "b1"])).out).toContain(
          `files=${filesDigest(FakeHost.files("two"))} staged=`,
        );
        expect((await host.run(["versions", "b1"])).out).toContain(`active=${active ?? ""} confirmed=${active ?? ""}`);
      }),
  );
});

describe("settle", () => {
  it.concurrent("stops a change while a service is not a healthy part of its group", () =>
    withHost(async (host) => {
      await confirmed(host);
      host.say("b1", "role", "starting");
      expect(await host.run(["settle", "b1"])).toMatchObject({
        code: 1,
        err: expect.stringContaining("Nothing was changed") as string,
      });
    }),
  );

  it.concurrent("lets a fix land when the group has no master anyway", () =>
    withHost(async (host) => {
      await confirmed(host);
      host.say("b1", "role", "starting");
      host.say("b1", "masterless", "31");
      expect((await host.run(["settle", "b1"])).code).toBe(0);
    }),
  );
});

describe("bridges", () => {
  it.concurrent("waits for every connector of a master, and not for a slave's", () =>
    withHost(async (host) => {
      await confirmed(host);
      expect((await host.run(["bridges", "b1", "a-to-b"])).code).toBe(0);
      host.say("b1", "role", "master");
      expect(await host.run(["bridges", "b1", "a-to-b", "a-to-c"])).toMatchObject({
        code: 1,
        err: expect.stringMatching(/a-to-b a-to-c/) as string,
      });
      host.say("b1", "bridges", "a-to-b\na-to-c");
      expect((await host.run(["bridges", "b1", "a-to-b", "a-to-c"])).code).toBe(0);
    }),
  );
});

describe("supervision", () => {
  it.concurrent("starts a killed process again, and keeps a halted one down until it is started", () =>
    withHost(async (host) => {
      await confirmed(host);
      const pid = await host.pid("b1");
      await host.run(["kill", "b1"]);
      await eventually(
        () => host.pid("b1"),
        (now) => now !== "" && now !== pid,
      );
      await host.run(["halt", "b1"]);
      expect((await host.run(["probe", "b1", "role"])).out).toBe("down");
      expect((await host.run(["start", "b1"])).code).toBe(0);
      await eventually(
        () => host.pid("b1"),
        (now) => now !== "",
      );
    }),
  );

  it.concurrent("never shows a count of ends that is half written: a new file takes its place", () =>
    withHost(async (host) => {
      await confirmed(host);
      const [file, former] = [join(host.directory, "b1/run/exits"), join(host.directory, "former")];
      const endOnce = async (count: string) => {
        await host.run(["kill", "b1"]);
        await eventually(
          () => existsSync(file) && readFileSync(file, "utf8"),
          (text) => text === count,
        );
      };
      await endOnce("1\n");
      linkSync(file, former);
      await eventually(
        () => host.pid("b1"),
        (pid) => pid !== "",
      );
      await endOnce("2\n");
      expect(readFileSync(former, "utf8")).toBe("1\n");
    }),
  );

  it.concurrent("ends a process that outlived its supervisor before it starts another", () =>
    withHost(async (host) => {
      await confirmed(host);
      const orphan = await host.pid("b1");
      const supervisor = readFileSync(join(host.directory, "b1/run/supervisor.pid"), "utf8").split(" ")[0];
      process.kill(Number(supervisor), "SIGKILL");
      expect((await host.run(["start", "b1"])).code).toBe(0);
      await eventually(
        () => host.pid("b1"),
        (now) => now !== "" && now !== orphan,
      );
      expect(existsSync(`/proc/${orphan}`)).toBe(false);
    }),
  );

  it.concurrent("removes everything but the data", () =>
    withHost(async (host) => {
      await confirmed(host);
      const pid = await host.pid("b1");
      expect((await host.run(["remove", "b1"])).code).toBe(0);
      expect(existsSync(`/proc/${pid}`)).toBe(false);
      expect(readdirSync(join(host.directory, "b1"))).toEqual(["data"]);
    }),
  );
});

describe("drain", () => {
  const drainedFile = (host: FakeHost) => join(host.directory, "b1/drained");

  it.concurrent("stops in order, marks it outside of what a reboot may lose, and says so when asked", () =>
    withHost(async (host) => {
      await confirmed(host);
      const pid = await host.pid("b1");
      expect((await host.run(["probe", "b1", "drained"])).out).toBe("");
      expect(await host.run(["drain", "b1"])).toEqual({ code: 0, out: "", err: "" });
      expect(existsSync(`/proc/${pid}`)).toBe(false);
      expect(readFileSync(drainedFile(host), "utf8")).toMatch(/^\d{4}-\d\d-\d\dT/);
      expect((await host.run(["probe", "b1", "role"])).out).toBe("down");
      expect((await host.run(["probe", "b1", "drained"])).out).toBe("drained");
      // Its probe is asked although nothing runs, for this alone.
      writeFileSync(join(host.directory, "b1/data/failure"), "a reason\n");
      expect((await host.run(["probe", "b1", "failure"])).out).toBe("a reason");
      expect((await host.run(["probe", "b1", "copied"])).out).toBe("");
    }),
  );

  it.concurrent.each([[["start", "b1"]], [["settle", "b1"]], [["visit", "b1", "1"]], [["await", "b1"]]])(
    "%j is refused meanwhile",
    (words) =>
      withHost(async (host) => {
        await confirmed(host);
        await host.run(["drain", "b1"]);
        await host.stage("b1", "two");
        const { code, err } = await host.run(words);
        expect(code).toBe(1);
        expect(err).toMatch(/^b1 is drained since 20.*--back has put it back$/);
        expect(await host.pid("b1")).toBe("");
      }),
  );

  it.concurrent("asks no bridges of it", () =>
    withHost(async (host) => {
      await confirmed(host);
      await host.run(["drain", "b1"]);
      expect((await host.run(["bridges", "b1", "a-to-b"])).code).toBe(0);
    }),
  );

  it.concurrent("comes back with what it ran before; what was staged meanwhile waits for its visit", () =>
    withHost(async (host) => {
      await confirmed(host);
      await host.run(["drain", "b1"]);
      await host.stage("b1", "two");
      expect((await host.run(["put-back", "b1"])).code).toBe(0);
      expect(existsSync(drainedFile(host))).toBe(false);
      await eventually(
        async () => (await host.run(["probe", "b1", "role"])).out,
        (role) => role === "slave",
      );
      expect(host.running("b1")).toBe("one");
      expect((await host.run(["settle", "b1"])).out).toBe("pending");
      expect((await host.run(["visit", "b1", "1"])).code).toBe(0);
      expect(host.running("b1")).toBe("two");
    }),
  );

  it.concurrent("disables a unit, too, so that it does not come back with the machine", () =>
    withHost((host) => {
      const folder = join(host.directory, "fake");
      mkdirSync(join(folder, "b1", "versions", "one"), { recursive: true });
      symlinkSync("versions/one", join(folder, "b1", "active"));
      mkdirSync(join(folder, "bin"));
      const write = (file: string, text: string) => {
        writeFileSync(join(folder, "bin", file), text, { mode: 0o755 });
      };
      write("amq-host", hostScript("/nowhere", "systemd"));
      write("systemctl", '#!/bin/sh\necho "$@" >> "$CALLS"\n[ "$1" != show ] || echo inactive\n');
      const calls = join(folder, "calls");
      const env = { ...process.env, CALLS: calls, PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}` };
      const { status, stderr } = spawnSync(join(folder, "bin", "amq-host"), ["drain", "b1"], { env, encoding: "utf8" });
      expect([status, stderr]).toEqual([0, ""]);
      expect(readFileSync(calls, "utf8").split("\n").slice(0, 2)).toEqual([
        "--quiet disable amq-fake-b1.service",
        "stop amq-fake-b1.service",
      ]);
      expect(existsSync(join(folder, "b1", "drained"))).toBe(true);
    }),
  );

  it.concurrent("twice is once, and what never ran cannot be drained", () =>
    withHost(async (host) => {
      await confirmed(host);
      await host.run(["drain", "b1"]);
      const since = readFileSync(drainedFile(host), "utf8");
      expect((await host.run(["drain", "b1"])).code).toBe(0);
      expect(readFileSync(drainedFile(host), "utf8")).toBe(since);
      expect((await host.run(["drain", "b2"])).err).toBe("b2: nothing to drain, run up first");
    }),
  );
});

describe("preflight", () => {
  it.concurrent("names the port and who holds it, and reports every taken port", () =>
    withHost(async (host) => {
      const server = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const { port } = server.address() as { port: number };
      const { code, err } = await host.run(["preflight", "b1", `127.0.0.1:${port}`]);
      server.close();
      expect(code).toBe(1);
      expect(err).toContain(`port ${port} on 127.0.0.1 is taken`);
      expect(err).toContain(`(pid ${process.pid})`);
    }),
  );

  it.concurrent("says so when Java is missing or too old", () =>
    withHost(async (host) => {
      expect((await host.run(["preflight", "b1"], "", { JAVA_HOME: "/nowhere" })).err).toMatch(
        /there is no Java: .*install/,
      );
    }),
  );
});

describe("a machine with systemd", () => {
  /** A machine's script, with programs in front of those of this one, and what it answers to some words. */
  function machine(host: FakeHost, tools: Readonly<Record<string, string>>, ...words: string[]) {
    const folder = join(host.directory, "fake");
    mkdirSync(join(folder, "bin"), { recursive: true });
    const all = { "amq-host": hostScript("/nowhere", "systemd"), ...tools };
    for (const [file, text] of Object.entries(all)) writeFileSync(join(folder, "bin", file), text, { mode: 0o755 });
    const env = { ...process.env, PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}` };
    const { status, stdout, stderr } = spawnSync(join(folder, "bin", "amq-host"), words, { env, encoding: "utf8" });
    return { status, said: stdout + stderr };
  }
  const java = "#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n";
  const systemd = (first: string) => `#!/bin/sh\necho '${first}'\necho '+PAM +AUDIT'\n`;

  it.concurrent.each([
    ["Debian 12", "systemd 252 (252.39-1~deb12u2)"],
    ["RHEL 9", "systemd 252 (252-51.el9)"],
    ["Amazon Linux 2023", "systemd 252 (252.23-2.amzn2023)"],
    ["the oldest", "systemd 246 (v246.0)"],
  ])("suits with that of %s", (_, first) =>
    withHost((host) => {
      expect(machine(host, { java, systemctl: systemd(first) }, "suits", "0")).toEqual({ status: 0, said: "" });
    }),
  );

  it.concurrent.each([
    ["systemd 245 (245.4-4ubuntu3.24)", "systemd 245 is too old, 246 is needed"],
    ["another init", "systemd cannot be found"],
  ])("does not with %s", (first, told) =>
    withHost((host) => {
      expect(machine(host, { java, systemctl: systemd(first) }, "suits", "0")).toEqual({
        status: 1,
        said: expect.stringContaining(told) as string,
      });
    }),
  );

  it.concurrent("is told to kill in words that releases before 252 know, too", () =>
    withHost((host) => {
      const said = "--signal=KILL amq-fake-b1.service";
      const systemctl =
        '#!/bin/sh\n[ "$2" = --kill-who=main ] || { echo "unrecognized option $2"; exit 1; }\necho "$3 $4"\n';
      expect(machine(host, { systemctl }, "kill", "b1")).toEqual({ status: 0, said: `${said}\n` });
      expect(machine(host, { systemctl }, "signal", "b1", "STOP").said).toBe(`${said.replace("KILL", "STOP")}\n`);
    }),
  );
});

describe("files on their way to a host", () => {
  it("refuses a text that holds its own separator", () => {
    expect(() => fileBundle([{ path: "x", text: "#### FILE 600 y" }])).toThrow("x contains");
  });
});

describe("rejoin", () => {
  /** What a machine says of its data volume, by stand-ins for the tools that would ask a real one. */
  function volume(host: FakeHost, answers: { findmnt?: string; blockdev?: string; xfs_growfs?: string }): string {
    const folder = join(host.stack, "tools");
    mkdirSync(folder, { recursive: true });
    const lines = { findmnt: "echo /dev/data xfs", blockdev: "echo 2147483648", xfs_growfs: "true", ...answers };
    for (const [tool, line] of Object.entries(lines)) {
      writeFileSync(join(folder, tool), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    }
    return `${folder}:${process.env["PATH"] ?? ""}`;
  }

  /** As after another boot, or on another machine: the volume of 2 GiB is there, nothing runs. */
  const rejoin = (host: FakeHost, deployment = "one", env = {}, answers = {}) =>
    host.run(["rejoin", "2"], `${deployment}\n`, { PATH: volume(host, answers), ...env });

  it.concurrent.each([
    ["is not mounted", { findmnt: "exit 1" }, "the data volume is not mounted at"],
    ["has not been enlarged yet", { blockdev: "echo 1073741824" }, "has 1024 MiB, not the 2 GiB"],
    ["cannot be grown", { xfs_growfs: "echo torn; exit 1" }, "could not be grown: torn"],
  ])("starts nothing where the volume %s, and says so", (_what, answers, message) =>
    withHost(async (host) => {
      await confirmed(host);
      await host.run(["stop", "b1"]);
      const { code, err } = await rejoin(host, "one", { AMQ_GROW_SECONDS: "0" }, answers);
      expect([code, err]).toEqual([1, expect.stringContaining(message)]);
      expect(await host.pid("b1")).toBe("");
    }),
  );

  it.concurrent("takes no volume for empty that another stack has left", () =>
    withHost(async (host) => {
      const other = join(host.directory, "..", "other");
      for (const folder of ["bin", "b9/data"]) mkdirSync(join(other, folder), { recursive: true });
      writeFileSync(join(other, "bin", "amq-host"), "another stack's\n");
      writeFileSync(join(other, "b9", "data", "message"), "kept\n");
      writeFileSync(join(other, "deployment"), "x\n");
      const { code, err } = await rejoin(host);
      expect([code, err]).toEqual([1, expect.stringContaining("holds messages of stack other")]);
      // What it says to type does what it says.
      const [, line = ""] = /To go on with them: (.*?)\. To give them up/.exec(err) ?? [];
      expect(spawnSync("bash", ["-ec", line]).status).toBe(0);
      expect(existsSync(other)).toBe(false);
      expect(readFileSync(join(host.directory, "b9", "data", "message"), "utf8")).toBe("kept\n");
      expect((await rejoin(host)).code).toBe(0);
    }),
  );

  it.concurrent("passes at once where nothing was ever part of a group", () =>
    withHost(async (host) => {
      expect(await rejoin(host)).toMatchObject({ code: 0, out: "nothing was here before" });
      host.say("b1", "role", "starting");
      await host.stage("b1", "one");
      expect(await rejoin(host)).toMatchObject({ code: 0, out: "nothing was here before" });
    }),
  );

  it.concurrent("starts what the volume holds, and stays until it is part of its group", () =>
    withHost(async (host) => {
      expect((await rejoin(host)).code).toBe(0);
      await confirmed(host);
      await host.run(["stop", "b1"]);
      expect(await rejoin(host)).toMatchObject({ code: 0, out: "b1: slave" });
      expect(host.running("b1")).toBe("one");
      const pid = await host.pid("b1");
      expect(await rejoin(host)).toMatchObject({ code: 0, out: "b1: slave" });
      expect(await host.pid("b1")).toBe(pid);
    }),
  );

  it.concurrent("fails, with the log, when that does not become healthy: the next machine is not touched", () =>
    withHost(async (host) => {
      await confirmed(host);
      await host.run(["stop", "b1"]);
      host.say("b1", "role", "starting");
      const { code, err } = await rejoin(host, "one", { AMQ_REJOIN_SECONDS: "1" });
      expect(code).toBe(1);
      expect(err).toContain("b1 on ");
      expect(err).toContain("The machines after it are as they were");
    }),
  );

  it.concurrent("starts nothing that is drained, and says so", () =>
    withHost(async (host) => {
      await confirmed(host);
      await host.run(["drain", "b1"]);
      expect(await rejoin(host)).toMatchObject({ code: 1, err: expect.stringContaining("drained since") as string });
      expect(await host.pid("b1")).toBe("");
    }),
  );

  it.concurrent("keeps the data of an earlier deployment, and nothing that was run with its passwords", () =>
    withHost(async (host) => {
      expect((await rejoin(host, "one")).code).toBe(0);
      await confirmed(host);
      await host.run(["stop", "b1"]);
      expect(await rejoin(host, "two")).toMatchObject({
        code: 0,
        out: "b1: of an earlier deployment; its data stays\nnothing was here before",
      });
      expect(readdirSync(join(host.directory, "b1"))).toEqual(["data"]);
      expect(await rejoin(host, "two")).toMatchObject({ code: 0, out: "nothing was here before" });
    }),
  );
});
