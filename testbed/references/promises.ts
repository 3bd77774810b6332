/** The table of promises in docs/guarantees.md, from the table that the checker of histories reads. */
import { STORE_NAMES } from "../../core/products/stores";
import { PROMISES, type Subject, isPromised } from "../proof/histories/promises";
import { alignedTable } from "./markdown";

/** The table, as it stands in the page. */
export function promisesTable(): string {
  const rows = Object.entries(PROMISES).map(([subject, { operation, promise }]) => [
    operation,
    promise,
    ...STORE_NAMES.map((store) => (isPromised(subject as Subject, store) ? "yes" : "no")),
  ]);
  return alignedTable(["operation", "promise", ...STORE_NAMES], rows);
}
