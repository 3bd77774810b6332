/** A server on this machine with the two questions of OSV that we ask, and answers of the form that OSV's documentation shows. */
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CONTROLS } from "../../../testbed/advisories/controls";

export interface Entry {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly withdrawn?: string;
}

interface Query {
  readonly package: { readonly ecosystem: string; readonly name: string };
  readonly version: string;
  readonly page_token?: string;
}

/** What everybody knows, as records with ids of their own. */
export const CONTROL_ENTRIES: readonly Entry[] = CONTROLS.map(({ has, ...asked }) => ({
  ...asked,
  id: `GHSA-control-${has}`,
  aliases: [has],
}));

export class FakeOsv {
  /** Answers in the place of the right ones; undefined leaves the right one. */
  instead: ((path: string) => { status: number; text: string } | undefined) | undefined;
  readonly asked: string[] = [];
  private readonly server = createServer((request, response) => void this.answer(request, response));

  /** @param entries one to a page, so that a package with two has two pages */
  constructor(private readonly entries: readonly Entry[]) {}

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => { resolve(); })); // prettier-ignore
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    this.asked.push(path);
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { status, text } = this.instead?.(path) ?? this.right(path, body);
    response.writeHead(status, { "content-type": "application/json" }).end(text);
  }

  private right(path: string, body: string): { status: number; text: string } {
    if (path === "/v1/querybatch") {
      const { queries } = JSON.parse(body) as { queries: readonly Query[] };
      return { status: 200, text: JSON.stringify({ results: queries.map((query) => this.page(query)) }) };
    }
    const entry = this.entries.find(({ id }) => path === `/v1/vulns/${id}`);
    if (entry === undefined) return { status: 404, text: '{"code":5,"message":"Bug not found."}' };
    const { id, aliases, withdrawn } = entry;
    const record = { id, aliases, withdrawn, summary: `what ${id} is`, modified: "2026-08-05T00:00:00Z", affected: [] };
    return { status: 200, text: JSON.stringify(record) };
  }

  private page({ package: { ecosystem, name }, version, page_token: token = "0" }: Query) {
    const all = this.entries.filter(
      (entry) => entry.ecosystem === ecosystem && entry.name === name && entry.version === version,
    );
    const [at, one] = [Number(token), all[Number(token)]];
    if (one === undefined) return {};
    const vulns = [{ id: one.id, modified: "2026-08-05T00:00:00Z" }];
    return at + 1 < all.length ? { vulns, next_page_token: String(at + 1) } : { vulns };
  }
}
