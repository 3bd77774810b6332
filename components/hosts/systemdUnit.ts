/** The systemd unit of a service: who runs it, what it may touch, and that it comes back. Pure. */
import type { ClusterPlan } from "../cluster/plan";
import type { RenderedFile } from "./service";
import { machineDirectory, machineRuntimes } from "./ssh";

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
}

/** Beside the heap a JVM has threads, buffers, code; a store's mapped files count, too, but can be dropped. */
const memoryMaxMiB = (heapMiB: number) => 2 * heapMiB + 512;

/** The unit file of a service, on targets whose machines have systemd. */
export function unitFiles(plan: ClusterPlan, args: UnitArgs): RenderedFile[] {
  return plan.config.target !== "local" ? [{ path: UNIT_FILE, text: unit(plan, args) }] : [];
}

function unit(plan: ClusterPlan, { service, what, user, heapMiB }: UnitArgs): string {
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
TimeoutStopSec=30
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
ProtectHome=yes
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
