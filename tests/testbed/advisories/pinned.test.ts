import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { distributionOf } from "../../../core/products/releases";
import { RUNTIMES } from "../../../core/host/runtimes";
import GROUPS from "../../../testbed/advisories/groups.json";
import { pinned } from "../../../testbed/advisories/pinned";
import { PROJECT } from "../../support/raw";

const has = (ecosystem: string, name: string, runtime: string) =>
  pinned().find((one) => one.ecosystem === ecosystem && one.name === name && one.runtimes.includes(runtime))?.version;

test("every jar of every runtime is asked about, with a version that its name has", () => {
  for (const runtime of RUNTIMES) {
    const jars = readFileSync(join(PROJECT, "runtime", runtime, "jars.sha256"), "utf8")
      .trim()
      .split("\n");
    const asked = pinned().filter(({ ecosystem, runtimes }) => ecosystem === "Maven" && runtimes.includes(runtime));
    const named = (name: string, version: string) =>
      jars.filter(
        (line) => line.includes(`/${name.split(":")[1] ?? ""}-${version}`) || line.includes("_javaagent.jar"),
      );
    expect(asked).toHaveLength(jars.length);
    for (const { name, version } of asked) expect([name, named(name, version).length > 0]).toEqual([name, true]);
  }
});

test("versions with classifiers, in a POM alone, and of products as a whole", () => {
  expect(has("Maven", "io.netty:netty-transport-native-epoll", "zookeeper-3.9")).toMatch(/^\d+\.\d+\.\d+\.Final$/);
  expect(has("Maven", "io.prometheus.jmx:jmx_prometheus_javaagent", "classic-6.3")).toMatch(/^\d+\.\d+\.\d+$/);
  expect(has("Bitnami", "postgresql", "postgresql-16")).toMatch(/^16\./);
  for (const release of ["5.16", "6.3"]) {
    const { runtime, version } = distributionOf(release);
    expect([release, has("Bitnami", "activemq", runtime)]).toEqual([release, version]);
  }
});

test("a jar without a group is named, with what to do", () => {
  const root = mkdtempSync(join(tmpdir(), "amq-pinned-"));
  try {
    for (const runtime of RUNTIMES) cpSync(join(PROJECT, "runtime", runtime), join(root, runtime), { recursive: true });
    appendFileSync(join(root, "client", "jars.sha256"), `${"0".repeat(64)}  lib/unheard-of-1.0.jar\n`);
    expect(() => pinned(root)).toThrow(
      /runtime\/client\/jars\.sha256: unheard-of-1\.0\.jar has no group.*groups\.json/,
    );
  } finally {
    rmSync(root, { recursive: true });
  }
});

test("no jar is in two groups", () => {
  const all = Object.values(GROUPS).flat();
  expect(all).toEqual([...new Set(all)]);
});
