import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { brokersOf, plan } from "../../components/cluster/plan";
import { parseConfig, readStackFile } from "../../config/load";
import { nodeAt } from "../../config/schemaNodes";
import { stacksOf } from "../../config/stackFile";
import { stackSchema } from "../../config/stackSchema";
import { STACK_SCHEMA_FILE, stackSchemaText } from "../../config/writeSchema";
import { PROJECT } from "./raw";

const STACKS = [
  "dev",
  "duplex",
  "interleaved",
  "jdbc",
  "local",
  "oneway",
  "onpremises",
  "prod",
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

  it("leaves defaulted keys optional", () => {
    expect(nodeAt([])?.required).toEqual(["target", "groups"]);
    expect(nodeAt(["groups", 0])?.required).toEqual(["name"]);
  });
});
