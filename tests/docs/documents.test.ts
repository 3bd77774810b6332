/** Links of the documents lead somewhere, pages and lines are short. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { anchorOf } from "../../testbed/references/markdown";
import { type Line, documentText, documents, proseOf } from "../support/documents";
import { PROJECT } from "../support/raw";

/** Pages in docs/ may have this many lines, and those below may have others. */
const PAGE = 150;
const PAGES: readonly (readonly [pages: RegExp, lines: number])[] = [
  [/^README\.md$/, 130],
  [/^docs\/getting-started\.md$/, 100],
  [/^docs\/stores\.md$/, 120],
  [/^docs\/targets\//, 100],
  [/^docs\/glossary\.md$/, 40],
  [/^docs\/decisions\//, 40],
  [/^AGENTS\.md$/, 40],
  // Written from the code, and evidence: tables, as long as there is something to say.
  [/^docs\/reference\/|^docs\/(guarantees|performance|limits)\.md$|^CHANGELOG\.md$/, Infinity],
];
const LINE = 120;

const LINK = /!?\[(?:[^\]\\]|\\.)*\]\(([^()\s]+)\)/g;
const OUTSIDE = /^(https?|mailto):/;

/** Without what is code. */
const withoutCode = ({ text, number }: Line): Line => ({
  number,
  text: text.replaceAll(/`[^`]*`/g, (code) => "_".repeat(code.length)),
});

const anchors = new Map<string, Set<string>>();
/** The anchors of a page's headings; GitHub numbers those that come again. */
function anchorsOf(file: string): Set<string> {
  const known = anchors.get(file);
  if (known !== undefined) return known;
  const found = new Set<string>();
  for (const { text } of proseOf(documentText(file))) {
    const [, heading] = /^#{1,6} (.*)$/.exec(text) ?? [];
    if (heading === undefined) continue;
    const anchor = anchorOf(heading);
    let unique = anchor;
    for (let i = 1; found.has(unique); i++) unique = `${anchor}-${i}`;
    found.add(unique);
  }
  anchors.set(file, found);
  return found;
}

/** What is wrong with the links of a page. */
function brokenLinks(file: string, text: string): string[] {
  return proseOf(text)
    .map(withoutCode)
    .flatMap(({ number, text: line }) =>
      [...line.matchAll(LINK)].flatMap(([, target = ""]) => {
        const fault = OUTSIDE.test(target) ? undefined : faultOf(file, target);
        return fault === undefined ? [] : [`${file}:${number}: ${target}: ${fault}`];
      }),
    );
}

function faultOf(file: string, target: string): string | undefined {
  const [path = "", anchor] = target.split("#");
  const page = path === "" ? file : normalize(join(dirname(file), path));
  if (!existsSync(join(PROJECT, page))) return `there is no ${page}`;
  if (anchor === undefined) return undefined;
  if (statSync(join(PROJECT, page)).isDirectory() || !page.endsWith(".md")) return `${page} has no headings`;
  if (anchorsOf(page).has(anchor)) return undefined;
  return `${page} has no such heading, but ${[...anchorsOf(page)].join(", ")}`;
}

describe("links", () => {
  it.each(documents())("of %s lead somewhere", (file) => {
    expect(brokenLinks(file, documentText(file))).toEqual([]);
  });

  it.each([
    ["[a](nowhere.md)", "x.md:1: nowhere.md: there is no nowhere.md"],
    [
      "[a](docs/glossary.md#zebra)",
      "x.md:1: docs/glossary.md#zebra: docs/glossary.md has no such heading, but glossary",
    ],
    ["[a](docs/#zebra)", "x.md:1: docs/#zebra: docs/ has no headings"],
    ["![a](no.svg)", "x.md:1: no.svg: there is no no.svg"],
  ])("%s leads nowhere", (text, fault) => {
    expect(brokenLinks("x.md", text)).toEqual([fault]);
  });

  it.each([
    "[a](https://example.com/none)",
    "`[a](nowhere.md)`",
    "```\n[a](nowhere.md)\n```",
    "[a](README.md#two-commands)",
  ])("%j is none, or leads outside, or somewhere", (text) => {
    expect(brokenLinks("x.md", text)).toEqual([]);
  });
});

/** Lines of prose that are too long; tables and links of a line of their own cannot be broken. */
const longLines = (text: string) =>
  proseOf(text).filter(({ text: line }) => line.length > LINE && !line.startsWith("|") && /\s/.test(line.trim()));
const pageLimit = (file: string) => PAGES.find(([pages]) => pages.test(file))?.[1] ?? PAGE;
const linesOf = (text: string) => text.trimEnd().split("\n").length;

describe("size", () => {
  it.each(documents())("%s is short, and so are its lines", (file) => {
    const text = documentText(file);
    expect(linesOf(text)).toBeLessThanOrEqual(pageLimit(file));
    expect(longLines(text)).toEqual([]);
  });

  it("takes lines of prose alone", () => {
    const long = "x ".repeat(70);
    expect(longLines(`${long}\n| ${long} |\n\`\`\`\n${long}\n\`\`\`\nshort`)).toEqual([{ number: 1, text: long }]);
  });
});
