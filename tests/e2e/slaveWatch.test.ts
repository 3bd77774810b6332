/**
 * A slave that stays half attached: its download from the master has ended without a word, while what the master writes goes on
 * coming. The master is forged; it speaks the product's replication protocol (ReplicationProtocolCodec: action, line end, JSON, 0).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { limit } from "../../testbed/harness/patience";
import { javaCommand } from "./java";

const SILENCE_SECONDS = 4;
/** ElectionWatchdog.EXIT_CODE. */
const LEFT = 75;
const LOG = "0000000000000000.log";
const LENGTH = 100_000;
const WRITE = Buffer.alloc(8);

type Download = (session: Socket) => void;

const frame = (action: string, body?: unknown) => `${action}\n${body === undefined ? "" : JSON.stringify(body)}\0`;

/** A master that answers each request of a slave, and then writes to its log for as long as the slave is there. */
function forgeMaster(download: Download): Server {
  return createServer((session) => {
    let asked = "";
    let writing: NodeJS.Timeout | undefined;
    const write = (offset: number) => {
      session.write(frame("wal", { file: 0, offset, length: WRITE.length, sync: false, date: 0 }));
      session.write(WRITE);
    };
    session
      .on("error", () => undefined)
      .on("close", () => {
        clearInterval(writing);
      });
    session.setEncoding("latin1").on("data", (text: string) => {
      asked += text;
      for (let end = asked.indexOf("\0"); end >= 0; end = asked.indexOf("\0")) {
        const [action = ""] = asked.slice(0, end).split("\n");
        asked = asked.slice(end + 1);
        if (action.endsWith(":login")) session.write(frame("ok"));
        else if (action === "get") download(session);
        else if (action === "sync") {
          const files = { index_files: [], log_files: [{ file: LOG, length: LENGTH, crc32: 1 }], append_log: LOG };
          session.write(frame("ok", { snapshot_position: 0, wal_append_position: LENGTH, ...files }));
          let offset = LENGTH;
          writing = setInterval(() => {
            write((offset += WRITE.length));
          }, 100);
        }
      }
    });
  });
}

/** Runs a slave against such a master until it ends. */
async function attach(download: Download): Promise<{ code: number | null; said: string; seconds: number }> {
  const master = forgeMaster(download).listen(0, "127.0.0.1");
  const directory = mkdtempSync(join(tmpdir(), "amq-test-"));
  try {
    await once(master, "listening");
    const url = `tcp://127.0.0.1:${(master.address() as AddressInfo).port}`;
    const words = [directory, url, String(SILENCE_SECONDS)];
    const [command, args] = javaCommand("classic-5.16", "SlaveWatchCheck", words);
    const began = Date.now();
    const slave = spawn(command, args, { timeout: limit(60) });
    let said = "";
    for (const stream of [slave.stdout, slave.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(slave, "close")) as [number | null];
    return { code, said, seconds: (Date.now() - began) / 1000 };
  } finally {
    master.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

it("ends when the master refuses a file, although the master's writes go on coming", async () => {
  const { code, said } = await attach((session) => session.write(frame("error", "file does not exist")));
  expect([code, said]).toEqual([LEFT, expect.stringContaining("Not attached, and nothing has come for 4 s") as string]);
});

it("is left alone while a file comes, however slowly", async () => {
  const slowSeconds = 3 * SILENCE_SECONDS;
  const { code, seconds } = await attach((session) => {
    session.write(frame("ok"));
    const drops = setInterval(() => session.write(WRITE), 250);
    setTimeout(() => {
      clearInterval(drops);
    }, slowSeconds * 1000);
  });
  expect(code).toBe(LEFT);
  expect(seconds).toBeGreaterThan(slowSeconds + SILENCE_SECONDS);
});
