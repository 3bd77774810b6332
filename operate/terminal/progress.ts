/** What a run is doing, for people: a line per step; on a terminal also what is under way. */
import { type NamedResource, type ResourceKind, readResource } from "../../components/resourceNames";
import type { Step } from "../engine/engine";

export interface Progress {
  readonly step: (step: Step) => void;
  readonly line: (text: string) => void;
  /** Clears what is under way. */
  readonly end: () => void;
}

type Words = { readonly [K in ResourceKind]?: (found: NamedResource<K>) => string };

/** Steps that people wait for or care about; the rest (components, passwords) passes silently. */
const WORDS: Words = {
  resolvedRuntime: ({ runtime }) => `runtime ${runtime}`,
  change: () => "may the running cluster be changed so",
  wholeAgain: ({ after, host }) => `host ${host}: whole, after ${after} came back`,
  brokersAwaited: ({ host }) => `host ${host}: brokers whole before the next member`,
  preflight: ({ service }) => `${service}: ports and Java`,
  stage: ({ service }) => `${service}: files`,
  credentials: ({ service }) => `${service}: credentials`,
  settle: ({ service }) => `${service}: whole before the change`,
  visit: ({ service, pass }) =>
    `${service}: healthy (pass ${pass}, ${pass === "1" ? "all but the master" : "whoever is left"})`,
  bridges: ({ service }) => `${service}: bridges`,
  prepare: ({ host }) => `host ${host}: suits, has its script`,
  setup: ({ host }) => `host ${host}: users, kernel settings, clock`,
  uploadedRuntime: ({ host, runtimeId }) => `host ${host}: ${withoutHash(runtimeId)} uploaded`,
  installedRuntime: ({ host, runtimeId }) => `host ${host}: ${withoutHash(runtimeId)} installed`,
};

const withoutHash = (runtimeId: string) => runtimeId.replace(/-[0-9a-f]+$/, "");

/** What a step is about; undefined for one that nobody waits for. */
export function stepName(urn: string): string | undefined {
  const found = readResource(urn);
  return found && wordsOf(found);
}

function wordsOf<K extends ResourceKind>(found: NamedResource<K> & { readonly kind: K }): string | undefined {
  return WORDS[found.kind]?.(found);
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
    step: ({ state, operation, urn }) => {
      const words = stepName(urn);
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
