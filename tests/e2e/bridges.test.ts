/**
 * Bridges that do not come back: the product's own network connector between two brokers of one process, whose first connection goes
 * wrong. The watchdog looks ten times as often as in a broker.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RuntimeName } from "../../core/host/runtimes";
import { ask } from "../../core/util/process";
import { limit } from "../../testbed/harness/patience";
import { javaCommand } from "./java";

const RELEASES = ["classic-5.16", "classic-6.3"] as const;
const SECONDS = 60;
/** All that one process is asked for. */
const LONGEST_SECONDS = 180;
const FORMS = ["masterslave", "static"];
const MOMENTS = ["nothing", "half a WireFormatInfo", "WireFormatInfo", "half a BrokerInfo", "BrokerInfo"];
const ENDS = ["cut", "silent"];

const directory = mkdtempSync(join(tmpdir(), "amq-test-"));
const log = join(directory, "log4j.properties");

beforeAll(() => {
  writeFileSync(
    log,
    `log4j.rootLogger=ERROR, out
log4j.logger.activemq.cluster=WARN
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.SimpleLayout
`,
  );
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Both releases side by side: they wait, mostly. */
const both = (...faults: string[]) => Promise.all(RELEASES.map((release) => check(release, ...faults)));

/** @returns a line for each bridge, and everything that was said */
async function check(release: RuntimeName, ...faults: string[]) {
  const words = ["ours", String(Math.ceil(limit(SECONDS) / 1000)), ...faults];
  // ActiveMQ 5.16 and 6.3 log by different libraries.
  const options = [`-Dlog4j.configuration=file:${log}`, "-Dlog4j2.level=WARN"];
  const { stdout, stderr } = await ask(...javaCommand(release, "BridgeCheck", words, options), {
    timeoutMillis: limit(LONGEST_SECONDS),
  });
  const said = stdout + stderr;
  return { release, bridges: Array.from(said.matchAll(/^= (.*)$/gm), ([, line]) => line), said };
}

/** What BridgeCheck says on both releases. What the product does alone: docs/internals/bridges-internals.md. */
async function expectBoth(fault: string, lines: readonly string[]): Promise<void> {
  const found = await both(fault);
  expect(found.map(({ release, bridges }) => [release, bridges])).toEqual(RELEASES.map((release) => [release, lines]));
}

it("the watchdog starts a connector anew whose bridge stays away, and says so", async () => {
  for (const { bridges, said } of await both("unseen", "closed")) {
    expect(bridges).toEqual([
      "masterslave, broken before it is noted: up by the watchdog",
      "masterslave, closed by its own broker: up, up by the watchdog",
      "static, closed by its own broker: up, up by the watchdog",
    ]);
    const reason = (attempt: string) =>
      new RegExp(
        String.raw`The bridge \S+ has been missing for \d+ s although \S+ answers\. ` +
          String.raw`Its newest attempt ${attempt}\. Starting its connector anew, 1 in a row\.`,
      );
    expect(said).toMatch(reason(String.raw`began \d+ s ago and has not ended`));
    expect(said).toMatch(reason(String.raw`was stopped \d+ s ago`));
  }
});

it("it does nothing while the peer is away, nor to a bridge that is up", () =>
  expectBoth(
    "away",
    FORMS.map((form) => `${form}, peer away and back: no bridge by itself, up, left alone`),
  ));

it("it waits longer the next time, because a new start does not mend everything", () =>
  expectBoth("refused", ["masterslave, refused by its own broker: the second start takes longer"]));

it("a bridge comes back after every moment of the handshake", () =>
  expectBoth(
    "handshake",
    FORMS.flatMap((form) => MOMENTS.flatMap((moment) => ENDS.map((end) => `${form}, ${end} after ${moment}: up`))),
  ));
