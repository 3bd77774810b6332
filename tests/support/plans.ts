/** Plans for the rendering tests, small and literal; the shipped stack files have tests of their own. */
import { plan } from "../../core/plan/plan";
import type { RenderedFile, RuntimeIds, Service } from "../../core/host/service";
import { configSchema } from "../../config/schema";
import type { ClusterPlan } from "../../core/plan/model";

/** Fixed, so that golden files do not change with a jar. */
export const RUNTIMES: RuntimeIds = (name) => `${name}-000000000000`;

export function planOf(values: Record<string, unknown>): ClusterPlan {
  return plan("test", configSchema.parse({ target: "local", groups: [{ name: "a" }, { name: "b" }], ...values }));
}

export function fileOf(service: Service, path: string): RenderedFile {
  const found = service.files.find((file) => file.path === path);
  if (found === undefined) throw new Error(`${service.name} has no ${path}`);
  return found;
}

export function first<T>(list: readonly T[]): T {
  const [found] = list;
  if (found === undefined) throw new Error("an empty list");
  return found;
}

/** Which names a text asks credentials.properties and the system properties for. */
export function placeholdersIn(text: string): string[] {
  // Comments may speak of placeholders.
  const bare = text.replace(/<!--[\s\S]*?-->/g, "");
  return [...new Set([...bare.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1] ?? ""))].sort();
}
