/** The command lines of the documents: those of ```sh blocks, and `npx amq ...` in the text. */
import { documentText, documents, proseOf } from "../support/documents";

export interface CommandLine {
  /** `docs/x.md:12`. */
  readonly at: string;
  readonly text: string;
  /** In the text, with placeholders such as <stack>: there to be read. */
  readonly inProse: boolean;
  /** Why nobody runs it; from the comment before its block. */
  readonly notRun?: string;
}

/** Every command line of every document. */
export function commandLines(): CommandLine[] {
  return documents().flatMap((file) => [...linesOfBlocks(file, documentText(file)), ...linesInProse(file)]);
}

/** Lines of ```sh blocks. @param text the document's */
export function linesOfBlocks(file: string, text: string): CommandLine[] {
  const found: CommandLine[] = [];
  let notRun: string | undefined;
  let block: "sh" | "other" | undefined;
  for (const [i, line] of text.split("\n").entries()) {
    const [, language] = /^\s*```(\w*)/.exec(line) ?? [];
    if (language !== undefined) {
      const opens = block === undefined;
      block = opens ? (language === "sh" ? "sh" : "other") : undefined;
      if (!opens) notRun = undefined;
    } else if (block === "sh" && line.trim() !== "") {
      found.push({
        at: `${file}:${i + 1}`,
        text: line.trim(),
        inProse: false,
        ...(notRun !== undefined && { notRun }),
      });
    } else if (block === undefined && line.trim() !== "") {
      [, notRun] = /^<!-- not run: (.*\S) -->$/.exec(line) ?? [];
    }
  }
  return found;
}

function linesInProse(file: string): CommandLine[] {
  return proseOf(documentText(file)).flatMap(({ number, text }) =>
    [...text.matchAll(/`((?:\w+=\w+ )?npx amq [^`]+)`/g)].map(([, command = ""]) => ({
      at: `${file}:${number}`,
      text: command,
      inProse: true,
    })),
  );
}

/** The words of `npx amq ...`, without environment variables before it and what reads its output; undefined for other commands. */
export function amqWords(text: string): string[] | undefined {
  const [, words] =
    /^(?:[A-Z_]+=\S+ )*npx amq (.*?)(?:\s*[|>;].*)?$/.exec(text.replaceAll(/<(?:[^>]* )?(\w+)>/g, "$1")) ?? [];
  return words?.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', ""));
}
