/** Asks OSV (https://google.github.io/osv.dev/api/) which advisories there are for exact versions. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Pinned } from "./pinned";

/** The public service. */
export const OSV = "https://api.osv.dev";

/** The most that OSV takes in one question. */
const BATCH = 1000;

/** So many pages of one answer are a service that goes round in circles. */
const MOST_PAGES = 100;

/** Attempts of a question, and the wait before the second; it doubles. */
const [ATTEMPTS, FIRST_WAIT_MILLIS, TIMEOUT_MILLIS] = [3, 1000, 30_000];

/** Records asked for side by side. */
const AT_ONCE = 8;

/** Nobody answered, or nobody understood the answer: nothing is known. */
export class NoAnswer extends Error {}

/** What is asked about. */
export type Package = Pick<Pinned, "ecosystem" | "name" | "version">;

export interface Advisory {
  readonly id: string;
  /** The same advisory elsewhere: CVE and GHSA numbers. */
  readonly aliases: readonly string[];
  readonly summary: string;
}

export interface Found<P extends Package = Pinned> {
  readonly package: P;
  readonly advisory: Advisory;
}

/** Waits before another attempt are a parameter for tests. */
export interface Source {
  readonly url: string;
  readonly firstWaitMillis?: number;
}

const batchAnswer = z.object({
  results: z.array(
    z
      .object({ vulns: z.array(z.object({ id: z.string() })).optional(), next_page_token: z.string().optional() })
      .nullable(),
  ),
});

const record = z.object({
  id: z.string(),
  aliases: z.array(z.string()).optional(),
  summary: z.string().optional(),
  details: z.string().optional(),
  withdrawn: z.string().optional(),
});

/**
 * The advisories that hold for each package, withdrawn ones left out.
 * @throws NoAnswer when the source does not answer, or not in the form that is documented
 */
export async function advisoriesFor<P extends Package>(source: Source, packages: readonly P[]): Promise<Found<P>[]> {
  const ids: (readonly [P, string])[] = [];
  for (let i = 0; i < packages.length; i += BATCH) ids.push(...(await idsFor(source, packages.slice(i, i + BATCH))));
  const records = await recordsOf(source, [...new Set(ids.map(([, id]) => id))]);
  return ids.flatMap(([asked, id]) => {
    const advisory = records.get(id);
    return advisory === undefined ? [] : [{ package: asked, advisory }];
  });
}

async function idsFor<P extends Package>(source: Source, packages: readonly P[]): Promise<[P, string][]> {
  const found: [P, string][] = [];
  let open = packages.map((asked) => ({ asked, token: undefined as string | undefined }));
  for (let page = 1; open.length > 0; page++) {
    if (page > MOST_PAGES)
      throw new NoAnswer(`${source.url}: more than ${MOST_PAGES} pages of advisories for one package`);
    const queries = open.map(({ asked: { ecosystem, name, version }, token }) => ({
      package: { ecosystem, name },
      version,
      ...(token !== undefined && { page_token: token }),
    }));
    const { results } = await ask(source, "/v1/querybatch", batchAnswer, { queries });
    // Answers have no names: they are told apart by their order alone.
    if (results.length !== open.length)
      throw new NoAnswer(`${source.url}: ${results.length} answers to ${open.length} questions`);
    const next: typeof open = [];
    for (const [i, { asked }] of open.entries()) {
      for (const { id } of results[i]?.vulns ?? []) found.push([asked, id]);
      const token = results[i]?.next_page_token ?? "";
      if (token !== "") next.push({ asked, token });
    }
    open = next;
  }
  return found;
}

async function recordsOf(source: Source, ids: readonly string[]): Promise<Map<string, Advisory>> {
  const records = new Map<string, Advisory>();
  for (let i = 0; i < ids.length; i += AT_ONCE) {
    const some = ids.slice(i, i + AT_ONCE);
    const read = await Promise.all(some.map((id) => ask(source, `/v1/vulns/${encodeURIComponent(id)}`, record)));
    for (const [j, { aliases = [], summary, details = "", withdrawn }] of read.entries()) {
      const id = some[j] ?? "";
      if (withdrawn === undefined) records.set(id, { id, aliases, summary: summary ?? details.split("\n")[0] ?? "" });
    }
  }
  return records;
}

async function ask<T>(
  { url, firstWaitMillis = FIRST_WAIT_MILLIS }: Source,
  path: string,
  form: z.ZodType<T>,
  body?: object,
): Promise<T> {
  let problem = "";
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) await sleep(firstWaitMillis * 2 ** (attempt - 2));
    try {
      const answer = await fetch(new URL(path, url), {
        ...(body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MILLIS),
      });
      const text = await answer.text();
      if (answer.ok) return understood(form, text);
      problem = `HTTP ${answer.status}: ${text.slice(0, 200)}`;
      // A question that is refused once is refused again.
      if (answer.status < 500 && answer.status !== 429) break;
    } catch (error) {
      problem = reasonOf(error);
    }
  }
  throw new NoAnswer(`${new URL(path, url).href}: ${problem}`);
}

/** @throws Error when the text is not of the form */
function understood<T>(form: z.ZodType<T>, text: string): T {
  const parsed = form.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`not the form that is documented: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** `fetch failed` alone says nothing: the reason is the error's cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: unknown; cause?: { message?: unknown } };
  return (
    [message, cause?.message].filter((part) => typeof part === "string" && part !== "").join(": ") || String(error)
  );
}
