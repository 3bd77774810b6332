/** Instances, their disks and public addresses, key pairs and placement groups. */
import type { WireMap } from "../../../../operate/engine/standIn/values";
import { isMap } from "../../../../operate/engine/standIn/values";
import { publicAddress } from "../addresses";
import { type Account, inputOf, listOf, newId, refuse, type AccountEntry, textOf } from "../account";
import type { AwsType } from "../awsType";
import type { Ec2Lab } from "../ec2Lab";
import { discardVolume, growDevice, plugIn, pullOut, sizeVolume } from "../machine/volume";
import { autoName } from "./storage";
import { arn } from "../arn";
import { networkInterfaceValues } from "../networkInterfaces";

/** Of a spread placement group in one availability zone. */
const MOST_PER_ZONE = 7;

const keyPair: AwsType = {
  kind: "KeyPair",
  fixed: ["keyName", "publicKey"],
  changeable: ["tags"],
  id: ({ keyName }, context) => (typeof keyName === "string" ? keyName : autoName(context)),
  computed: (made) => {
    const key = textOf(made, "publicKey");
    if (!/^ssh-(ed25519|rsa) [A-Za-z0-9+/=]+( .*)?$/.test(key)) refuse("InvalidKey.Format", "the public key is none");
    return { keyName: made.id, arn: arn("key-pair", made.id) };
  },
};

const placementGroup: AwsType = {
  kind: "PlacementGroup",
  fixed: ["name", "strategy"],
  changeable: ["tags"],
  id: ({ name }, context) => (typeof name === "string" ? name : autoName(context)),
  computed: (made) => ({ name: made.id, arn: arn("placement-group", made.id) }),
};

const instance: AwsType = {
  kind: "Instance",
  fixed: ["ami", "subnetId", "primaryNetworkInterface", "placementGroup", "keyName", "associatePublicIpAddress"],
  changeable: [
    "instanceType",
    "userData",
    "iamInstanceProfile",
    "disableApiTermination",
    "forceDestroy",
    "metadataOptions",
    "rootBlockDevice",
    "vpcSecurityGroupIds",
    "tags",
  ],
  references: {
    subnetId: "Subnet",
    vpcSecurityGroupIds: "SecurityGroup",
    placementGroup: "PlacementGroup",
    iamInstanceProfile: "InstanceProfile",
    keyName: "KeyPair",
  },
  id: () => newId("i"),
  computed: (made, account) => {
    const networkInterface = networkInterfaceOf(made, account);
    const zone = textOf(account.get("Subnet", textOf(networkInterface, "subnetId")), "availabilityZone");
    checkPlacement(made, zone, account);
    const machine = `${account.lab}-${account.nextMachine()}`;
    return {
      card: networkInterface.id,
      machine,
      availabilityZone: zone,
      privateIp: textOf(networkInterface, "privateIp"),
      arn: arn("instance", made.id),
    };
  },
  begin: async (made, lab) => {
    const key = lab.account.find("KeyPair", textOf(made, "keyName"));
    const machine = lab.machine(made);
    await machine.create(await lab.root(), {
      instanceId: made.id,
      address: textOf(made, "privateIp"),
      userData: textOf(made, "userData"),
      ...(key && { publicKey: textOf(key, "publicKey") }),
    });
    // Who may read what from S3 depends on the machine's address: known before it asks.
    await lab.reconcile();
    await machine.start();
    return { instanceState: "running" };
  },
  change: async (now, before, lab) => {
    const stops = ["instanceType", "userData"].some((name) => now.values[name] !== before.values[name]);
    if (!stops) return;
    await lab.machine(now).stop();
    await startInstance(now, lab);
  },
  end: async (doomed, lab) => {
    if (doomed.values["disableApiTermination"] === true && doomed.values["forceDestroy"] !== true) {
      refuse(
        "OperationNotPermitted",
        `the instance '${doomed.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again`,
      );
    }
    await terminate(doomed, lab);
  },
  outlivedBy: ["VolumeAttachment", "AddressAssociation"],
};

