import { ALL_METRICS } from "../../../core/products/metrics";
import { anchorOf, paragraph, plain, sentence, table } from "../../../testbed/references/markdown";
import { REFERENCES, REFERENCE_FOLDER, TABLES, withTable } from "../../../testbed/references/write";
import { documentText } from "../../support/documents";

describe.each(Object.entries(REFERENCES))("%s", (file, text) => {
  it("is what `npm run references` writes", () => {
    expect(documentText(`${REFERENCE_FOLDER}/${file}`)).toBe(text());
  });
});

it.each(Object.entries(TABLES))("%s has the table that `npm run references` writes", (file, text) => {
  expect(documentText(file)).toBe(withTable(documentText(file), text()));
});

it("a page without the marks of its table is named", () => {
  expect(() => withTable("# Page", "| a |")).toThrow(/^the page has not "<!-- written by npm run references -->" and /);
});

it("has every key, verb, output and metric", () => {
  const stackFile = REFERENCES["stack-file.md"]?.() ?? "";
  expect(stackFile).toContain("| `activemq:target` | `local`, `ssh`, `aws` | required | - | local: this machine.");
  expect(stackFile).toContain("| `heapMiB` | whole number from 128 to 16777216 | `256` | MiB |");
  expect(stackFile).toContain("## `activemq:aws.network.subnets[]`");
  const cli = REFERENCES["cli.md"]?.() ?? "";
  expect(cli).toContain("| `--kills <n>` | `1` | kills in experiment 5 |");
  expect(cli).toContain("## `amq lab ec2 terminate`");
  expect(cli).not.toContain("amq allow");
  const outputs = REFERENCES["outputs.md"]?.() ?? "";
  expect(outputs).toContain("| `failoverUrl-<group>` | text | one per group | The same over one group's brokers. |");
  expect(outputs).toContain("| `bastionAddress` | text | where it applies |");
  const metrics = REFERENCES["metrics.md"]?.() ?? "";
  for (const { name } of ALL_METRICS) expect(metrics).toContain(`| \`${name}\` |`);
});

describe("Markdown", () => {
  it("takes text for text, and code for code", () => {
    expect(plain("<name> is *, `<name>` is not")).toBe(String.raw`\<name> is \*, ${"`<name>`"} is not`);
  });

  it("keeps a cell in its cell", () => {
    expect(table(["a"], [["x|y\n  z"]])).toBe("| a |\n| --- |\n| x\\|y z |");
  });

  it("breaks lines between words", () => {
    expect(paragraph(`${"a".repeat(100)} ${"b".repeat(19)} c`)).toBe(`${"a".repeat(100)} ${"b".repeat(19)}\nc`);
    expect(paragraph(`${"a".repeat(130)} b`)).toBe(`${"a".repeat(130)}\nb`);
  });

  it.each([
    ["Two commands", "two-commands"],
    ["`activemq:groups[].limits`", "activemqgroupslimits"],
    ["What runs, and where?", "what-runs-and-where"],
  ])("makes the anchor of %s", (heading, anchor) => {
    expect(anchorOf(heading)).toBe(anchor);
  });

  it("ends a sentence once", () => {
    expect([sentence("stop it"), sentence("Stop it."), sentence("hosts (as root)")]).toEqual([
      "Stop it.",
      "Stop it.",
      "Hosts (as root)",
    ]);
  });
});
