/** What a run is doing, for people: a line per step; on a terminal also what is under way. */
import type { Step } from "../engine/engine";

export interface Progress {
  readonly step: (step: Step) => void;
  readonly line: (text: string) => void;
  /** Clears what is under way. */
  readonly end: () => void;
}

/** Steps that people wait for or care about; the rest (components, passwords) passes silently. */
const WORDS: readonly (readonly [RegExp, (...names: string[]) => string])[] = [
  [/^runtime-(.+)$/, (name) => `runtime ${name}`],
  [/^[^-]+-change$/, () => "may the running cluster be changed so"],
  [/-ec2-(.+)-then-(.+)$/, (before, host) => `host ${host}: whole, after ${before} came back`],
  [/-then-(.+)$/, (host) => `host ${host}: brokers whole before the next member`],
  [/-preflight-(.+)$/, (service) => `${service}: ports and Java`],
  [/-stage-(.+)$/, (service) => `${service}: files`],
  [/-credentials-(.+)$/, (service) => `${service}: credentials`],
  [/-settle-(.+)$/, (service) => `${service}: whole before the change`],
  [/-pass1-(.+)$/, (service) => `${service}: healthy (pass 1, all but the master)`],
  [/-pass2-(.+)$/, (service) => `${service}: healthy (pass 2, whoever is left)`],
  [/-bridges-(.+)$/, (service) => `${service}: bridges`],
  [/^[^-]+-(.+)-prepare$/, (host) => `host ${host}: suits, has its script`],
  [/^[^-]+-(.+)-setup$/, (host) => `host ${host}: users, kernel settings, clock`],
  [/^[^-]+-(.+)-upload-(.+)-[0-9a-f]+$/, (host, name) => `host ${host}: ${name} uploaded`],
  [/^[^-]+-(.+)-runtime-(.+)-[0-9a-f]+$/, (host, name) => `host ${host}: ${name} installed`],
];

/** What a resource's name means; undefined for one that nobody waits for. */
export function stepName(resource: string): string | undefined {
  for (const [pattern, words] of WORDS) {
    const match = pattern.exec(resource);
    if (match) return words(...match.slice(1));
  }
  return undefined;
}

/** @param out where to print; `isTTY` decides whether a status line is kept */
export function progress(out: NodeJS.WriteStream, now: () => number = Date.now): Progress {
  const began = now();
  const running = new Map<string, number>();
  const clear = () => {
    if (out.isTTY) out.write("\r\u001b[K");
  };
  const status = () => {
    const names = [...running.keys()];
    if (!out.isTTY || names.length === 0) return;
    const text = `... ${names.join(", ")}`;
    out.write(text.length < out.columns ? text : `${text.slice(0, out.columns - 2)}…`);
  };
  const line = (text: string) => {
    clear();
    out.write(`${text}\n`);
    status();
  };
  return {
    line,
    step: ({ state, operation, name }) => {
      const words = stepName(name);
      if (words === undefined || operation === "same") return;
      // A removal is its files': with them the service is stopped. The rest was only asked, not made.
      if (operation === "delete" && !words.endsWith(": files")) return;
      const what = operation === "delete" ? words.replace(": files", ": stopped and removed") : words;
      if (state === "started") {
        running.set(what, now());
        clear();
        status();
        return;
      }
      const since = running.get(what) ?? now();
      running.delete(what);
      const at = ((now() - began) / 1000).toFixed(1).padStart(6);
      line(`${at} s  ${state === "failed" ? "FAILED  " : "ok  "}${what} (${((now() - since) / 1000).toFixed(1)} s)`);
    },
    end: clear,
  };
}
