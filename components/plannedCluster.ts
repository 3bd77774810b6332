import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { BrokerGroup } from "./brokerGroup";
import { BRIDGE_USER, type BrokerUser, brokerUsers, passwordKeys } from "../core/plan/users";
import type { CommandResource, HostAccess } from "./host";
import { Host } from "./host";
import type { Visited } from "./rollout";
import { recordOf } from "../core/change/record";
import { TYPES, resourceName } from "./resourceNames";
import type { Service } from "../core/host/service";
import { DATABASE_ADDRESS, DATABASE_PASSWORD } from "../core/plan/database";
import { DatabaseServer } from "./databaseServer";
import { ZooKeeperEnsemble } from "./zooKeeperEnsemble";
import { type ClusterPlan, type PlannedHost, brokersOf } from "../core/plan/model";

export interface PlannedClusterArgs {
  readonly plan: ClusterPlan;
  /** What render made of the plan. */
  readonly services: readonly Service[];
  /**
   * A shell command, run in the project's folder before anything of a running cluster is touched. Gets the record of this
   * change on standard input and that of the last one in PULUMI_COMMAND_STDOUT; prints the former, or fails with the reason why
   * the change must not be made. Default: no check.
   */
  readonly check?: string;
  /** The password of the plan's database, when that is not one that the program runs. */
  readonly databasePassword?: pulumi.Input<string>;
  /**
   * How the target reaches its hosts; asked once, before anything of a host, and makes them where the target makes its own.
   * `made` are the hosts before this one: a machine may have to wait for another.
   */
  readonly access: (owner: HostOwner) => (host: PlannedHost, made: ReadonlyMap<string, Host>) => HostAccess;
  /** The hosts' names in the order in which they are made. Default: the plan's. */
  readonly hostOrder?: readonly string[];
  /** Makes what hosts wait for that are replaced one after the other, once all of them are known. Default: nothing. */
  readonly between?: (hosts: ReadonlyMap<string, Host>) => void;
  /** Brings the Java runtimes to where hosts look for them, before any service needs one; `name` begins the resources' names. */
  readonly runtimes: (
    name: string,
    parent: pulumi.Resource,
    hosts: ReadonlyMap<string, Host>,
  ) => readonly pulumi.Resource[];
  /** Makes the plan's database, where that is the target's to make; called after the hosts were asked for. */
  readonly database?: (password: pulumi.Output<string>) => MadeDatabase;
}

/** A database that a target has made. */
export interface MadeDatabase {
  /** Where brokers dial it. */
  readonly address: pulumi.Output<string>;
  /** What brokers wait for. */
  readonly ready: readonly pulumi.Resource[];
}

/** Whose hosts a target is asked for. */
export interface HostOwner {
  /** Begins the names of what is made. */
  readonly name: string;
  readonly parent: pulumi.Resource;
  /** Before anything of a host is touched. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * What a plan says, as resources: groups of brokers, the ensemble that elects their masters, and the bridges between them. Other
 * programs use ActiveMqCluster, which makes the plan, too.
 */
export class PlannedCluster extends pulumi.ComponentResource {
  /** The client URL over all brokers, known once every group has a master and every bridge is up. */
  readonly failoverUrl: pulumi.Output<string>;
  /** Client URLs by group name. */
  readonly groupFailoverUrls: Readonly<Record<string, pulumi.Output<string>>>;
  /** With spokes: where producers connect. */
  readonly producerUrl?: pulumi.Output<string>;
  /** With spokes: where consumers connect. */
  readonly consumerUrl?: pulumi.Output<string>;
  /** `address:port,...`; absent when no store needs ZooKeeper. */
  readonly zookeeperConnect?: pulumi.Output<string>;
  /** Generated passwords by user name, the newest ones; secret. */
  readonly passwords: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: PlannedClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TYPES.cluster, name, {}, opts);
    const { plan, services } = args;
    const allowed = this.createCheck(name, args);
    const hosts = this.createHosts(name, args, allowed);
    const free = [
      ...args.runtimes(name, this, hosts),
      ...this.createPreflights(name, services, hosts),
      ...this.createSharedDirectories(name, plan, hosts),
    ];

    const ensemble =
      plan.ensemble &&
      new ZooKeeperEnsemble(
        resourceName("ensemble", name),
        {
          services: services.filter((service) => service.kind === "zookeeper"),
          hosts,
          after: free,
          between: (visit, parent) => this.awaitBrokers(visit, { plan, hosts }, parent),
          connect: plan.ensemble.connect,
        },
        { parent: this },
      );
    if (ensemble !== undefined) this.zookeeperConnect = ensemble.connect;

