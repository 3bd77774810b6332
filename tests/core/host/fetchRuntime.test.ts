/** A runtime on its way through S3: packed here, fetched by a host whose `aws` reads from a folder. */
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { hostScript } from "../../../core/host/hostScript";
import { runtimeArchive } from "../../../components/ssh/runtimeArchive";
import { runtimeDirectory } from "../../../core/host/runtimes";

const before = process.env["AMQ_CACHE"];
const root = mkdtempSync(join(tmpdir(), "amq-fetch-"));
const runtimes = join(root, "runtimes");
const script = join(root, "host/bin/amq-host");
let id: string;
let archive: string;

beforeAll(() => {
  process.env["AMQ_CACHE"] = join(root, "cache");
  const directory = runtimeDirectory("zookeeper-3.9");
  id = basename(directory);
  mkdirSync(join(directory, "lib"), { recursive: true });
  writeFileSync(join(directory, "lib/a.jar"), "a jar");
  writeFileSync(join(directory, "jars.sha256"), `${createHash("sha256").update("a jar").digest("hex")}  lib/a.jar\n`);
  writeFileSync(join(directory, ".complete"), "");
  archive = runtimeArchive("zookeeper-3.9");

  mkdirSync(dirname(script), { recursive: true });
  writeFileSync(script, hostScript(runtimes, "systemd"));
  const tools = join(root, "tools");
  mkdirSync(tools);
  writeFileSync(join(tools, "aws"), `#!/bin/bash\necho "$*" >>${root}/asked\ncat "${root}/s3/\${6#s3://}"\n`);
  // Only root may give files away.
  writeFileSync(join(tools, "chown"), "#!/bin/bash\n");
  for (const tool of readdirSync(tools)) chmodSync(join(tools, tool), 0o755);
});
afterAll(() => {
  if (before === undefined) delete process.env["AMQ_CACHE"];
  else process.env["AMQ_CACHE"] = before;
  rmSync(root, { recursive: true, force: true });
});

/** Puts a file where the host's `aws` finds it, and lets the host fetch it. */
function fetch(content: Buffer): { status: number | null; said: string } {
  mkdirSync(join(root, "s3/bucket/runtimes"), { recursive: true });
  writeFileSync(join(root, "s3/bucket/runtimes/x.tar.gz"), content);
  const { status, stdout, stderr } = spawnSync("bash", [script, "fetch-runtime", id, "eu-west-1"], {
    input: "s3://bucket/runtimes/x.tar.gz\n",
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(root, "tools")}:${process.env["PATH"] ?? ""}` },
  });
  return { status, said: stdout + stderr };
}

it("refuses what is no archive, and what is another runtime, and leaves nothing", () => {
  expect(fetch(Buffer.from("no archive"))).toEqual({
    status: 1,
    said: expect.stringContaining("could not be fetched") as string,
  });
  const other = join(root, "other");
  mkdirSync(join(other, id, "lib"), { recursive: true });
  writeFileSync(join(other, id, "lib/a.jar"), "another jar");
  writeFileSync(join(other, id, ".complete"), "");
  writeFileSync(join(other, id, "jars.sha256"), readFileSync(join(runtimeDirectory("zookeeper-3.9"), "jars.sha256")));
  const packed = spawnSync("tar", ["-cz", "-C", other, id]).stdout;
  expect(fetch(packed)).toEqual({ status: 1, said: expect.stringContaining(`is not what ${id} should be`) as string });
  expect(existsSync(join(runtimes, id))).toBe(false);
});

it("installs what it was sent, once, in its own region", () => {
  expect(fetch(readFileSync(archive))).toEqual({ status: 0, said: `${id} is installed\n` });
  expect(readFileSync(join(runtimes, id, "lib/a.jar"), "utf8")).toBe("a jar");
  expect(fetch(Buffer.from("not even looked at"))).toEqual({ status: 0, said: `${id} is there\n` });
  const asked = readFileSync(join(root, "asked"), "utf8").trim().split("\n");
  expect(asked.at(-1)).toBe("s3 cp --only-show-errors --region eu-west-1 s3://bucket/runtimes/x.tar.gz -");
});

it("is packed once", () => {
  writeFileSync(archive, "kept");
  expect(readFileSync(runtimeArchive("zookeeper-3.9"), "utf8")).toBe("kept");
});