/** Switches an instance on, with its volumes. */
export async function startInstance(stopped: AccountEntry, lab: Ec2Lab): Promise<void> {
  const machine = lab.machine(stopped);
  await machine.start();
  for (const attachment of attachmentsOf(stopped, lab.account)) {
    const volumeId = textOf(attachment, "volumeId");
    await plugIn(machine, volumeId, lab.volumeFile(volumeId));
  }
  lab.account.change("Instance", stopped.id, { instanceState: "running" });
}

/** Shuts an instance down; its volumes stay attached. @param force without a word to it */
export async function stopInstance(running: AccountEntry, lab: Ec2Lab, force = false): Promise<void> {
  const machine = lab.machine(running);
  await (force ? machine.cut() : machine.stop());
  lab.account.change("Instance", running.id, { instanceState: "stopped" });
}

/** Ends an instance as the API does, which asks nobody but the instance; what is attached to it stays. */
export async function terminate(doomed: AccountEntry, lab: Ec2Lab): Promise<void> {
  const machine = lab.machine(doomed);
  await machine.stop();
  for (const attachment of attachmentsOf(doomed, lab.account)) {
    const volumeId = textOf(attachment, "volumeId");
    await pullOut(machine, volumeId, lab.volumeFile(volumeId));
    lab.account.remove(attachment);
  }
  for (const association of lab.account.all("AddressAssociation")) {
    if (textOf(association, "instanceId") === doomed.id) lab.account.remove(association);
  }
  await machine.discard();
  const networkInterface = lab.account.find("NetworkInterface", textOf(doomed, "card"));
  if (networkInterface?.values["goesWith"] === doomed.id) lab.account.remove(networkInterface);
}

function attachmentsOf({ id }: AccountEntry, account: Account): readonly AccountEntry[] {
  return account.all("VolumeAttachment").filter((one) => textOf(one, "instanceId") === id);
}

/** The interface of an instance: one that is there, or one that comes and goes with it. */
function networkInterfaceOf(made: AccountEntry, account: Account): AccountEntry {
  const given = made.values["primaryNetworkInterface"] ?? null;
  if (isMap(given)) {
    if (textOf(made, "subnetId") !== "" || listOf(made, "vpcSecurityGroupIds").length > 0) {
      refuse("InvalidParameterCombination", "network interfaces and an instance-level subnet exclude each other");
    }
    const networkInterface = account.get("NetworkInterface", textOf({ values: given }, "networkInterfaceId"));
    const user = account.all("Instance").find((one) => textOf(one, "card") === networkInterface.id);
    if (user !== undefined)
      refuse("InvalidNetworkInterface.InUse", `interface ${networkInterface.id} is in use by ${user.id}`);
    return networkInterface;
  }
  const values: WireMap = {
    subnetId: textOf(made, "subnetId"),
    securityGroups: listOf(made, "vpcSecurityGroupIds"),
    goesWith: made.id,
  };
  const networkInterface: AccountEntry = { kind: "NetworkInterface", id: newId("eni"), values };
  return account.put({
    ...networkInterface,
    values: { ...values, ...networkInterfaceValues(networkInterface, account) },
  });
}

function checkPlacement(made: AccountEntry, zone: string, account: Account): void {
  const group = textOf(made, "placementGroup");
  if (group === "") return;
  const there = account
    .all("Instance")
    .filter((one) => textOf(one, "placementGroup") === group && textOf(one, "availabilityZone") === zone);
  if (there.length >= MOST_PER_ZONE) {
    refuse(
      "InsufficientInstanceCapacity",
      `placement group ${group} has ${MOST_PER_ZONE} instances in ${zone} already`,
    );
  }
}

