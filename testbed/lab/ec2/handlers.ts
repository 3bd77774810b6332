/** The lab that plays EC2, as handlers of the stand-in engine. */
import type { WireMap } from "../../../operate/engine/standIn/values";
import type { Handler } from "../../../operate/engine/standIn/handlers/handler";
import { Ec2Lab } from "./ec2Lab";
import { FUNCTIONS } from "./functions";
import { computeTypes } from "./types/compute";
import { databaseTypes } from "./types/database";
import { identityTypes } from "./types/identity";
import { networkTypes } from "./types/network";
import { securityTypes } from "./types/security";
import { storageTypes } from "./types/storage";
import { type Place, awsHandler } from "./awsHandler";

/** Questions of the program, by the function's token. */
export function ec2Functions(directory: string): ReadonlyMap<string, (args: WireMap) => WireMap> {
  return new Map(
    Object.entries(FUNCTIONS).map(([token, answer]) => [
      token,
      (args: WireMap) => answer(Ec2Lab.find(directory)?.account, args),
    ]),
  );
}

const TYPES = {
  ...networkTypes,
  ...securityTypes,
  ...storageTypes,
  ...identityTypes,
  ...computeTypes,
  ...databaseTypes,
};

/**
 * One for each type that the program uses.
 * @param directory the lab's folder; the lab is made when the first resource needs it, and held until `close`
 */
export function ec2Handlers(
  directory: string,
  say: (line: string) => void,
): { readonly handlers: ReadonlyMap<string, Handler>; readonly close: () => Promise<void> } {
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
  return {
    handlers: new Map(Object.entries(TYPES).map(([token, type]) => [token, awsHandler(token, type, place)])),
    close: async () => {
      await lab?.then(
        (opened) => {
          opened.close();
        },
        () => undefined,
      );
    },
  };
}
