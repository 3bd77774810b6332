/**
 * Old versions with a well-known vulnerability each. A source that does not name it knows nothing of the package, and its
 * silence about the versions that are pinned means nothing.
 */
import type { Found, Package } from "./osv";

interface Control extends Package {
  /** The vulnerability that the answer must have. */
  readonly has: string;
}

export const CONTROLS: readonly Control[] = [
  { ecosystem: "Maven", name: "org.apache.activemq:activemq-client", version: "5.15.15", has: "CVE-2023-46604" },
  { ecosystem: "Bitnami", name: "activemq", version: "5.15.15", has: "CVE-2023-46604" },
  { ecosystem: "Maven", name: "org.apache.zookeeper:zookeeper", version: "3.5.10", has: "CVE-2023-44981" },
  { ecosystem: "Bitnami", name: "zookeeper", version: "3.5.10", has: "CVE-2023-44981" },
  { ecosystem: "Maven", name: "org.postgresql:postgresql", version: "42.2.0", has: "CVE-2022-21724" },
  { ecosystem: "Bitnami", name: "postgresql", version: "16.0.0", has: "CVE-2023-5868" },
];

/** The controls whose vulnerability is in no answer. */
export function unanswered(found: readonly Found<Package>[]): Control[] {
  return CONTROLS.filter(
    ({ ecosystem, name, version, has }) =>
      !found.some(
        ({ package: asked, advisory: { id, aliases } }) =>
          asked.ecosystem === ecosystem &&
          asked.name === name &&
          asked.version === version &&
          [id, ...aliases].includes(has),
      ),
  );
}
