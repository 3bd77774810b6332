/**
 * Every activemq.xml that we render is valid by the schemas in its release's own jars, without the network.
 *
 * Needs the runtime, which Maven resolves when it is not there yet.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validateXML } from "xmllint-wasm";
import { availableReleases, type ClassicRuntime, distributionOf } from "../../core/products/releases";
import { plan } from "../../core/plan/plan";
import { render } from "../../core/render/render";
import { stacksOf } from "../../core/load/stackNames";
import { resolveCommand, runtimeDirectory } from "../../core/host/runtimes";
import { fileOf, RUNTIMES } from "../support/plans";
import { configOf, PROJECT, type Values, valuesOfFile } from "../support/raw";
import { STORE_NAMES, usualBrokers } from "../../core/products/stores";
import { forOptionalTransports } from "../../core/products/transports";

const FIXTURES = join(PROJECT, "tests", "support", "fixtures");

/** In the jar of spring-beans. */
const BEANS_XSD: Readonly<Record<ClassicRuntime, string>> = {
  "classic-5.16": "org/springframework/beans/factory/xml/spring-beans-4.3.xsd",
  "classic-6.3": "org/springframework/beans/factory/xml/spring-beans.xsd",
};

/** One schema for a file that mixes both namespaces; activemq.xsd imports spring-beans.xsd, by an address, too. */
const BOTH = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
  <xs:import namespace="http://www.springframework.org/schema/beans" schemaLocation="spring-beans.xsd"/>
  <xs:import namespace="http://activemq.apache.org/schema/core" schemaLocation="activemq.xsd"/>
</xs:schema>`;

interface Schemas {
  readonly activemq: string;
  readonly beans: string;
}
const schemas = new Map<string, Schemas>();

beforeAll(() => {
  for (const release of availableReleases()) {
    const { runtime } = distributionOf(release);
    const [command = "", ...args] = resolveCommand(runtime);
    execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
    schemas.set(release, {
      activemq: entryOf(runtime, "activemq-spring", "activemq.xsd"),
      beans: entryOf(runtime, "spring-beans", BEANS_XSD[runtime]),
    });
  }
});

/** A file of the one jar whose name begins so. */
function entryOf(runtime: ClassicRuntime, jarName: string, entry: string): string {
  const lib = join(runtimeDirectory(runtime), "lib");
  const jars = readdirSync(lib).filter((file) => file.startsWith(`${jarName}-`));
  expect(jars).toHaveLength(1);
  const folder = mkdtempSync(join(tmpdir(), "xsd-"));
  try {
    execFileSync("jar", ["--extract", "--file", join(lib, jars[0] ?? ""), entry], { cwd: folder });
    return readFileSync(join(folder, entry), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is wrong with the texts; empty when nothing is. */
async function faultsOf({ release, texts }: Rendered): Promise<string[]> {
  const { activemq = "", beans = "" } = schemas.get(release) ?? {};
  const { valid, errors } = await validateXML({
    xml: [...texts].map(([fileName, contents]) => ({ fileName, contents })),
    schema: { fileName: "both.xsd", contents: BOTH },
    preload: [
      { fileName: "activemq.xsd", contents: activemq },
      { fileName: "spring-beans.xsd", contents: beans },
    ],
  });
  return valid ? [] : errors.map((error) => error.rawMessage);
}

interface Rendered {
  readonly release: string;
  /** The distinct activemq.xml, by file name. */
  readonly texts: ReadonlyMap<string, string>;
}

function rendered(name: string, values: Values): Rendered {
  const planned = plan(name, configOf(values));
  const services = render(planned, RUNTIMES).filter((service) => service.kind === "classic");
  const texts = services.map((service) => [`${service.name}.xml`, fileOf(service, "activemq.xml").text] as const);
  return { release: planned.config.release, texts: new Map(texts) };
}

const shipped = (stack: string) => rendered(stack, valuesOfFile(PROJECT, "config", `Pulumi.${stack}.yaml`));

test.each(stacksOf(PROJECT))("config/Pulumi.%s.yaml", async (stack) => {
  expect(await faultsOf(shipped(stack))).toEqual([]);
});

test.each(readdirSync(FIXTURES).filter((file) => file.endsWith(".yaml")))("fixture %s", async (file) => {
  expect(await faultsOf(rendered("fixture", valuesOfFile(FIXTURES, file)))).toEqual([]);
});

/** Every release with every store it has, and what is rendered only at times. */
test.each(STORE_NAMES.flatMap((store) => availableReleases([store]).map((release) => ({ release, store }))))(
  "release $release with $store",
  async ({ release, store }) => {
    const group = (name: string) => ({ name, brokers: usualBrokers(store) });
    for (const passwords of [{}, { generation: 2 }]) {
      const every = ["queue://x", "topic://y"];
      const bridge = {
        from: "a",
        to: "b",
        excludedDestinations: ["queue://z.>"],
        staticallyIncludedDestinations: every,
      };
      const values = {
        ...{ target: "local", release, store, passwords, groups: [group("a"), group("b")] },
        ...{ topology: "custom", bridges: [{ ...bridge, dynamicallyIncludedDestinations: every }] },
      };
      const transports = forOptionalTransports(() => true);
      expect(await faultsOf(rendered("release", { ...values, transports }))).toEqual([]);
    }
  },
);

describe("a broken file does not pass", () => {
  test.each([
    [
      "an attribute that the release does not have",
      'useShutdownHook="false"',
      'useShutdownHooks="false"',
      /useShutdownHooks/,
    ],
    [
      "a value of the wrong type",
      'schedulePeriodForDiskUsageCheck="60000"',
      'schedulePeriodForDiskUsageCheck="none"',
      /none/,
    ],
    [
      "an element that the release does not have",
      "<managementContext>",
      "<managementContexts/><managementContext>",
      /managementContexts/,
    ],
    ["a Spring attribute that does not exist", 'init-method="start"', 'init-methods="start"', /init-methods/],
  ])("%s", async (_, sound, broken, message) => {
    const { release, texts } = shipped("local");
    const [[name, text] = ["", ""]] = texts;
    expect(text).toContain(sound);
    const faults = await faultsOf({ release, texts: new Map([[name, text.replace(sound, broken)]]) });
    expect(faults.join("\n")).toMatch(message);
  });
});