const volume: AwsType = {
  kind: "Volume",
  fixed: ["availabilityZone", "encrypted", "kmsKeyId"],
  changeable: ["size", "type", "tags"],
  id: () => newId("vol"),
  computed: (made) => ({ arn: arn("volume", made.id) }),
  begin: (made, lab) => {
    sizeVolume(lab.volumeFile(made.id), Number(made.values["size"]));
    return Promise.resolve({});
  },
  change: async (now, before, lab) => {
    const [size, was] = [now, before].map(({ values }) => Number(values["size"]));
    if (size === undefined || was === undefined || size === was) return;
    if (size < was) refuse("InvalidParameterValue", `new size ${size} is smaller than the existing size ${was}`);
    sizeVolume(lab.volumeFile(now.id), size);
    await growDevice(lab.volumeFile(now.id));
  },
  end: (doomed, lab) => discardVolume(lab.volumeFile(doomed.id)),
};

const volumeAttachment: AwsType = {
  kind: "VolumeAttachment",
  fixed: ["deviceName", "instanceId", "volumeId"],
  changeable: ["stopInstanceBeforeDetaching"],
  references: { instanceId: "Instance", volumeId: "Volume" },
  id: (inputs) => `vai-${inputOf(inputs, "instanceId")}-${inputOf(inputs, "volumeId")}`,
  computed: (made, account) => {
    const [instanceId, volumeId] = [textOf(made, "instanceId"), textOf(made, "volumeId")];
    for (const other of account.all("VolumeAttachment")) {
      if (textOf(other, "volumeId") === volumeId) {
        refuse("VolumeInUse", `${volumeId} is already attached to ${textOf(other, "instanceId")}`);
      }
      if (textOf(other, "instanceId") === instanceId && textOf(other, "deviceName") === textOf(made, "deviceName")) {
        refuse("InvalidParameterValue", `${textOf(made, "deviceName")} of ${instanceId} is in use`);
      }
    }
    const zone = textOf(account.get("Volume", volumeId), "availabilityZone");
    if (zone !== textOf(account.get("Instance", instanceId), "availabilityZone")) {
      refuse("InvalidVolume.ZoneMismatch", `${volumeId} is not in the same availability zone as ${instanceId}`);
    }
    return {};
  },
  begin: async (made, lab) => {
    const volumeId = textOf(made, "volumeId");
    const machine = lab.machine(lab.account.get("Instance", textOf(made, "instanceId")));
    if (machine.isOn) await plugIn(machine, volumeId, lab.volumeFile(volumeId));
    return {};
  },
  end: async (doomed, lab) => {
    const found = lab.account.find("Instance", textOf(doomed, "instanceId"));
    if (found === undefined) return;
    const machine = lab.machine(found);
    if (doomed.values["stopInstanceBeforeDetaching"] === true) {
      await stopInstance(found, lab);
    }
    const volumeId = textOf(doomed, "volumeId");
    await pullOut(machine, volumeId, lab.volumeFile(volumeId));
  },
};

const address: AwsType = {
  kind: "Address",
  fixed: ["domain"],
  changeable: ["tags"],
  id: () => newId("eipalloc"),
  computed: (made, account) => {
    const taken = new Set(account.all("Address").map((one) => textOf(one, "publicIp")));
    const publicIp = [...Array(100).keys()].map(publicAddress).find((one) => !taken.has(one));
    if (publicIp === undefined) refuse("AddressLimitExceeded", "the lab has no more public addresses");
    return { publicIp, allocationId: made.id, arn: arn("elastic-ip", made.id) };
  },
};

const addressAssociation: AwsType = {
  kind: "AddressAssociation",
  fixed: ["allocationId", "instanceId"],
  changeable: [],
  references: { allocationId: "Address", instanceId: "Instance" },
  id: () => newId("eipassoc"),
};

export const computeTypes: Readonly<Record<string, AwsType>> = {
  "aws:ec2/keyPair:KeyPair": keyPair,
  "aws:ec2/placementGroup:PlacementGroup": placementGroup,
  "aws:ec2/instance:Instance": instance,
  "aws:ebs/volume:Volume": volume,
  "aws:ec2/volumeAttachment:VolumeAttachment": volumeAttachment,
  "aws:ec2/eip:Eip": address,
  "aws:ec2/eipAssociation:EipAssociation": addressAssociation,
};
