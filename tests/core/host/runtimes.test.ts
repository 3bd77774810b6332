import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { resolveCommand, runtimeDirectory, runtimeHash, RUNTIMES } from "../../../core/host/runtimes";

const ROOT = path.resolve(__dirname, "../../../runtime");

describe("runtimeHash", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "amq-hash-"));
    cpSync(path.join(ROOT, "client"), path.join(root, "client"), { recursive: true });
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const change = (file: string, text: string): void => {
    writeFileSync(path.join(root, "client", file), text);
  };

  test("is the same for the same files, wherever they are", () => {
    expect(runtimeHash("client", root)).toBe(runtimeHash("client"));
    expect(runtimeHash("client")).toMatch(/^[0-9a-f]{12}$/);
  });

  test.each(["pom.xml", "jars.sha256", "java/activemq/cluster/client/Client.java"])("changes with %s", (file) => {
    const before = runtimeHash("client", root);
    change(file, `${readFileSync(path.join(root, "client", file), "utf8")}\n`);
    expect(runtimeHash("client", root)).not.toBe(before);
  });

  test("changes with a new, a renamed and a removed source", () => {
    const hashes = new Set([runtimeHash("client", root)]);
    change("java/A.java", "class A {}");
    hashes.add(runtimeHash("client", root));
    rmSync(path.join(root, "client/java/A.java"));
    change("java/B.java", "class A {}");
    hashes.add(runtimeHash("client", root));
    rmSync(path.join(root, "client/java"), { recursive: true });
    hashes.add(runtimeHash("client", root));
    expect(hashes.size).toBe(4);
  });

  test("changes with what the releases of a product share, for each of them", () => {
    cpSync(path.join(ROOT, "classic"), path.join(root, "classic"), { recursive: true });
    for (const name of ["classic-5.16", "classic-6.3"] as const) {
      cpSync(path.join(ROOT, name), path.join(root, name), { recursive: true });
      const before = runtimeHash(name, root);
      expect(before).toBe(runtimeHash(name));
      writeFileSync(path.join(root, "classic/java/A.java"), `class A {} // ${name}`);
      expect(runtimeHash(name, root)).not.toBe(before);
      rmSync(path.join(root, "classic/java/A.java"));
    }
    expect(runtimeHash("client", root)).toBe(runtimeHash("client"));
  });

  test("does not change with anything else", () => {
    const before = runtimeHash("client", root);
    change("notes.txt", "hello");
    mkdirSync(path.join(root, "client/target"));
    expect(runtimeHash("client", root)).toBe(before);
  });
});

describe("runtimeDirectory", () => {
  const environment = { ...process.env };

  afterEach(() => {
    process.env = { ...environment };
  });

  const within = (variables: Record<string, string>): string => {
    process.env = { ...variables };
    return runtimeDirectory("client");
  };

  test("is under AMQ_CACHE, else under the user's cache", () => {
    const folder = `client-${runtimeHash("client")}`;
    expect(within({ AMQ_CACHE: "/c", XDG_CACHE_HOME: "/x" })).toBe(`/c/${folder}`);
    expect(within({ XDG_CACHE_HOME: "/x" })).toBe(`/x/activemq-cluster/${folder}`);
    expect(within({})).toBe(`${homedir()}/.cache/activemq-cluster/${folder}`);
    expect(within({ AMQ_CACHE: "", XDG_CACHE_HOME: "" })).toBe(`${homedir()}/.cache/activemq-cluster/${folder}`);
  });

  test("is where the command resolves to", () => {
    expect(resolveCommand("client")).toEqual([
      "bash",
      path.join(ROOT, "resolve.sh"),
      "client",
      runtimeDirectory("client"),
    ]);
  });
});

describe.each(RUNTIMES)("%s", (name) => {
  const pom = readFileSync(path.join(ROOT, name, "pom.xml"), "utf8");
  const locked = readFileSync(path.join(ROOT, name, "jars.sha256"), "utf8")
    .trimEnd()
    .split("\n");

  test("pins every version", () => {
    const properties = new Map(
      [...pom.matchAll(/<([\w.]+)\.version>([^<]+)</g)].map((match) => [`${match[1]}.version`, match[2]]),
    );
    const body = pom.replace(/<exclusion>.*?<\/exclusion>/gs, "");
    const elements = [...body.matchAll(/<(dependency|plugin)>(.*?)<\/\1>/gs)].map((match) => match[2] ?? "");
    expect(elements.length).toBeGreaterThan(1);
    for (const element of elements) {
      const property = /<version>\$\{([^}]+)\}<\/version>/.exec(element)?.[1];
      expect(properties.get(property ?? element)).toMatch(/^\d+(\.\d+)+(\.[A-Z]+)?$/);
    }
    expect(pom).not.toMatch(/LATEST|SNAPSHOT|<version>[[(]/);
  });

  test("names no registry", () => {
    expect(pom).not.toMatch(/<repositor|<pluginRepositor/);
  });

  test("locks every jar once, sorted by path", () => {
    const paths = locked.map(
      (line) => /^[0-9a-f]{64} {2}((?:lib|agent)\/[\w.-]+\.jar)$/.exec(line)?.[1] ?? `malformed: ${line}`,
    );
    expect(paths).toEqual([...new Set(paths)].sort());
    expect(paths.filter((file) => file.startsWith("malformed"))).toEqual([]);
  });

  test("locks the direct dependencies in the versions of the POM", () => {
    const names = locked.map((line) => path.basename(line));
    const versions = [...pom.matchAll(/<(\w[\w.]*\.version)>([^<]+)</g)].filter(
      (match) => match[1] !== "maven.dependency.plugin.version",
    );
    for (const [, property, version] of versions) {
      // The agent's file name carries no version.
      if (property !== "jmx.exporter.version") {
        expect(names.filter((file) => file.endsWith(`-${version ?? ""}.jar`))).not.toEqual([]);
      }
    }
  });
});

test("every runtime is listed", () => {
  const folders = readdirSync(ROOT).filter((folder) => existsSync(path.join(ROOT, folder, "pom.xml")));
  expect(folders.sort()).toEqual([...RUNTIMES].sort());
});
