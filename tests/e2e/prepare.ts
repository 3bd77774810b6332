/** Before the first end-to-end test: what several of them need and takes minutes to make, made once. */
import { requireRoot } from "../../lab/hosts/root";
import { requireTools, unfit } from "../../lab/hosts/tools";

export default async function prepare(): Promise<void> {
  if (unfit() !== undefined) return;
  await requireTools((line) => {
    console.error(line);
  });
  await requireRoot();
}
