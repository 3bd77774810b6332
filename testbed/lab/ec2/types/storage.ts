/** The artefact bucket: its settings are kept as data, its objects are files that the lab's S3 serves. */
import { createHash, randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isMap } from "../../../../operate/engine/standIn/values";
import { inputOf, refuse, textOf } from "../account";
import type { AwsType } from "../awsType";

/** What the provider makes of a resource's name where none is given. */
export function autoName({ name }: { readonly name: string }): string {
  return `${name}-${randomBytes(4).toString("hex").slice(0, 7)}`;
}

const bucket: AwsType = {
  kind: "Bucket",
  fixed: ["bucket"],
  changeable: ["forceDestroy", "tags"],
  id: ({ bucket: name }, context) => (typeof name === "string" ? name : autoName(context).toLowerCase()),
  computed: ({ id }) => {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(id)) refuse("InvalidBucketName", `"${id}" is not a bucket's name`);
    return { bucket: id, arn: `arn:aws:s3:::${id}` };
  },
  end: ({ id, values }, lab) => {
    const objects = lab.account.all("Object").filter((object) => textOf(object, "bucket") === id);
    if (objects.length > 0 && values["forceDestroy"] !== true) refuse("BucketNotEmpty", `${id} is not empty`);
    for (const object of objects) lab.account.remove(object);
    rmSync(lab.objectFile(id, "."), { recursive: true, force: true });
    return Promise.resolve();
  },
  outlivedBy: ["Object"],
};

/** Settings of a bucket, one of each. */
const setting = (what: string, changeable: readonly string[]): AwsType => ({
  kind: "BucketSetting",
  fixed: ["bucket"],
  changeable,
  references: { bucket: "Bucket" },
  id: (inputs) => `${inputOf(inputs, "bucket")}/${what}`,
});

const object: AwsType = {
  kind: "Object",
  fixed: ["bucket", "key"],
  changeable: ["content", "source", "tags"],
  references: { bucket: "Bucket" },
  id: (inputs) => `${inputOf(inputs, "bucket")}/${inputOf(inputs, "key")}`,
  begin: async (made, lab) => {
    const file = lab.objectFile(textOf(made, "bucket"), textOf(made, "key"));
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const { content, source = null } = made.values;
    if (typeof content === "string") writeFileSync(file, content, { mode: 0o600 });
    else if (isMap(source) && typeof source["path"] === "string") copyFileSync(source["path"], file);
    else throw new Error(`${made.id}: the lab that plays EC2 stores a content, or a file of this machine`);
    // A secret content is in the object alone.
    lab.account.put({ ...made, values: { ...made.values, content: null } });
    return Promise.resolve({ etag: createHash("md5").update(made.id).digest("hex") });
  },
  change: async (now, _before, lab) => {
    await object.begin?.(now, lab);
  },
  end: (doomed, lab) => {
    rmSync(lab.objectFile(textOf(doomed, "bucket"), textOf(doomed, "key")), { force: true });
    return Promise.resolve();
  },
};

export const storageTypes: Readonly<Record<string, AwsType>> = {
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting("public-access", [
    "blockPublicAcls",
    "blockPublicPolicy",
    "ignorePublicAcls",
    "restrictPublicBuckets",
  ]),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": setting("ownership", ["rule"]),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting("encryption", [
    "rules",
  ]),
  "aws:s3/bucketPolicy:BucketPolicy": setting("policy", ["policy"]),
  "aws:s3/bucketObjectv2:BucketObjectv2": object,
};
