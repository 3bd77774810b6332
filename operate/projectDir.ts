/** Where the project is; apart from what loads its stacks, so that `amq --help` need not. */
import { dirname } from "node:path";

/** The folder of Pulumi.yaml: amq works on its own project, wherever it is called from. */
export const PROJECT_DIR = dirname(__dirname);
