/** A type of AWS as a handler of the stand-in engine: create, update and delete work on the lab's account. */
import type { Created, Handler } from "../../../operate/engine/standIn/handlers/handler";
import type { WireMap } from "../../../operate/engine/standIn/values";
import { type Account, type AccountEntry, refuse, textOf } from "./account";
import { closeClientLocation, isClients } from "./clientLocation";
import type { Ec2Lab } from "./ec2Lab";
import type { AwsType } from "./awsType";

/** Where the lab is. */
export interface Place {
  /** Makes the lab, or what is missing of it. */
  readonly open: () => Promise<Ec2Lab>;
  /** The account as it is written down. */
  readonly look: () => Account | undefined;
  /** Takes the lab away when nothing is left in it. */
  readonly tidy: (lab: Ec2Lab) => Promise<void>;
}

/** The handler that the engine calls. */
export function awsHandler(token: string, type: AwsType, place: Place): Handler {
  const { open } = place;
  const known = [...type.fixed, ...type.changeable];
  const checked = (inputs: WireMap, account: Account) => {
    const unknown = Object.keys(inputs).filter((name) => !known.includes(name));
    if (unknown.length > 0) {
      throw new Error(`the lab that plays EC2 does not know "${unknown.join('", "')}" of ${token}`);
    }
    for (const [name, kind] of Object.entries(type.references ?? {})) {
      for (const id of [inputs[name] ?? []].flat()) account.get(kind, typeof id === "string" ? id : "");
    }
  };
  return {
    replaces: (changed) => changed.some((name) => type.fixed.includes(name)),
    create: async (inputs, context): Promise<Created> => {
      const lab = await open();
      checked(inputs, lab.account);
      const bare: AccountEntry = { kind: type.kind, id: type.id(inputs, context), values: inputs };
      if (lab.account.find(bare.kind, bare.id) !== undefined) {
        refuse("AlreadyExists", `there is a ${bare.kind} ${bare.id} already`);
      }
      const outputs = type.computed?.(bare, lab.account) ?? {};
      const made = lab.account.put({ ...bare, values: { ...inputs, ...outputs } });
      const more = (await type.begin?.(made, lab)) ?? {};
      lab.account.change(made.kind, made.id, more);
      await lab.reconcile();
      return { id: made.id, outputs: { ...outputs, ...more } };
    },
    update: async (inputs, outputs, { id }) => {
      const lab = await open();
      checked(inputs, lab.account);
      const before = lab.account.get(type.kind, id);
      const now = lab.account.put({ ...before, values: { ...outputs, ...inputs } });
      await type.change?.(now, before, lab);
      await lab.reconcile();
      return outputs;
    },
    delete: async (_inputs, _outputs, { id }) => {
      const lab = await open();
      const doomed = lab.account.find(type.kind, id);
      // Gone by other hands, which is what was wanted.
      if (doomed === undefined) return;
      // An application of ours leaves when what it is in goes.
      if (lab.account.naming(doomed).some(isClients)) await closeClientLocation(lab);
      const users = lab.account
        .naming(doomed)
        .filter((user) => !(type.outlivedBy ?? []).includes(user.kind) && textOf(user, "goesWith") !== id);
      if (users.length > 0) {
        const names = users.map((user) => `${user.kind} ${user.id}`).join(", ");
        refuse("DependencyViolation", `${doomed.kind} ${id} cannot be deleted, it is in use by ${names}`);
      }
      await type.end?.(doomed, lab);
      lab.account.remove(doomed);
      await lab.reconcile();
      await place.tidy(lab);
    },
    read: async (id) => {
      // Looked at by a preview, too, which makes no lab.
      const account = place.look() ?? (await open()).account;
      const { values } = account.get(type.kind, id);
      const split = (isInput: boolean) =>
        Object.fromEntries(Object.entries(values).filter(([name]) => known.includes(name) === isInput));
      return { inputs: split(true), outputs: split(false) };
    },
    exists: (id) => Promise.resolve(place.look()?.find(type.kind, id) !== undefined),
  };
}
