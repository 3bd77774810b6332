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
import { plan } from "../../components/cluster/plan";
import { render } from "../../components/cluster/render";
import { stacksOf } from "../../config/stackFile";
import { resolveCommand, runtimeDirectory } from "../../runtime/runtimes";
import { fileOf, RUNTIMES } from "../broker/plans";
import { configOf, PROJECT, valuesOfFile } from "../config/raw";

const RELEASE = "classic-5.16";
const FIXTURES = join(PROJECT, "tests", "cluster", "fixtures");

/** One schema for a file that mixes both namespaces; activemq.xsd imports spring-beans.xsd, by an address, too. */
const BOTH = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
  <xs:import namespace="http://www.springframework.org/schema/beans" schemaLocation="spring-beans.xsd"/>
  <xs:import namespace="http://activemq.apache.org/schema/core" schemaLocation="activemq.xsd"/>
</xs:schema>`;

interface Schemas {
  readonly activemq: string;
  readonly beans: string;
}
let schemas: Schemas;

beforeAll(() => {
  const [command = "", ...args] = resolveCommand(RELEASE);
  execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  schemas = {
    activemq: entryOf("activemq-spring", "activemq.xsd"),
    beans: entryOf("spring-beans", "org/springframework/beans/factory/xml/spring-beans-4.3.xsd"),
  };
}, 300_000);

/** A file of the one jar whose name begins so. */
function entryOf(jarName: string, entry: string): string {
  const lib = join(runtimeDirectory(RELEASE), "lib");
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
async function faultsOf(texts: ReadonlyMap<string, string>): Promise<string[]> {
  const { valid, errors } = await validateXML({
    xml: [...texts].map(([fileName, contents]) => ({ fileName, contents })),
    schema: { fileName: "both.xsd", contents: BOTH },
    preload: [
      { fileName: "activemq.xsd", contents: schemas.activemq },
      { fileName: "spring-beans.xsd", contents: schemas.beans },
    ],
  });
  return valid ? [] : errors.map((error) => error.rawMessage);
}

/** The distinct activemq.xml of a stack file's values. */
function rendered(name: string, ...file: string[]): Map<string, string> {
  const services = render(plan(name, configOf(valuesOfFile(...file))), RUNTIMES);
  return new Map(
    services
      .filter((service) => service.kind === "classic")
      .map((service) => [`${service.name}.xml`, fileOf(service, "activemq.xml").text]),
  );
}

const local = () => rendered("local", PROJECT, "config", "Pulumi.local.yaml");

test.each(stacksOf(PROJECT))("config/Pulumi.%s.yaml", async (stack) => {
  expect(await faultsOf(rendered(stack, PROJECT, "config", `Pulumi.${stack}.yaml`))).toEqual([]);
});

test.each(readdirSync(FIXTURES).filter((file) => file.endsWith(".yaml")))("fixture %s", async (file) => {
  expect(await faultsOf(rendered("fixture", FIXTURES, file))).toEqual([]);
});

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
    const [[name, text] = ["", ""]] = local();
    expect(text).toContain(sound);
    const faults = await faultsOf(new Map([[name, text.replace(sound, broken)]]));
    expect(faults.join("\n")).toMatch(message);
  });
});
