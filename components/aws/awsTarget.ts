/** Target aws's share of a deployment: makes the machines, says how they are reached, and brings them their Java runtimes. */
import { Provider } from "@pulumi/aws/provider";
import * as s3 from "@pulumi/aws/s3";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { basename } from "node:path";
import { type RuntimeName, runtimeDirectory } from "../../core/host/runtimes";
import { ClientSecrets } from "./clientSecrets";
import type { AwsOutputs } from "../outputs";
import { regionFault } from "./existingVpc";
import { named, stackTags } from "./tags";
import type { Ec2Host } from "./ec2Host";
import { Ec2Site } from "./ec2Site";
import type { Host, HostAccess } from "../host";
import { resourceName } from "../resourceNames";
import { replacementChains, inChainOrder } from "../../core/change/replacementOrder";
import { runtimeArchive } from "../ssh/runtimeArchive";
import { asRoot, EC2_USER, MACHINE_DATA, machineDirectory, machineRuntimes } from "../../core/host/ssh";
import { DIAL_SECONDS, dialErrors, readKey, remoteHost } from "../ssh/sshHost";
import { FREE_MIB, resolveNow, runsOn } from "../ssh/sshTarget";
import { ReplacementQueue } from "./replacementQueue";
import type { PlannedMachine, PlannedAws } from "../../core/plan/aws/model";
import type { ClusterPlan } from "../../core/plan/model";
import type { DeployedTarget, DeployOptions } from "../deployedTarget";

/** A machine that has just been started answers after a minute or two: with five seconds between tries, more than five of them. */
const DIAL_ERRORS = 60;

/**
 * @param runtimes the runtimes that the plan's services start from
 * @throws Error when a runtime cannot be resolved here, or the key cannot be read
 */
export function awsTarget(
  plan: ClusterPlan,
  runtimes: readonly RuntimeName[],
  { order = [], resolve = (text) => text }: DeployOptions = {},
): DeployedTarget {
  const { aws } = plan;
  if (aws === undefined) throw new Error("the plan has no machines of target aws");
  for (const name of runtimes) resolveNow(name);
  let made: MadeSite | undefined;
  const needed = () => {
    if (made === undefined) throw new Error("the machines are made when the cluster asks for its hosts");
    return made;
  };
  const chains = replacementChains(plan, order);
  return {
    hostOrder: inChainOrder(chains),
    access: ({ name, parent, after }) => {
      const givenProvider = parent.getProvider("aws:ec2/instance:Instance");
      // Everything of AWS waits for its provider, and so for what must be before: a component's order is not its children's.
      const provider =
        givenProvider ?? new Provider(`${name}-aws`, { region: aws.config.region }, { parent, dependsOn: [...after] });
      // One that is given waits for nothing, so that each resource must.
      const transformations = givenProvider
        ? [afterAll(sameRegion(givenProvider, aws.config.region).apply(() => [...after]))]
        : [];
      const site = new Ec2Site(
        resourceName("site", name),
        { plan: aws, tags: stackTags(plan), resolve },
        { parent, providers: { aws: provider }, transformations },
      );
      const replacementQueue = new ReplacementQueue({ plan, chains }, { parent: site, provider });
      made = { site, provider, transformations, replacementQueue };
      return ({ name: host }, hosts) =>
        ec2Access(plan, aws, site, site.addHost(machineOf(aws, host), replacementQueue.before(host, hosts)));
    },
    between: (hosts) => {
      const { site, replacementQueue } = needed();
      const login = [...site.hosts].map(([host, one]) => {
        const connection = connectionTo(aws, site, one, dialErrors(site.bastion !== undefined));
        return [host, { connection, fingerprint: one.fingerprint }] as const;
      });
      replacementQueue.ask(site.prefix, { made: hosts, hosts: new Map(login) }, site);
    },
    runtimes: (name, parent, hosts) => {
      const { site, provider } = needed();
      return runtimes.flatMap((runtime) => {
        const archive = uploadedRuntime(name, { plan, site, runtime }, { parent, provider });
        return plan.hosts
          .filter((host) => runsOn(plan, host, runtime))
          .map((host) =>
            fetchedRuntime(name, { aws, archive, runtime, name: host.name, host: hosts.get(host.name) }, parent),
          );
      });
    },
    database: (password) => needed().site.addDatabase(plan, password),
    outputs: (cluster) => outputsOf(plan, aws, needed(), cluster),
  };
}

