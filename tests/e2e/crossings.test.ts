/**
 * What crosses between two groups, and how: brokers of one process for each release, by the configuration that we render. Groups a and b
 * dial each other, group c dials group d with a duplex connector.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentialsText } from "../../core/plan/users";
import { plan } from "../../core/plan/plan";
import { releaseLineOf } from "../../core/render/activemq/releaseLine";
import { render } from "../../core/render/render";
import { limit } from "../../testbed/harness/patience";
import { group } from "../../testbed/harness/testProject";
import { fileOf, placeholdersIn, RUNTIMES } from "../support/plans";
import { configOf } from "../support/raw";
import { javaSays } from "./java";

/** Seconds that one message may take. */
const SECONDS = 20;
const GROUPS = ["a", "b", "c", "d"];
/** From one group to another: by a connector of its own, and by either end of a duplex one. */
const WAYS = ["a b", "c d", "d c"];
/** A check of CrossingCheck.java, and what it says of each way. */
const CHECKS: Record<string, string> = {
  selectors: "50 blue over there, 50 red here, 50 crossed",
  shared: "10 green over there, then 10 blue",
  burst: "10000 over there",
  virtual: "each once",
  moved: "5 over there, then 45 here",
  early: "1 here",
};

const directory = mkdtempSync(join(tmpdir(), "amq-test-"));

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Writes what brokers are started from. @returns the planned stack */
function stackOf(release: string, folder: string) {
  const groups = GROUPS.map((name, i) => group(name, i, 1));
  const bridges = [
    { from: "a", to: "b" },
    { from: "b", to: "a" },
    { from: "c", to: "d", duplex: true },
  ];
  const config = configOf({
    ...{ target: "local", release, store: "kahaDB", groups, topology: "custom", bridges },
    // A bridge that breaks on a busy machine loses messages of topics.
    client: { maxInactivityMillis: limit(30) },
  });
  const keys = new Set<string>();
  for (const service of render(plan("test", config), RUNTIMES)) {
    const home = join(folder, service.name.replace("-1", ""));
    mkdirSync(join(home, "data"), { recursive: true });
    // The look for expired messages wakes queues, each 30 s. Nothing shall have to wait for it.
    const text = fileOf(service, "activemq.xml").text.replaceAll(
      /expireMessagesPeriod="[^"]*"/g,
      'expireMessagesPeriod="0"',
    );
    writeFileSync(join(home, "activemq.xml"), text);
    for (const key of placeholdersIn(text)) keys.add(key);
  }
  keys.delete("activemq.data");
  writeFileSync(
    join(folder, "credentials.properties"),
    credentialsText(Object.fromEntries([...keys].map((key) => [key, "secret"]))),
  );
  return config;
}

it.each([
  ["5.16", "classic-5.16"],
  ["6.3", "classic-6.3"],
] as const)("of %s: a consumer of the other group gets what it asks for, and no more", (release, runtime) => {
  const folder = join(directory, release);
  const { jvmOptions } = releaseLineOf(stackOf(release, folder));
  const seconds = String(Math.ceil(limit(SECONDS) / 1000));
  const lines = Object.entries(CHECKS).flatMap(([check, said]) =>
    WAYS.map((way) => [`${check} ${way}`, said] as const),
  );
  const words = [folder, seconds, GROUPS.join(), ...lines.map(([line]) => line)];
  const said = javaSays(runtime, "CrossingCheck", words, {
    options: [...jvmOptions, `-Xbootclasspath/a:${folder}`, "-Dlog4j2.level=WARN"],
  });
  const found = Array.from(said.matchAll(/^= (.*)$/gm), ([, line]) => line);
  expect(found).toEqual(lines.map((line) => line.join(": ")));
});
