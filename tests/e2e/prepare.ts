/**
 * Before the first end-to-end test: what several of them need and takes minutes to make, made once; and what a run that was
 * killed has left is removed, whose network would be in the way.
 */
import { removeAbandoned } from "../../lab/hosts/labHosts";
import { requireRoot } from "../../lab/hosts/root";
import { requireTools, unfit } from "../../lab/hosts/tools";

export default async function prepare(): Promise<void> {
  if (unfit() !== undefined) return;
  await removeAbandoned();
  await requireTools((line) => {
    console.error(line);
  });
  await requireRoot();
}
