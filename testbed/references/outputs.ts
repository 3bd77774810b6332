/** docs/reference/outputs.md: the outputs of a stack, from the docstrings of their types. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { code, head, paragraph, plain, sentence, table } from "./markdown";

const SOURCE = "components/outputs.ts";

/** The types that the page shows, and under which heading. */
const SECTIONS: readonly (readonly [type: string, heading: string])[] = [
  ["ClusterOutputs", "On every target"],
  ["TransportOutputs", "With further transports"],
  ["AwsOutputs", "With target `aws`"],
];

const INTRODUCTION = `Read outputs with \`pulumi stack output\`, or from [another Pulumi program](../other-programs.md). A program that uses the
component has them as \`cluster.outputs\`. An output that a stack does not have is absent, never empty.`;

/** The page's text. */
export function outputsReference(): string {
  const file = join(__dirname, "../..", SOURCE);
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const sections = SECTIONS.flatMap(([type, heading]) => [`## ${heading}`, ...sectionOf(source, type)]);
  return [head("Outputs of a stack", SOURCE), INTRODUCTION, ...sections].join("\n\n") + "\n";
}

function sectionOf(source: ts.SourceFile, name: string): string[] {
  const type = source.statements.find(
    (node): node is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
      (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) && node.name.text === name,
  );
  if (type === undefined) throw new Error(`${SOURCE} has no type ${name}`);
  if (ts.isTypeAliasDeclaration(type)) return [paragraph(plain(docOf(type)))];
  const rows = type.members.map((member) => {
    const output = nameOf(member);
    return [
      code(output),
      kindOf(member),
      presenceOf(member, output),
      plain(sentence(docOf(member).replace(`\`${output}\`: `, ""))),
    ];
  });
  return [table(["output", "type", "there", "meaning"], rows)];
}

/** The docstring. @throws Error without one */
function docOf(node: ts.TypeElement | ts.TypeAliasDeclaration): string {
  const [doc] = ts.getJSDocCommentsAndTags(node);
  const text = ts.getTextOfJSDocComment(doc?.comment);
  if (text === undefined) throw new Error(`${SOURCE}: ${node.getText()} has no docstring`);
  return text.replaceAll(/\s*\n\s*/g, " ");
}

/** An index signature [ofUser: `password-${string}`] is `password-<user>`. */
function nameOf(member: ts.TypeElement): string {
  if (member.name !== undefined) return member.name.getText();
  const [parameter] = ts.isIndexSignatureDeclaration(member) ? member.parameters : [];
  const what = parameter?.name.getText().replace(/^of/, "").toLowerCase() ?? "";
  return (parameter?.type?.getText() ?? "").replaceAll("`", "").replace("${string}", `<${what}>`);
}

const KINDS: Readonly<Record<string, string>> = {
  Text: "text",
  number: "number",
  "readonly string[]": "list of texts",
  "Readonly<Record<string, Text>>": "map of texts",
};

function kindOf(member: ts.TypeElement): string {
  const type =
    ts.isPropertySignature(member) || ts.isIndexSignatureDeclaration(member) ? (member.type?.getText() ?? "") : "";
  const kind = KINDS[type];
  if (kind === undefined)
    throw new Error(`${SOURCE}: no word for the type ${type}; add one to KINDS in testbed/references/outputs.ts`);
  return kind;
}

function presenceOf(member: ts.TypeElement, output: string): string {
  if (ts.isIndexSignatureDeclaration(member)) return `one per ${/<(.*)>/.exec(output)?.[1] ?? ""}`;
  return member.questionToken === undefined ? "always" : "where it applies";
}
