/**
 * Before the first end-to-end test: what a run that was killed has left is removed, whose network would be in the way; and what
 * several tests need and takes minutes to make is begun.
 */
import { requireRoot } from "../../testbed/lab/hosts/root";
import { requireTools, unfit } from "../../testbed/lab/hosts/tools";
import setUp from "../support/run";

/**
 * For every JVM of a test, clients and Maven included: they live for seconds or minutes, in which the optimizing compiler takes
 * more of two processors than it gives back. `amq up local` of nine JVMs takes about half the processor time so. What ships
 * does without (docs/performance.md, `testbed/bench` and `testbed/proof` as well).
 */
export const JVM = { JDK_JAVA_OPTIONS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" };

export default async function prepare(): Promise<void> {
  // Jest's workers, which are started after this, and all that they start.
  Object.assign(process.env, JVM);
  await setUp();
  if (unfit() !== undefined) return;
  await requireTools((line) => {
    console.error(line);
  });
  // Tests without lab hosts do not wait for it. Those with them ask as well, and so wait for this build, or say why it fails.
  requireRoot().catch(() => undefined);
}
