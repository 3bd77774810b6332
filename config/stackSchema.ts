/** The JSON schema of a whole stack file, for editors. */
import { NAMESPACE } from "./schema";
import { ROOT, type SchemaNode } from "./schemaNodes";

/** Our keys with their prefix, beside what else Pulumi keeps in a stack file. */
export function stackSchema(): Record<string, unknown> {
  const prefixed = (key: string) => `${NAMESPACE}:${key}`;
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Stack file of the ActiveMQ cluster",
    description: "Written by `npm run schema` from config/schema.ts; do not edit.",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(
          Object.entries(ROOT.properties ?? {}).map(([key, node]) => [prefixed(key), forEditors(node)]),
        ),
        // Keys of other programs and providers, such as aws:region.
        patternProperties: { [`^(?!${NAMESPACE}:)[^:]+:.+$`]: true },
        required: (ROOT.required ?? []).map(prefixed),
        additionalProperties: false,
      },
      environment: { description: "Pulumi ESC environments." },
      secretsprovider: { type: "string" },
      encryptedkey: { type: "string" },
      encryptionsalt: { type: "string" },
    },
    required: ["config"],
    additionalProperties: false,
  };
}

/** Editors show descriptions alone: a default in words becomes the end of its own. */
function forEditors({ defaultText, ...node }: SchemaNode): SchemaNode {
  const { description, properties, items, anyOf } = node;
  return {
    ...node,
    ...(defaultText !== undefined && { description: `${description ?? ""} ${defaultSentence(defaultText)}` }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, forEditors(value)])),
    }),
    ...(items && { items: forEditors(items) }),
    ...(anyOf && { anyOf: anyOf.map(forEditors) }),
  };
}

/** `Default: none.`, or `Default on local: ...` for one that the target decides. */
function defaultSentence(text: string): string {
  return text.startsWith("on ") ? `Default ${text}.` : `Default: ${text}.`;
}
