import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { ClusterValues } from "../../config/clusterValues";
import { plan } from "../../core/plan/plan";
import { parseConfig, readStackFile } from "../../core/load/parseConfig";
import type { configSchema } from "../../config/schema";
import { ROOT, type SchemaNode, nodeAt } from "../../config/schemaNodes";
import { stacksOf } from "../../core/load/stackNames";
import { stackSchema } from "../../config/stackSchema";
import { CLUSTER_VALUES_FILE, STACK_SCHEMA_FILE, clusterValuesText, stackSchemaText } from "../../config/writeSchema";
import { PROJECT } from "../support/raw";
import { brokersOf } from "../../core/plan/model";

const STACKS = [
  "dev",
  "duplex",
  "interleaved",
  "jdbc",
  "local",
  "oneway",
  "onpremises",
  "prod",
  "prod-efs",
  "prod-jdbc",
  "sharedkahadb",
  "single",
  "spokes",
  "ssh",
];

const textOf = (stack: string) => readFileSync(join(PROJECT, `config/Pulumi.${stack}.yaml`), "utf8");

it("ships these stacks", () => {
  expect(stacksOf(PROJECT)).toEqual(STACKS);
});

describe.each(STACKS)("stack %s", (stack) => {
  const load = () => {
    const { source, raw } = readStackFile(PROJECT, stack);
    return plan(stack, parseConfig(source, raw));
  };

  it("loads and can be planned", () => {
    expect(brokersOf(load()).length).toBeGreaterThan(1);
  });

  it("names its schema, for editors", () => {
    expect(textOf(stack).split("\n")[0]).toBe("# yaml-language-server: $schema=stack.schema.json");
  });

  it("fits the schema that editors use", () => {
    expect(z.fromJSONSchema(stackSchema() as never).safeParse(parse(textOf(stack))).error).toBeUndefined();
  });
});

describe("clusterValues.ts", () => {
  it("is current", async () => {
    expect(readFileSync(CLUSTER_VALUES_FILE, "utf8")).toBe(await clusterValuesText());
  });

  it("has what the schema takes, and says something of every key", () => {
    // Types alone: the build fails when they differ.
    const taken = (values: ClusterValues): ReadOnly<z.input<typeof configSchema>> => values;
    const given = (values: ReadOnly<z.input<typeof configSchema>>): Loose<ClusterValues> => values;
    expect([taken, given]).toHaveLength(2);
    const text = readFileSync(CLUSTER_VALUES_FILE, "utf8");
    expect(text).not.toMatch(/\/\*\* {1,2}\*\/|\n *\* *\n/);
    expect(text.match(/^ +readonly \w+\?:/gm)?.length).toBe(text.match(/@default \S/g)?.length);
  });

  it.each(["GroupLimitsValues", "GroupTransportsValues"])("says that what %s leaves out is the cluster's", (name) => {
    const [, keys = ""] = new RegExp(`interface ${name} {\n([^}]*)}`).exec(readFileSync(CLUSTER_VALUES_FILE, "utf8")) ?? []; // prettier-ignore
    const defaults = [...keys.matchAll(/@default (.*)/g)].map(([, said]) => said);
    expect(defaults.length).toBeGreaterThan(3);
    for (const said of defaults) expect(said).toMatch(/^the cluster's(, or a .* of the heap.*)?$/);
  });
});

/** Lists and maps of configuration, to be read alone. */
type ReadOnly<T> = T extends object ? { readonly [K in keyof T]: ReadOnly<T[K]> } : T;
/** A key that is absent may also be undefined, as the schema has it. */
type Loose<T> = T extends object
  ? { readonly [K in keyof T]: Loose<T[K]> | (undefined extends T[K] ? undefined : never) }
  : T;

function descriptionsOf({ description, properties = {}, items, anyOf = [] }: SchemaNode): string[] {
  const below = [...Object.values(properties), ...(items ? [items] : []), ...anyOf];
  return [...(description === undefined ? [] : [description]), ...below.flatMap(descriptionsOf)];
}

describe("stack.schema.json", () => {
  it("is current", async () => {
    expect(readFileSync(STACK_SCHEMA_FILE, "utf8")).toBe(await stackSchemaText());
  });

  const SOUND = { "activemq:target": "local", "activemq:groups": [{ name: "a" }] };
  it.each<[string, unknown, boolean]>([
    ["our keys", { config: SOUND }, true],
    ["keys of other programs", { config: { ...SOUND, "aws:region": "eu-west-1" } }, true],
    [
      "what Pulumi adds",
      { config: SOUND, encryptionsalt: "v1:x", secretsprovider: "passphrase", environment: ["a"] },
      true,
    ],
    ["an unknown key of ours", { config: { ...SOUND, "activemq:cheese": 1 } }, false],
    ["a key without its namespace", { config: { ...SOUND, target: "local" } }, false],
    ["an unknown key below", { config: { ...SOUND, "activemq:limits": { cheese: 1 } } }, false],
    ["a wrong type", { config: { ...SOUND, "activemq:limits": { heapMiB: "1" } } }, false],
    ["a missing key", { config: { "activemq:target": "local" } }, false],
    ["an unknown part of the file", { config: SOUND, cheese: 1 }, false],
  ])("judges %s", (_what, file, sound) => {
    expect(z.fromJSONSchema(stackSchema() as never).safeParse(file).success).toBe(sound);
  });

  it("has defaults in words as data, and tells editors of them in the description", () => {
    expect(descriptionsOf(ROOT).filter((text) => /\bDefault\b/.test(text))).toEqual([]);
    const text = JSON.stringify(stackSchema());
    expect(text).not.toContain("defaultText");
    expect(text).toContain("The database that brokers share. Default on local: one in");
    expect(text).toContain("ssh: the login user of this host. Default: activemq:ssh.user.");
  });

  it("leaves defaulted keys optional", () => {
    expect(nodeAt([])?.required).toEqual(["target", "groups"]);
    expect(nodeAt(["groups", 0])?.required).toEqual(["name"]);
  });
});
