/** The lab that plays EC2, as handlers of the stand-in engine. */
import type { Handler } from "../handlers/handler";
import { type Place, awsHandler } from "./awsType";
import { Ec2Lab } from "./ec2Lab";
import { computeTypes } from "./types/compute";
import { identityTypes } from "./types/identity";
import { networkTypes } from "./types/network";
import { securityTypes } from "./types/security";
import { storageTypes } from "./types/storage";

const TYPES = { ...networkTypes, ...securityTypes, ...storageTypes, ...identityTypes, ...computeTypes };

/**
 * One for each type that the program uses.
 * @param directory the lab's folder; the lab is made when the first resource needs it
 */
export function ec2Handlers(directory: string, say: (line: string) => void): ReadonlyMap<string, Handler> {
  let lab: Promise<Ec2Lab> | undefined;
  const place: Place = {
    open: () => (lab ??= Ec2Lab.open(directory, say)),
    look: () => Ec2Lab.find(directory)?.account,
    tidy: async (opened) => {
      if (!opened.account.isEmpty) return;
      lab = undefined;
      await opened.remove();
    },
  };
  return new Map(Object.entries(TYPES).map(([token, type]) => [token, awsHandler(token, type, place)]));
}
