import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, askBytesSync, askSync, askWithin, leaveRunning, run, showSync } from "../../../core/util/process";
import { comesTrue } from "../../../core/util/until";

const NONE = "/nowhere/no-such-command";
const shell = (line: string): [string, string[]] => ["sh", ["-c", line]];

describe.each([
  ["ask", ask],
  ["askSync", (...args: Parameters<typeof askSync>) => Promise.resolve().then(() => askSync(...args))],
] as const)("%s", (_name, question) => {
  it("takes a failure for an answer", async () => {
    const answer = await question(...shell("echo out; echo err >&2; exit 3"));
    expect(answer).toEqual({ code: 3, stdout: "out\n", stderr: "err\n" });
  });

  it("says 255 when a signal ended it, the time limit's among them", async () => {
    expect((await question(...shell("kill -9 $$"))).code).toBe(255);
    expect((await question("sleep", ["100"], { timeoutMillis: 50 })).code).toBe(255);
  });

  it("runs it where it is told, with the environment and the input it is given", async () => {
    const { PATH } = process.env;
    const options = { cwd: "/", env: { PATH, GREETING: "hello" }, input: "there" };
    expect((await question(...shell('pwd; echo "$GREETING"; cat'), options)).stdout).toBe("/\nhello\nthere");
  });

  it("gives it nothing to read when it is given nothing", async () => {
    expect((await question("cat", [])).stdout).toBe("");
  });

  it("does not mind a command that leaves its input unread", async () => {
    expect((await question("true", [], { input: "x".repeat(1_000_000) })).code).toBe(0);
  });

  it("throws for a command that there is not, with its name", async () => {
    await expect(question(NONE, [])).rejects.toThrow(NONE);
  });
});

it("askBytesSync leaves bytes as they are", () => {
  expect([...askBytesSync("printf", ["\\377\\0"]).stdout]).toEqual([255, 0]);
});

describe("run", () => {
  it("returns what a command says", async () => {
    expect(await run("echo", "a", "b")).toBe("a b\n");
  });

  it("throws with the command, its exit code and what it said", async () => {
    await expect(run("sh", "-c", "echo torn >&2; exit 4")).rejects.toThrow(
      "sh -c echo torn >&2; exit 4: exit code 4: torn",
    );
  });
});

describe("showSync", () => {
  it("returns the exit code", () => {
    expect(showSync(...shell("exit 5"))).toBe(5);
  });

  it("throws for a command that there is not", () => {
    expect(() => showSync(NONE, [])).toThrow(NONE);
  });
});

describe("askWithin", () => {
  it("answers without line ends around it", async () => {
    expect(await askWithin(...shell("echo out; echo err >&2; exit 3"), 100)).toEqual({
      code: 3,
      stdout: "out",
      stderr: "err",
    });
  });

  it("ends what hangs, and what that has started", async () => {
    const folder = mkdtempSync(join(tmpdir(), "amq-process-"));
    const file = join(folder, "pid");
    const { code, stderr } = await askWithin(...shell(`sleep 300 & echo $! >${file}; echo so far >&2; wait`), 1);
    expect(code).toBeNull();
    expect(stderr).toBe("so far\nno answer within 1 s");
    const child = readFileSync(file, "utf8").trim();
    rmSync(folder, { recursive: true });
    // Its parent is gone: it stays a name in /proc until the first process has asked for its exit code.
    const isGone = () => !existsSync(`/proc/${child}`) || readFileSync(`/proc/${child}/stat`, "utf8").includes(") Z ");
    expect(await comesTrue(isGone, 10_000)).toBe(true);
  });

  it("does not wait for what it left running with its output", async () => {
    const { code, stdout } = await askWithin(...shell("sleep 300 & echo $!"), 100);
    process.kill(Number(stdout), "SIGKILL");
    expect(code).toBe(0);
  });

  it("hears what was said within the time while this process was busy, and not that there was no answer", async () => {
    const answer = askWithin(...shell("echo said"), 1);
    for (const end = Date.now() + 2000; Date.now() < end;);
    expect(await answer).toEqual({ code: 0, stdout: "said", stderr: "" });
  });

  it("takes a command that there is not for an answer", async () => {
    const { code, stderr } = await askWithin(NONE, [], 100);
    expect(code).not.toBe(0);
    expect(stderr).toContain("ENOENT");
  });
});

describe("leaveRunning", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "amq-process-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("keeps what it says in a file that only this user can read, after what is there", async () => {
    const log = join(folder, "log");
    for (const word of ["first", "second"]) {
      const { ended } = leaveRunning(...shell(`cat; echo ${word} >&2`), log, { input: "read\n" });
      expect(await comesTrue(ended, 10_000)).toBe(true);
    }
    expect(readFileSync(log, "utf8")).toBe("read\nfirst\nread\nsecond\n");
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it("is in a session of its own, which an interrupt of this one does not reach", async () => {
    const { pid = 0, ended } = leaveRunning("sleep", ["300"], join(folder, "log"));
    const group = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[2];
    process.kill(pid, "SIGKILL");
    expect(Number(group)).toBe(pid);
    expect(await comesTrue(ended, 10_000)).toBe(true);
  });

  it("has no process, and has ended, where there is no such command", () => {
    const { pid, ended } = leaveRunning(NONE, [], join(folder, "log"));
    expect(pid).toBeUndefined();
    expect(ended()).toBe(true);
  });
});
