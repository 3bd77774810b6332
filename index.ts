/** The program: load -> plan -> render -> deploy -> outputs. */
import * as pulumi from "@pulumi/pulumi";
import { PlannedCluster } from "./components/plannedCluster";
import { stackOutputs } from "./components/outputs";
import { plan as planCluster } from "./core/plan/plan";
import { render } from "./core/render/render";
import { runtimeIds, runtimesOf } from "./core/render/runtimes";
import { hostOrder } from "./core/change/hostOrder";
import { deployTarget } from "./components/target";
import { givenPassword } from "./components/databasePassword";
import { fromPulumi } from "./core/load/fromPulumi";
import { parseConfig } from "./core/load/parseConfig";

const stack = pulumi.getStack();
const plan = planCluster(stack, parseConfig(`stack ${stack}`, fromPulumi()));
for (const warning of plan.warnings) void pulumi.log.warn(warning);

const databasePassword = givenPassword(plan.config);
const target = deployTarget(__dirname, plan, runtimesOf(plan), { order: hostOrder(process.env) });
const cluster = new PlannedCluster("activemq", {
  plan,
  services: render(plan, runtimeIds()),
  check: "node operate/amq.js allow",
  ...(databasePassword !== undefined && { databasePassword }),
  access: target.access,
  runtimes: target.runtimes,
  ...(target.hostOrder && { hostOrder: target.hostOrder }),
  ...(target.between && { between: target.between }),
  ...(target.database && { database: target.database }),
});

export = stackOutputs(plan, cluster, target.outputs(cluster));
