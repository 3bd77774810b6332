/** The project that `amq` belongs to, and its stacks. */
import { dirname } from "node:path";
import { plan } from "../core/plan/plan";
import { parseConfig, readStackFile } from "../core/load/parseConfig";
import type { ClusterPlan } from "../core/plan/model";

/** The folder of Pulumi.yaml: amq works on its own project, wherever it is called from. */
export const PROJECT_DIR = dirname(__dirname);

/**
 * The plan of a stack file, validated as `up` does; needs no secret and no engine.
 * @param projectDir the folder of Pulumi.yaml, when it is a copy's
 * @throws ConfigError with every fault
 */
export function loadPlan(stack: string, projectDir = PROJECT_DIR): ClusterPlan {
  const { source, raw } = readStackFile(projectDir, stack);
  return plan(stack, parseConfig(source, raw));
}