interface MadeSite {
  readonly site: Ec2Site;
  readonly provider: pulumi.ProviderResource;
  /** What holds for everything that is made with the provider. */
  readonly transformations: pulumi.ResourceTransformation[];
  readonly replacementQueue: ReplacementQueue;
}

/** @throws RunError for a provider of another region */
function sameRegion(givenProvider: pulumi.ProviderResource, region: string): pulumi.Output<void> {
  return pulumi.output((givenProvider as Partial<Provider>).region).apply((theirs) => {
    const fault = regionFault(region, theirs);
    if (fault !== undefined) throw new pulumi.RunError(fault);
  });
}

/** Lets every resource of a component wait. */
function afterAll(first: pulumi.Output<pulumi.Resource[]>): pulumi.ResourceTransformation {
  return ({ props, opts }) => ({
    props,
    opts: {
      ...opts,
      dependsOn: pulumi.all([pulumi.output(opts.dependsOn ?? []), first]).apply(([own, all]) => [own, all].flat(2)),
    },
  });
}

function machineOf(aws: PlannedAws, name: string): PlannedMachine {
  const machine = aws.machines.find(({ host }) => host === name);
  if (machine === undefined) throw new Error(`no machine for host ${name}`);
  return machine;
}

/** @param dialErrorLimit how often it may not answer */
function connectionTo(
  aws: PlannedAws,
  site: Ec2Site,
  { machine, hostKey }: Ec2Host,
  dialErrorLimit: number,
): command.types.input.remote.ConnectionArgs {
  const privateKey = privateKeyOf(aws, site);
  // Field by field: what the provider does not know, it prints.
  const login = (host: pulumi.Input<string>, key: pulumi.Input<string>) => ({
    host,
    port: 22,
    user: EC2_USER,
    hostKey: key,
    dialErrorLimit,
    perDialTimeout: DIAL_SECONDS,
    ...(privateKey !== undefined && { privateKey }),
  });
  return {
    ...login(machine.address, hostKey),
    ...(site.bastion && { proxy: login(site.bastion.address, site.bastion.hostKey) }),
  };
}

/** How a machine is logged in to; nothing is run there before its first boot is done. */
function ec2Access(plan: ClusterPlan, aws: PlannedAws, site: Ec2Site, made: Ec2Host): HostAccess {
  const { machine, instance, attachment, fingerprint } = made;
  const name = machine.host;
  const connection = connectionTo(aws, site, made, DIAL_ERRORS);
  const booted = new command.remote.Command(
    resourceName("booted", site.prefix, { host: name }),
    {
      connection,
      create: pulumi.interpolate`${asRoot(EC2_USER, BOOTED)} # ${fingerprint}`,
      addPreviousOutputInEnv: false,
      logging: "stdoutAndStderr",
    },
    { parent: site, dependsOn: [instance, attachment], deletedWith: instance },
  );
  return remoteHost({
    connection,
    user: EC2_USER,
    directory: machineDirectory(plan),
    runtimes: machineRuntimes(plan),
    freeMiB: FREE_MIB,
    fingerprint,
    after: [booted],
    deletedWith: instance,
    ...mountsOf(plan, aws, site, name),
    // A bucket's name is never given out twice.
    rejoin: { dataGiB: machine.dataGiB, deployment: site.artefacts.bucket },
  });
}

