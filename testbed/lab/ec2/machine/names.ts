import { type AccountEntry, textOf } from "../account";

/** The name of an instance's container, unique on this machine. */
export function machineOf(instance: AccountEntry): string {
  return textOf(instance, "machine");
}

/** The router's end of an instance's cable, as systemd-nspawn names it; at most 15 characters. */
export function linkOf(instance: AccountEntry): string {
  return `ve-${machineOf(instance)}`;
}

/** How a volume appears in a machine: Nitro's disks are named by the volume. */
export function diskLinkOf(volumeId: string): string {
  return `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace("-", "")}`;
}
