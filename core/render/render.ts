/** From the plan to the text of every file on every host. Pure, and without a secret: those are placeholders in the text. */
import { brokerService } from "./activemq/service";
import type { RuntimeIds, Service } from "../host/service";
import { databaseService } from "./postgresql/service";
import { memberService } from "./zookeeper/service";
import type { ClusterPlan } from "../plan/model";

/** One service per broker and member: brokers group by group, then the ensemble, then a database server of ours. */
export function render(plan: ClusterPlan, runtimes: RuntimeIds): Service[] {
  const { ensemble, database } = plan;
  return [
    ...plan.groups.flatMap((group) => group.brokers.map((broker) => brokerService(plan, group, broker, runtimes))),
    ...(ensemble === undefined
      ? []
      : ensemble.members.map((member) => memberService(plan, ensemble, member, runtimes))),
    ...(database?.server === undefined ? [] : [databaseService(plan, database, database.server, runtimes)]),
  ];
}
