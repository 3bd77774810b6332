/** The program: load -> plan -> render -> deploy -> outputs. */
import * as pulumi from "@pulumi/pulumi";
import { deploymentOf } from "./components/deployment";
import { PlannedCluster } from "./components/plannedCluster";
import { CLUSTER } from "./components/resourceNames";
import { plan as planCluster } from "./core/plan/plan";
import { fromPulumi } from "./core/load/fromPulumi";
import { parseConfig } from "./core/load/parseConfig";

const stack = pulumi.getStack();
const plan = planCluster(stack, parseConfig(`stack ${stack}`, fromPulumi()));
const deployment = deploymentOf(plan, { projectDir: __dirname, check: "node operate/amq.js allow" });

export = deployment.outputs(new PlannedCluster(CLUSTER, deployment.args));
