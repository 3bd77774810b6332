/** What every host can do: carry amq-host and run it. Targets differ only in how a command reaches the host. */
import * as pulumi from "@pulumi/pulumi";
import { TYPES, resourceName } from "./resourceNames";
import { type Supervisor, hostScript } from "../core/host/hostScript";
import { shellQuote } from "../core/util/shell";
import { alsoAfter } from "./dependsOn";

/** One command on a host, as words; the target quotes and carries them. */
export interface HostCommand {
  readonly create: readonly string[];
  /** Runs when the resource goes; must succeed when there is nothing left to remove. */
  readonly delete?: string;
  readonly stdin?: pulumi.Input<string>;
  /** True when stdin is secret: then nothing the command prints is streamed. */
  readonly quiet?: boolean;
}

/** A command resource, whichever target carries it out. */
export type CommandResource = pulumi.CustomResource & { readonly stdout: pulumi.Output<string> };

/** How a target reaches one of its hosts. */
export interface HostAccess {
  /** The folder on the host that holds everything of this stack. */
  readonly directory: string;
  /** Where the host keeps its Java runtimes. */
  readonly runtimes: string;
  readonly supervisor: Supervisor;
  /** For a machine of its own: the free MiB it must have. It is checked, then set up (users, kernel settings). */
  readonly machineFreeMiB?: number;
  /** For a machine whose brokers share an EFS file system: it is mounted before anything starts that needs it. */
  readonly mounts?: EfsMounts;
  /** For a machine whose data outlives it: what runs there is started again, and serves, before anything else is done. */
  readonly rejoin?: Rejoin;
  /** Creates the resource that runs a shell command there. */
  command(name: string, args: ShellCommand, opts: pulumi.CustomResourceOptions): CommandResource;
}

export interface EfsMounts {
  readonly region: string;
  /** A line for each mount: where, the file system, the access point. */
  readonly lines: pulumi.Input<string>;
  /** What must be there before. */
  readonly after: readonly pulumi.Resource[];
}

export interface Rejoin {
  /** Of the disk that the data is on. */
  readonly dataGiB: number;
  /** Another text for every deployment: what was run with the passwords of another one is not started. */
  readonly deployment: pulumi.Input<string>;
}

export interface ShellCommand {
  readonly create: string;
  readonly delete?: string;
  readonly stdin?: pulumi.Input<string>;
  readonly quiet?: boolean;
}

/** A host of the cluster with amq-host installed. */
export class Host extends pulumi.ComponentResource {
  private prepared: CommandResource;

  /**
   * @param name  `<cluster>-<host>`
   * @param access how the target reaches it
   * @param opts   its dependsOn holds for everything on the host
   */
  constructor(
    name: string,
    private readonly access: HostAccess,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super(TYPES.host, name, {}, opts);
    const bin = shellQuote(`${access.directory}/bin`);
    this.prepared = access.command(
      resourceName("prepare", name),
      {
        create: install(bin, access.machineFreeMiB),
        delete: `rm -rf ${bin} && { rmdir ${shellQuote(access.directory)} 2>/dev/null || true; }`,
        stdin: hostScript(access.runtimes, access.supervisor),
      },
      // A component's order is not its children's.
      { parent: this, ...(opts.dependsOn !== undefined && { dependsOn: opts.dependsOn }) },
    );
    if (access.machineFreeMiB !== undefined) {
      this.prepared = this.amqHost(resourceName("setup", name), { create: ["setup"] }, { parent: this });
    }
    if (access.mounts !== undefined) {
      const { region, lines, after } = access.mounts;
      this.prepared = this.amqHost(
        resourceName("mounted", name),
        { create: ["mount-efs", region], stdin: lines },
        { parent: this, dependsOn: [...after] },
      );
    }
    if (access.rejoin !== undefined) {
      const { dataGiB, deployment } = access.rejoin;
      this.prepared = this.amqHost(
        resourceName("rejoined", name),
        { create: ["rejoin", String(dataGiB)], stdin: pulumi.interpolate`${deployment}\n` },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }

  /** Done once the host can be given services, and what it carried before serves again. */
  get ready(): pulumi.Resource {
    return this.prepared;
  }

  /** Runs `amq-host <words>` once the host is prepared. */
  amqHost(name: string, args: HostCommand, opts: pulumi.CustomResourceOptions): CommandResource {
    const script = shellQuote(`${this.access.directory}/bin/amq-host`);
    // What is prepared now: the host's own set-up is one of these commands.
    const dependsOn = alsoAfter(opts.dependsOn, [this.prepared]);
    return this.access.command(
      name,
      {
        create: [script, ...args.create.map(shellQuote)].join(" "),
        ...(args.delete !== undefined && { delete: `[ ! -x ${script} ] || ${script} ${args.delete}` }),
        ...(args.stdin !== undefined && { stdin: args.stdin }),
        ...(args.quiet !== undefined && { quiet: args.quiet }),
      },
      { ...opts, dependsOn },
    );
  }
}

/**
 * The command that installs amq-host from its standard input. A machine of its own is asked first whether it suits, by the script
 * that is about to be installed; one that does not is left as it was.
 */
function install(bin: string, freeMiB: number | undefined): string {
  const fresh = `${bin}/amq-host.new`;
  const suits = freeMiB === undefined ? "" : ` && ${fresh} suits ${freeMiB}`;
  // Renamed into place: a script that is being run keeps its old text.
  return `mkdir -p ${bin} && cat > ${fresh} && chmod 755 ${fresh}${suits} && mv -f ${fresh} ${bin}/amq-host || { rm -f ${fresh}; rmdir -p --ignore-fail-on-non-empty ${bin}; exit 1; }`;
}
