/** The program: load -> plan -> render -> deploy -> outputs. */
import * as pulumi from "@pulumi/pulumi";
import { PlannedCluster } from "./components/cluster/cluster";
import { stackOutputs } from "./components/cluster/outputs";
import { plan as planCluster } from "./components/cluster/plan";
import { render } from "./components/cluster/render";
import { runtimeIds, runtimesOf } from "./components/cluster/runtimes";
import { hostOrder } from "./components/hosts/hostOrder";
import { deployTarget } from "./components/hosts/target";
import { givenPassword } from "./components/postgresql/password";
import { fromPulumi } from "./config/fromPulumi";
import { parseConfig } from "./config/load";

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
