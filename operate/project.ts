/** The project that `amq` belongs to, and its stacks. */
import { dirname } from "node:path";
import { type ClusterPlan, plan } from "../components/cluster/plan";
import { parseConfig, readStackFile } from "../config/load";

/** The folder of Pulumi.yaml: amq works on its own project, wherever it is called from. */
export const PROJECT_DIR = dirname(__dirname);

/**
 * The plan of a stack file, validated as `up` does; needs no secret and no engine.
 * @throws ConfigError with every fault
 */
export function loadPlan(stack: string): ClusterPlan {
  const { source, raw } = readStackFile(PROJECT_DIR, stack);
  return plan(stack, parseConfig(source, raw));
}
