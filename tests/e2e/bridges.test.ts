/**
 * Bridges that do not come back: the product's own network connector between two brokers of one process, whose first connection goes
 * wrong. The watchdog looks ten times as often as in a broker.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RuntimeName, resolveCommand, runtimeDirectory } from "../../core/host/runtimes";
import { limit } from "../../testbed/harness/patience";

/** Longer than the 30 s after which 6.3 gives up a handshake by itself. */
const PRODUCT_SECONDS = 45;
const OURS_SECONDS = 60;
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

/** @returns a line for each bridge, and everything that was said */
function check(release: RuntimeName, who: "product" | "ours", seconds: number, ...faults: string[]) {
  const [command = "", ...resolve] = resolveCommand(release);
  execFileSync(command, resolve, { stdio: ["ignore", "ignore", "inherit"] });
  const { stdout, stderr } = spawnSync(
    "java",
    [
      // ActiveMQ 5.16 and 6.3 log by different libraries.
      `-Dlog4j.configuration=file:${log}`,
      "-Dlog4j2.level=WARN",
      ...["-cp", join(runtimeDirectory(release), "lib", "*"), join(__dirname, "BridgeCheck.java")],
      ...[who, String(Math.ceil(limit(seconds) / 1000)), ...faults],
    ],
    { encoding: "utf8" },
  );
  const said = stdout + stderr;
  return { bridges: Array.from(said.matchAll(/^= (.*)$/gm), ([, line]) => line), said };
}

/** What a release does by itself: 5.16 waits for ever where 6.3 waits for 30 s, and neither dials again after a bridge was closed. */
const UNSEEN = { "classic-5.16": "away", "classic-6.3": "up" } as const;

describe.each(["classic-5.16", "classic-6.3"] as const)("with %s", (release) => {
  it("the product does not dial again after some ends", () => {
    expect(check(release, "product", PRODUCT_SECONDS, "unseen", "closed").bridges).toEqual([
      `masterslave, broken before it is noted: ${UNSEEN[release]}`,
      "masterslave, closed by its own broker: up, away",
      "static, closed by its own broker: up, away",
    ]);
  });

  it("the watchdog starts the connector anew, and says so", () => {
    const { bridges, said } = check(release, "ours", OURS_SECONDS, "unseen", "closed");
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
  });

  it("it does nothing while the peer is away, nor to a bridge that is up", () => {
    expect(check(release, "ours", OURS_SECONDS, "away").bridges).toEqual(
      FORMS.map((form) => `${form}, peer away and back: no bridge by itself, up, left alone`),
    );
  });

  it("it waits longer the next time, because a new start does not mend everything", () => {
    expect(check(release, "ours", OURS_SECONDS, "refused").bridges).toEqual([
      "masterslave, refused by its own broker: the second start takes longer",
    ]);
  });

  it("a bridge comes back after every moment of the handshake", () => {
    expect(check(release, "ours", OURS_SECONDS, "handshake").bridges).toEqual(
      FORMS.flatMap((form) => MOMENTS.flatMap((moment) => ENDS.map((end) => `${form}, ${end} after ${moment}: up`))),
    );
  });
});
