/** The one place where configuration comes out of the Pulumi engine. */
import * as pulumi from "@pulumi/pulumi";
import { NAMESPACE } from "../../config/schema";

/** Our keys without their prefix, for parseConfig. Values are text, as the engine has them; secrets are decrypted. */
export function fromPulumi(): Record<string, string> {
  const prefix = `${NAMESPACE}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}
