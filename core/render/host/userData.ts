/**
 * What a machine of target aws does at its first boot, as one script. Pure, and without a secret: its SSH host key is fetched
 * with the machine's own role, so that who logs in knows the key beforehand.
 *
 * Everything else comes by SSH. The text is ignored for replacement: a machine runs it once in its life.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fillIn } from "../../util/fillIn";
import { shellQuote } from "../../util/shell";
import { MACHINE_DATA } from "../../host/ssh";

const partOf = (name: string) => readFileSync(join(__dirname, name), "utf8");
const FIRST_BOOT = partOf("userData.sh");
const DATA_AND_JAVA = partOf("dataAndJava.sh");

export interface BootArgs {
  /** The machine's short name. */
  readonly machine: string;
  readonly region: string;
  readonly bucket: string;
  /** What other machines know it by; absent for the bastion, which has no data either. */
  readonly dnsName?: string;
}

/** Where a machine's SSH host key is in the bucket. */
export function hostKeyObject(machine: string): string {
  return `hosts/${machine}/ssh_host_ed25519_key`;
}

/**
 * Where the id of a machine's data volume is in the bucket. Not in the text itself: a machine that is replaced is told the text
 * of the one before, and may have another volume.
 */
export function volumeObject(machine: string): string {
  return `hosts/${machine}/data-volume`;
}

export function userData(args: BootArgs): string {
  const { machine, region, bucket, dnsName } = args;
  const fetch = (object: string) =>
    `retry aws s3 cp --only-show-errors --region ${shellQuote(region)} ${shellQuote(`s3://${bucket}/${object}`)}`;
  return fillIn(FIRST_BOOT, {
    machine,
    hostname: shellQuote(machine.toLowerCase()),
    ownName: dnsName === undefined ? "" : ownName(machine, dnsName),
    fetchHostKey: fetch(hostKeyObject(machine)),
    dataAndJava:
      dnsName === undefined
        ? ""
        : `\n${fillIn(DATA_AND_JAVA, { fetchVolumeId: fetch(volumeObject(machine)), folder: MACHINE_DATA })}`,
  });
}

/**
 * A slave looks up its own host name before it attaches to its master, and not every image makes that name known to itself. The
 * address is asked for, not written here: a machine that is replaced is told the text of the one before, and may be elsewhere.
 */
function ownName(machine: string, dnsName: string): string {
  return `echo "$(hostname -I | cut -d ' ' -f 1)" ${shellQuote(dnsName)} ${shellQuote(machine.toLowerCase())} >>/etc/hosts
`;
}
