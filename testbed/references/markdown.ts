/** Markdown, as the references need it. */

/** What a page begins with. @param source where its content is */
export function head(title: string, source: string): string {
  return `<!-- Written by \`npm run references\` from ${source}; do not edit. -->\n\n# ${title}`;
}

/** A table; cells are Markdown. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map((cells) => line(cells.map(inCell)))].join("\n");
}

/** A table as the formatter has it, for pages that it looks at. */
export function alignedTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [columns, ...rows.map((cells) => cells.map(inCell))];
  const widths = columns.map((_, i) => Math.max(3, ...all.map((cells) => (cells[i] ?? "").length)));
  const padded = all.map((cells) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)));
  const [head, ...rest] = padded.map((cells) => `| ${cells.join(" | ")} |`);
  return [head, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rest].join("\n");
}

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** Text that is no Markdown: nothing of it is taken for a tag or for emphasis, but what stands between backticks is code. */
export function plain(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll(/[<*\\]/g, String.raw`\$&`)))
    .join("");
}

/** With a capital letter and a full stop. */
export function sentence(text: string): string {
  const capital = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return /[.!?)]$/.test(capital) ? capital : `${capital}.`;
}

/** A paragraph in lines of at most 120 characters, as far as its words allow. */
export function paragraph(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.pop() ?? "";
    const longer = last === "" ? word : `${last} ${word}`;
    lines.push(...(last === "" || longer.length <= 120 ? [longer] : [last, word]));
  }
  return lines.join("\n");
}

/** A bar would end the cell, in code as well. */
function inCell(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").replaceAll("|", String.raw`\|`);
}
