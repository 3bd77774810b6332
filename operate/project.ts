/** The project that `amq` belongs to, and its stacks. */
import { plan } from "../core/plan/plan";
import { parseConfig, readStackFile } from "../core/load/parseConfig";
import type { ClusterPlan } from "../core/plan/model";
import { PROJECT_DIR } from "./projectDir";

export { PROJECT_DIR };

/**
 * The plan of a stack file, validated as `up` does; needs no secret and no engine.
 * @param projectDir the folder of Pulumi.yaml, when it is a copy's
 * @throws ConfigError with every fault
 */
export function loadPlan(stack: string, projectDir = PROJECT_DIR): ClusterPlan {
  const { source, raw } = readStackFile(projectDir, stack);
  return plan(stack, parseConfig(source, raw));
}