    const databasePassword = this.createDatabasePassword(name, args);
    const database = this.createDatabase(name, services, hosts, { after: free, password: databasePassword });
    const made = plan.database?.rds && args.database?.(databasePassword);
    const credentials: Record<string, pulumi.Output<string>> = {
      ...this.createPasswords(name, plan),
      [DATABASE_PASSWORD]: databasePassword,
      ...(made && { [DATABASE_ADDRESS]: made.address }),
    };
    const groups = plan.groups.map((group) => {
      const brokers = new Set(group.brokers.map((broker) => broker.name));
      return new BrokerGroup(
        resourceName("group", name, { group: group.name }),
        {
          services: services.filter((service) => brokers.has(service.name)),
          hosts,
          // On a first start brokers come up beside the ensemble, and wait for its quorum by themselves. After its files
          // all the same: what is removed goes in reverse, and a broker shall not outlive what elects its master.
          after: [...free, ...(ensemble?.staged ?? []), ...(database?.ready ?? []), ...(made?.ready ?? [])],
          settleAfter: ensemble?.ready ?? [],
          credentials,
          failoverUrl: plan.urls.groups[group.name] ?? "",
        },
        { parent: this },
      );
    });
    const bridges = this.createBridgeGates(name, services, hosts, groups);

    const gates = [...groups.map((group) => group.failoverUrl), ...bridges.map((gate) => gate.stdout)];
    const onceUp = <T>(value: T) => pulumi.all(gates).apply(() => value);
    this.failoverUrl = onceUp(plan.urls.failover);
    if (plan.urls.producers !== undefined) this.producerUrl = onceUp(plan.urls.producers);
    if (plan.urls.consumers !== undefined) this.consumerUrl = onceUp(plan.urls.consumers);
    this.groupFailoverUrls = Object.fromEntries(
      plan.groups.map((group, i) => [group.name, groups[i]?.failoverUrl ?? pulumi.output("")]),
    );
    this.passwords = Object.fromEntries(
      plan.config.users.map((user) => [user.name, credentials[passwordKeys.user(user.name)] ?? pulumi.output("")]),
    );
    this.registerOutputs({ failoverUrl: this.failoverUrl });
  }

  private createHosts(name: string, args: PlannedClusterArgs, allowed: pulumi.Resource): Map<string, Host> {
    const opts = { parent: this, dependsOn: [allowed] };
    const access = args.access({ name, parent: this, after: [allowed] });
    const hosts = new Map<string, Host>();
    for (const host of inOrder(args)) {
      hosts.set(host.name, new Host(resourceName("host", name, { host: host.name }), access(host, hosts), opts));
    }
    args.between?.(hosts);
    return hosts;
  }

  /** A resource, because only the engine knows what the last change was: its output is handed to its next run. */
  private createCheck(name: string, { plan, check }: PlannedClusterArgs): command.local.Command {
    return new command.local.Command(
      resourceName("change", name),
      {
        create: "cat",
        update: check ?? "cat",
        stdin: recordOf(plan),
        interpreter: ["/bin/bash", "-c"],
        addPreviousOutputInEnv: true,
        logging: "stderr",
      },
      { parent: this },
    );
  }

  /** Generated for one of ours; a stack without a database has none, and no broker asks for it. */
  private createDatabasePassword(
    name: string,
    { plan: { database }, databasePassword }: PlannedClusterArgs,
  ): pulumi.Output<string> {
    if (database?.server === undefined && database?.rds === undefined) return pulumi.secret(databasePassword ?? "");
    return this.password(resourceName("databasePassword", name));
  }

  /** The PostgreSQL server, where the program runs one. */
  private createDatabase(
    name: string,
    services: readonly Service[],
    hosts: ReadonlyMap<string, Host>,
    args: { readonly after: readonly pulumi.Resource[]; readonly password: pulumi.Output<string> },
  ): DatabaseServer | undefined {
    const service = services.find(({ kind }) => kind === "postgresql");
    if (service === undefined) return undefined;
    return new DatabaseServer(resourceName("database", name), { service, hosts, ...args }, { parent: this });
  }

  /** Every port of every host is checked before the first process starts. */
  private createPreflights(name: string, services: readonly Service[], hosts: ReadonlyMap<string, Host>) {
    return services.flatMap((service) => {
      const host = hosts.get(service.host);
      if (host === undefined) return [];
      const create = ["preflight", service.name, ...service.listens];
      return [host.amqHost(resourceName("preflight", name, { service: service.name }), { create }, { parent: this })];
    });
  }

  /** Where brokers share a directory: each of their hosts is asked whether it sees it, before any broker starts. */
  private createSharedDirectories(name: string, plan: ClusterPlan, hosts: ReadonlyMap<string, Host>) {
    // On aws hosts have asked when they mounted it.
    if (plan.aws?.fileSystem !== undefined) return [];
    const { directory, mount } = plan.config.sharedKahaDB;
    const mounted = directory === undefined || mount === undefined ? [] : ["--mount", directory, mount];
    return plan.hosts.flatMap((planned) => {
      const host = hosts.get(planned.name);
      const folders = plan.groups.flatMap((group) =>
        group.directory !== undefined && group.brokers.some((broker) => broker.host === planned.name)
          ? [group.directory]
          : [],
      );
      if (folders.length === 0 || host === undefined) return [];
      const create = ["share", ...mounted, ...folders];
      return [host.amqHost(resourceName("share", name, { host: planned.name }), { create }, { parent: this })];
    });
  }

  /**
   * A member that restarts may cost every group its master, where that takes longer than a session, and a slave that is not attached
   * could then be elected too late or not at all: so the next member waits until all brokers are master or slave again. One command
   * per host.
   */
  private awaitBrokers(
    visit: Visited,
    { plan, hosts }: { plan: ClusterPlan; hosts: ReadonlyMap<string, Host> },
    parent: pulumi.Resource,
  ): CommandResource[] {
    const brokers = brokersOf(plan);
    return plan.hosts.flatMap(({ name }) => {
      const here = brokers.filter(({ host }) => host === name).map((broker) => broker.name);
      const host = hosts.get(name);
      if (here.length === 0 || host === undefined) return [];
      const args = { create: ["await", ...here], stdin: visit.output };
      const resource = resourceName("brokersAwaited", visit.owner, {
        pass: visit.pass,
        service: visit.service,
        host: name,
      });
      return [host.amqHost(resource, args, { parent, dependsOn: [visit.resource] })];
    });
  }

  /** By their keys in credentials.properties. */
  private createPasswords(name: string, plan: ClusterPlan): Record<string, pulumi.Output<string>> {
    const { generation } = plan.config.passwords;
    const generate = (user: BrokerUser, of: number) => this.password(passwordName(name, user, of));
    const passwords: Record<string, pulumi.Output<string>> = {};
    for (const user of brokerUsers(plan.config)) {
      passwords[user.passwordKey] = generate(user, generation);
      if (user.previousPasswordKey !== undefined) passwords[user.previousPasswordKey] = generate(user, generation - 1);
    }
    return passwords;
  }

  private password(name: string): pulumi.Output<string> {
    return new random.RandomPassword(name, { length: 32, special: false }, { parent: this }).result;
  }

  /** A bridge needs the masters of both its groups, so all groups come first; any change anywhere asks again. */
  private createBridgeGates(
    name: string,
    services: readonly Service[],
    hosts: ReadonlyMap<string, Host>,
    groups: readonly BrokerGroup[],
  ): CommandResource[] {
    const staged = pulumi.all(groups.map((group) => group.staged)).apply((all) => all.join("\n"));
    const dependsOn = groups.flatMap((group) => group.ready);
    return services
      .filter((service) => service.bridges.length > 0)
      .flatMap((service) => {
        const host = hosts.get(service.host);
        if (host === undefined) return [];
        const create = ["bridges", service.name, ...service.bridges];
        return [
          host.amqHost(
            resourceName("bridges", name, { service: service.name }),
            { create, stdin: staged },
            { parent: this, dependsOn: [...dependsOn] },
          ),
        ];
      });
  }
}

/** The first generation has the name that it had before there was another one. */
function passwordName(cluster: string, { name: user }: BrokerUser, of: number): string {
  const generation = String(of);
  if (user === BRIDGE_USER) {
    return of === 1
      ? resourceName("bridgePassword", cluster)
      : resourceName("laterBridgePassword", cluster, { generation });
  }
  return of === 1
    ? resourceName("userPassword", cluster, { user })
    : resourceName("laterUserPassword", cluster, { generation, user });
}

function inOrder({ plan, hostOrder }: PlannedClusterArgs): readonly PlannedHost[] {
  if (hostOrder === undefined) return plan.hosts;
  return [...plan.hosts].sort((a, b) => hostOrder.indexOf(a.name) - hostOrder.indexOf(b.name));
}
