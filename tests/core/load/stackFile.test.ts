import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, type Fault } from "../../../config/faults";
import { readStackFile } from "../../../core/load/stackFile";
import { stacksOf } from "../../../core/load/stackNames";

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "stack-file-"));
  mkdirSync(join(project, "config"));
});

afterEach(() => {
  rmSync(project, { recursive: true });
});

function read(text: string, stack = "x") {
  writeFileSync(join(project, "config", `Pulumi.${stack}.yaml`), text);
  return readStackFile(project, stack);
}

function faults(act: () => unknown): readonly Fault[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  throw new Error("no fault was found");
}

describe("a stack file", () => {
  it.each<[string, string, Record<string, string>]>([
    ["text", "activemq:target: local", { target: "local" }],
    ["numbers as text", "activemq:release: 5.16", { release: "5.16" }],
    ["numbers the way YAML means them, as the engine does", "activemq:release: 5.10", { release: "5.1" }],
    ["switches as text", "activemq:a: true", { a: "true" }],
    ["nothing as no text", "activemq:a:", { a: "" }],
    [
      "lists as JSON",
      "activemq:groups: [{name: a, ports: {openwire: 1}}]",
      { groups: '[{"name":"a","ports":{"openwire":1}}]' },
    ],
    ["yes and on as words", "activemq:a: {b: yes, c: on}", { a: '{"b":"yes","c":"on"}' }],
    ["keys without a namespace, which are the project's", "target: local", { target: "local" }],
    ["no keys of other programs", "aws:region: eu-west-1\n  activemqx:target: y", {}],
    ["no secrets of other programs", "other:password: {secure: v1:abc}", {}],
    ["merged maps", "activemq:a: &a {b: 1}\n  activemq:c: {<<: *a, d: 2}", { a: '{"b":1}', c: '{"b":1,"d":2}' }],
    [
      "keys that every object has",
      "activemq:constructor: 1\n  activemq:toString: {__proto__: 2}",
      { constructor: "1", toString: '{"__proto__":2}' },
    ],
    ["keys of the old form", "activemq:config:target: local", { "config:target": "local" }],
  ])("gives %s", (_what, line, raw) => {
    expect(read(`encryptionsalt: v1:abc\nconfig:\n  ${line}\n`)).toEqual({ source: "config/Pulumi.x.yaml", raw });
  });

  it.each([
    ["an empty file", ""],
    ["comments only", "# nothing here\n"],
    ["no config", "encryptionsalt: v1:abc\n"],
    ["an empty config", "config:\n"],
    ["a byte order mark", "\uFEFFconfig: {}\n"],
  ])("may be %s", (_what, text) => {
    expect(read(text).raw).toEqual({});
  });

  it("keeps __proto__ as a key", () => {
    expect(Object.entries(read("config:\n  activemq:__proto__: {a: 1}\n").raw)).toEqual([["__proto__", '{"a":1}']]);
  });
});

describe("a file that is none", () => {
  it.each<[string, string, string, string[]]>([
    ["an open bracket", "config:\n  activemq:groups: [\n  activemq:target: local\n", "line 3, column 3", ["not YAML"]],
    ["tabs", "config:\n\tactivemq:target: local\n", "line 2, column 1", ["Tabs"]],
    [
      "a key twice",
      "config:\n  activemq:target: local\n  activemq:target: ssh\n",
      "line 3, column 3",
      ["unique", "every key once", "remove one"],
    ],
    [
      "a key twice, further in",
      "config:\n  activemq:limits:\n    heapMiB: 1\n    heapMiB: 2\n",
      "line 4, column 5",
      ["unique"],
    ],
    ["two documents", "config: {}\n---\nconfig: {}\n", "line 2, column 1", ["multiple documents"]],
    ["a list", "- config\n", "line 1", ["Expected a map"]],
    ["a word", "local\n", "line 1", ["Expected a map"]],
    ["a config that is a list", "config: [a]\n", "config", ["Expected a map"]],
    ["a config that is a word", "config: local\n", "config", ["Expected a map"]],
    ["an alias of nothing", "config:\n  activemq:a: *b\n", "config", ["cannot be read"]],
    ["one key in both forms", "config:\n  activemq:target: local\n  target: ssh\n", "target", ["are the same key"]],
    [
      "a secret of ours",
      "config:\n  activemq:target: {secure: v1:abc}\n",
      "target",
      ["encrypted", "--plaintext activemq:target"],
    ],
  ])("%s", (_what, text, path, words) => {
    const [fault, ...more] = faults(() => read(text));
    expect(more).toEqual([]);
    expect(fault?.path).toBe(path);
    const found = `${fault?.problem ?? ""} ${fault?.allowed ?? ""} ${fault?.fix ?? ""}`;
    for (const word of words) expect(found).toContain(word);
  });

  it("shows the line", () => {
    expect(faults(() => read("config:\n  a: 1\n  a: 2\n"))[0]?.value).toBe("  a: 2");
  });
});

describe("a stack without a file", () => {
  it("says which there are, which was probably meant, and how to make one", () => {
    read("", "staging");
    read("", "production");
    const [fault] = faults(() => readStackFile(project, "stagin"));
    expect(fault).toMatchObject({ value: "stagin", allowed: "`production` or `staging`" });
    expect(fault?.problem).toContain("Did you mean `staging`?");
    expect(fault?.fix).toContain("config/Pulumi.stagin.yaml");
  });

  it("says that there are none", () => {
    expect(faults(() => readStackFile(project, "x"))[0]?.allowed).toBe("no stack has a file yet");
    expect(stacksOf(join(project, "nowhere"))).toEqual([]);
  });

  it.each(["", ".", "..", "../x", "a/b", "a\\b", "/etc/passwd", "a\0b", "x y", "-x", "a".repeat(101)])(
    "takes no name that leads elsewhere: %j",
    (stack) => {
      writeFileSync(join(project, "Pulumi.x.yaml"), "config: {}\n");
      expect(faults(() => readStackFile(project, stack))[0]).toMatchObject({
        value: stack,
        problem: "This cannot be the name of a stack.",
      });
    },
  );

  it("takes names as Pulumi does", () => {
    expect(read("config: {}\n", "Team_a.eu-1").source).toBe("config/Pulumi.Team_a.eu-1.yaml");
    expect(stacksOf(project)).toEqual(["Team_a.eu-1"]);
  });
});
