/** activemq.xml of one broker. */
import { create } from "xmlbuilder2";
import type { ClusterConfig } from "../../../config/schema";
import { copiesWhereSent, keptIn } from "../../plan/destinations";
import { BRIDGE_USER, bridgePasswordKey, placeholder } from "../../plan/users";
import { destinationPolicies } from "./destinationPolicies";
import { bridgeWatchdog, forwardedMessages, networkConnectors } from "./networkConnectors";
import { authorizationMap, securityPlugins } from "./security";
import { classicStore } from "./stores";
import { transportConnectors } from "./transports";
import { BEANS, CORE, type Element, add, asText, comment, mib } from "./xml";
import type { ClusterPlan, PlannedBroker, PlannedGroup } from "../../plan/model";

const SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";
const SCHEMA_LOCATION = `${BEANS} ${BEANS}/spring-beans.xsd ${CORE} ${CORE}/activemq-core.xsd`;

const HOUR_MILLIS = 3_600_000;
const WEEK_MILLIS = 7 * 24 * HOUR_MILLIS;

/** The whole file: complete, without a secret. */
export function activemqXml(plan: ClusterPlan, group: PlannedGroup, broker: PlannedBroker): string {
  const document = create({ version: "1.0", encoding: "UTF-8" });
  comment(
    document,
    `Broker ${broker.name} of group ${group.name}. Rendered from the stack file; what is changed here by hand is overwritten.`,
  );
  const beans = document.ele(BEANS, "beans");
  beans.att(SCHEMA_INSTANCE, "xsi:schemaLocation", SCHEMA_LOCATION);
  placeholders(beans);
  classicStore(group.store).beans?.(beans, { plan, group, broker });
  authorizationMap(beans, keptIn(plan, group.name));
  brokerElement(beans, plan, group, broker);
  return `${document.end({ prettyPrint: true, width: 120 })}\n`;
}

function placeholders(beans: Element): void {
  comment(
    beans,
    "Secrets are not in this file. ${...} is looked up in credentials.properties beside it, then in the system properties that run sets.",
  );
  const bean = add(beans, "bean", {
    class: "org.springframework.beans.factory.config.PropertyPlaceholderConfigurer",
  });
  // By class path, which takes any character in a folder's name; a file: URL does not.
  add(bean, "property", { name: "location", value: "classpath:credentials.properties" });
}

function brokerElement(beans: Element, plan: ClusterPlan, group: PlannedGroup, broker: PlannedBroker): void {
  const { config } = plan;
  const store = classicStore(group.store);
  const bridged = plan.bridges.some((bridge) => bridge.from === group.name || bridge.to === group.name);
  const own = plan.bridges.filter((bridge) => bridge.from === group.name);
  comment(
    beans,
    "schedulerSupport off: delayed messages would be kept by one broker alone, outside the store. offlineDurableSubscriberTimeout: a durable subscriber that stays away for a week is removed with its messages, or it would fill the store. schedulePeriodForDiskUsageCheck: limits shrink when the disk does.",
  );
  const element = beans.ele(CORE, "broker", {
    brokerName: group.brokerName,
    dataDirectory: "${activemq.data}",
    persistent: "true",
    schedulerSupport: "false",
    advisorySupport: "true",
    useJmx: "true",
    // The process has a hook of its own (activemq.cluster.BrokerMain).
    useShutdownHook: "false",
    ...(own.length > 0 && { networkConnectorStartAsync: "true" }),
    ...asText(store.attributes ?? {}),
    offlineDurableSubscriberTimeout: String(WEEK_MILLIS),
    offlineDurableSubscriberTaskSchedule: String(HOUR_MILLIS),
    schedulePeriodForDestinationPurge: "300000",
    schedulePeriodForDiskUsageCheck: "60000",
  });
  if (copiesWhereSent(plan, group.name)) localVirtualTopics(element);
  destinationPolicies(element, group, bridged);
  store.onFailure(add(element, "ioExceptionHandler"));
  add(
    add(element, "managementContext"),
    "managementContext",
    { createConnector: false },
    "No JMX port: the metrics agent reads inside the process, jcmd and JConsole attach on this machine.",
  );
  networkConnectors(element, own, config.passwords);
  store.adapter(add(element, "persistenceAdapter"), { plan, group, broker });
  const plugins = add(element, "plugins");
  securityPlugins(plugins, config);
  forwardedMessages(plugins, bridged);
  bridgeWatchdog(plugins, own);
  serviceTrial(plugins, config);
  retainedMessages(plugins, broker);
  store.plugins?.(plugins);
  systemUsage(element, group);
  transportConnectors(element, config, group, broker);
}

/** The plugin that tries whether the broker takes and gives messages. As the user whom no stack file can leave out. */
function serviceTrial(plugins: Element, { passwords }: ClusterConfig): void {
  comment(
    plugins,
    "Sends a message to itself every 10 s and receives it, so that `amq status` knows whether an application could.",
  );
  const bean = plugins.ele(BEANS, "bean", { class: "activemq.cluster.ServiceTrial" });
  bean.ele(BEANS, "property", { name: "userName", value: BRIDGE_USER });
  bean.ele(BEANS, "property", { name: "password", value: placeholder(bridgePasswordKey(passwords)) });
}

/** As by default, but local: a bridge that carries the topic and its queues would bring each message twice. */
function localVirtualTopics(broker: Element): void {
  const interceptor = add(
    add(broker, "destinationInterceptors"),
    "virtualDestinationInterceptor",
    {},
    "local: the group that a message of a virtual topic is sent to copies it to the topic's queues, and no other. Bridges carry those queues.",
  );
  add(add(interceptor, "virtualDestinations"), "virtualTopic", { name: "VirtualTopic.>", local: true });
}

/** WebSockets carry MQTT, too. */
function retainedMessages(plugins: Element, { ports }: PlannedBroker): void {
  if (ports.mqtt === undefined && ports.ws === undefined) return;
  comment(plugins, "Retained messages of MQTT are in the store. The product has them in memory, until a failover.");
  plugins.ele(BEANS, "bean", { class: "activemq.cluster.RetainedMessages" });
}

function systemUsage(broker: Element, { limits }: PlannedGroup): void {
  const usage = add(
    add(broker, "systemUsage"),
    "systemUsage",
    { sendFailIfNoSpaceAfterTimeout: 30_000 },
    "A send that finds no space waits for 30 s, then fails, so that its sender learns of it. Bridges wait on.",
  );
  add(add(usage, "memoryUsage"), "memoryUsage", { limit: mib(limits.memoryMiB) });
  add(add(usage, "storeUsage"), "storeUsage", { limit: mib(limits.storeMiB) });
  add(add(usage, "tempUsage"), "tempUsage", { limit: mib(limits.tempMiB) });
}