/** What the brokers of a host share with others; nothing where they share nothing. */
function mountsOf(
  { groups }: ClusterPlan,
  { config, fileSystem }: PlannedAws,
  site: Ec2Site,
  host: string,
): Pick<HostAccess, "mounts"> {
  const here = groups.filter(({ brokers }) => brokers.some((broker) => broker.host === host)).map(({ name }) => name);
  if (fileSystem === undefined || site.fileSystem === undefined || here.length === 0) return {};
  const lines = site.fileSystem.mounts(here, fileSystem);
  return { mounts: { region: config.region, lines, after: site.fileSystem.ready } };
}

/** cloud-init says whether the first boot went well; its log says why not. */
const BOOTED = `cloud-init status --wait >/dev/null && mountpoint -q ${MACHINE_DATA} || { tail -n 40 /var/log/cloud-init-output.log >&2; exit 1; }`;

/** @returns undefined for the keys of the user's SSH agent. @throws Error when the file cannot be read */
function privateKeyOf({ config }: PlannedAws, site: Ec2Site): pulumi.Output<string> | undefined {
  if (site.generatedKey !== undefined) return site.generatedKey;
  const { privateKeyFile } = config.login;
  if (privateKeyFile === undefined) return undefined;
  return pulumi.secret(readKey(privateKeyFile, "activemq:aws.login.privateKeyFile"));
}

/** Once for each content: the id is part of the resource's name, so another runtime is another object. */
function uploadedRuntime(
  name: string,
  { plan, site, runtime }: { plan: ClusterPlan; site: Ec2Site; runtime: RuntimeName },
  { parent, provider }: { parent: pulumi.Resource; provider: pulumi.ProviderResource },
): s3.BucketObjectv2 {
  const id = basename(runtimeDirectory(runtime));
  return new s3.BucketObjectv2(
    resourceName("runtimeArchive", name, { runtimeId: id }),
    {
      bucket: site.artefacts.bucket,
      key: `runtimes/${id}.tar.gz`,
      source: new pulumi.asset.FileAsset(runtimeArchive(runtime)),
      tags: named(stackTags(plan), id),
    },
    // The same id is the same content, but archives have times in them, and each of us has the file elsewhere.
    { parent, provider, ignoreChanges: ["source"] },
  );
}

function fetchedRuntime(
  cluster: string,
  args: { aws: PlannedAws; archive: s3.BucketObjectv2; runtime: RuntimeName; name: string; host: Host | undefined },
  parent: pulumi.Resource,
): pulumi.Resource {
  const { aws, archive, runtime, name, host } = args;
  if (host === undefined) throw new Error(`no host ${name}`);
  const id = basename(runtimeDirectory(runtime));
  return host.amqHost(
    resourceName("installedRuntime", cluster, { host: name, runtimeId: id }),
    {
      create: ["fetch-runtime", id, aws.config.region],
      stdin: pulumi.interpolate`s3://${archive.bucket}/${archive.key}\n`,
    },
    { parent, dependsOn: [archive] },
  );
}

function outputsOf(
  plan: ClusterPlan,
  aws: PlannedAws,
  { site, provider, transformations }: MadeSite,
  cluster: Parameters<DeployedTarget["outputs"]>[0],
): AwsOutputs {
  const secrets = new ClientSecrets(
    `${site.prefix}-credentials`,
    { plan, config: aws.config, passwords: cluster.passwords, ready: cluster.failoverUrl, tags: stackTags(plan) },
    { parent: cluster, providers: { aws: provider }, transformations },
  );
  return {
    vpcId: site.network.vpcId,
    clientSecurityGroupId: site.clientSecurityGroupId,
    ...secrets.outputs,
    ...(site.database && { databaseSecretArn: site.database.secretArn }),
    sshHostKeys: site.hostKeys,
    ...(site.bastion && { bastionAddress: site.bastion.address }),
    ...(site.generatedKey && { sshPrivateKey: site.generatedKey }),
  };
}
