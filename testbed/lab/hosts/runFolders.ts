import { rmSync } from "node:fs";
import { join } from "node:path";

/** Where systemd-nspawn keeps a folder for each container; it leaves them behind when it is killed. */
const FOLDERS = ["/run/systemd/nspawn/propagate", "/run/systemd/nspawn/unix-export"];

/** @param machines names of containers of ours, which all are off */
export function removeRunFolders(machines: readonly string[]): void {
  for (const folder of FOLDERS) {
    for (const machine of machines) rmSync(join(folder, machine), { recursive: true, force: true });
  }
}
