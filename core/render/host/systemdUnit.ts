/** The systemd unit of a service: who runs it, what it may touch, and that it comes back. Pure. */
import type { RenderedFile } from "../../host/service";
import { machineDirectory, machineRuntimes } from "../../host/ssh";
import type { ClusterPlan } from "../../plan/model";

/** Beside the rendered files in a service's version; amq-host installs it under the service's unit name. */
const UNIT_FILE = "service.unit";

/** The unit of a service; script/systemd.sh makes the same name. */
export function unitName({ stack }: Pick<ClusterPlan, "stack">, service: string): string {
  return `amq-${stack}-${service}`;
}

export interface UnitArgs {
  readonly service: string;
  /** As in "broker group1-1". */
  readonly what: string;
  /** The system user that runs it. */
  readonly user: "activemq" | "zookeeper";
  readonly heapMiB: number;
  /** Seconds of silence after which the process is taken for frozen and killed; absent: it is not watched. */
  readonly frozenSeconds?: number;
  /** Folders it writes to besides its own, absolute. */
  readonly writes?: readonly string[];
}

/** Beside the rendered files of a service on a host without systemd. */
const PULSE_FILE = "pulse-seconds";

/** Beside the heap a JVM has threads, buffers, code; a store's mapped files count, too, but can be dropped. */
const memoryMaxMiB = (heapMiB: number) => 2 * heapMiB + 512;

/** What whoever supervises a service must know: its unit file, or without systemd what differs from other services. */
export function unitFiles(plan: ClusterPlan, args: UnitArgs): RenderedFile[] {
  if (plan.config.target !== "local") return [{ path: UNIT_FILE, text: unit(plan, args) }];
  return args.frozenSeconds === undefined ? [] : [{ path: PULSE_FILE, text: `${args.frozenSeconds}\n` }];
}

/** A start may take long on a busy machine; the process names the shorter time itself once it runs. */
const LONGEST_START_SECONDS = 120;

/** The process tells systemd through a program of its own. KILL: a stopped process handles no other signal. */
const WATCHED = `# A frozen process keeps its locks: it is killed when it has been silent for too long (activemq.cluster.Pulse).
NotifyAccess=all
WatchdogSec=${LONGEST_START_SECONDS}
WatchdogSignal=SIGKILL
`;

function unit(plan: ClusterPlan, { service, what, user, heapMiB, frozenSeconds, writes = [] }: UnitArgs): string {
  const directory = `${machineDirectory(plan)}/${service}`;
  return `# Rendered; do not edit.
[Unit]
Description=${what} of stack ${plan.stack}
Wants=network-online.target
After=network-online.target
# Whatever happens, it is started again.
StartLimitIntervalSec=0

[Service]
User=${user}
Group=${user}
WorkingDirectory=${directory}
Environment=AMQ_SERVICE=${directory} AMQ_RUNTIMES=${machineRuntimes(plan)}
# The version as it is at the start: a link that is swapped later means the next start.
ExecStart=/bin/bash -c 'AMQ_CONF=$$(readlink -f active) exec active/run'
Restart=always
RestartSec=2
# A JVM that was told to end.
SuccessExitStatus=143
${frozenSeconds === undefined ? "" : WATCHED}TimeoutStopSec=30
SyslogIdentifier=${service}
# Every line of a failure counts.
LogRateLimitIntervalSec=0

LimitNOFILE=65536
TasksMax=8192
MemoryMax=${memoryMaxMiB(heapMiB)}M
UMask=0077

NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ReadWritePaths=${directory}/data ${directory}/log ${directory}/tmp
${writes.map((folder) => `# What is not there yet is no reason not to start: the service waits for it.\nReadWritePaths=-${folder}\n`).join("")}ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
`;
}
