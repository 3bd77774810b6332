/** Where things of the lab are, in its folder. */
import { join } from "node:path";

export const accountFile = (directory: string) => join(directory, "account.json");
export const lockFile = (directory: string) => join(directory, "lock");
export const objectsFolder = (directory: string) => join(directory, "objects");
export const machinesFolder = (directory: string) => join(directory, "machines");
export const volumesFolder = (directory: string) => join(directory, "volumes");
export const databasesFolder = (directory: string) => join(directory, "databases");
/** Of who signs the databases' certificates. */
export const authorityFolder = (directory: string) => join(directory, "authority");
