/** What every host can do: carry amq-host and run it. Targets differ only in how a command reaches the host. */
import * as pulumi from "@pulumi/pulumi";
import { type Supervisor, hostScript, shellQuote } from "./hostScript";

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
  /** Free MiB that the host must have; a host that is given it is set up first (users, kernel settings, checks). */
  readonly setupFreeMiB?: number;
  /** Creates the resource that runs a shell command there. */
  command(name: string, args: ShellCommand, opts: pulumi.CustomResourceOptions): CommandResource;
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
    super("activemq:index:Host", name, {}, opts);
    const bin = shellQuote(`${access.directory}/bin`);
    this.prepared = access.command(
      `${name}-prepare`,
      {
        // Renamed into place: a script that is being run keeps its old text.
        create: `mkdir -p ${bin} && cat > ${bin}/amq-host.new && chmod 755 ${bin}/amq-host.new && mv -f ${bin}/amq-host.new ${bin}/amq-host`,
        delete: `rm -rf ${bin} && { rmdir ${shellQuote(access.directory)} 2>/dev/null || true; }`,
        stdin: hostScript(access.runtimes, access.supervisor),
      },
      // A component's order is not its children's.
      { parent: this, ...(opts.dependsOn !== undefined && { dependsOn: opts.dependsOn }) },
    );
    if (access.setupFreeMiB !== undefined) {
      const create = ["setup", String(access.setupFreeMiB)];
      this.prepared = this.amqHost(`${name}-setup`, { create }, { parent: this });
    }
    this.registerOutputs({});
  }

  /** Runs `amq-host <words>` once the host is prepared. */
  amqHost(name: string, args: HostCommand, opts: pulumi.CustomResourceOptions): CommandResource {
    const script = shellQuote(`${this.access.directory}/bin/amq-host`);
    // Now, not when the output is known: the host's own set-up is one of these commands.
    const { prepared } = this;
    const dependsOn = pulumi.output(opts.dependsOn ?? []).apply((given) => [prepared, ...[given].flat()]);
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
