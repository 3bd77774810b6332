/** The schema as TypeScript interfaces, for programs that use the components: what stack files say, with the same words. */
import { ROOT, type SchemaNode } from "./schemaNodes";

const HEAD = `/**
 * What a cluster is made from, as other programs write it: the keys of a stack file. Written by \`npm run schema\` from
 * config/schema.ts; do not edit.
 */`;

/** The text of clusterValues.ts, before it is formatted. */
export function valuesText(): string {
  const interfaces: string[] = [];
  interfaceOf("ClusterValues", "A cluster: the keys of a stack file.", ROOT, interfaces);
  return [HEAD, ...interfaces.reverse()].join("\n\n");
}

/** Adds the interface of an object and of those in it. @returns its name */
function interfaceOf(name: string, about: string, node: SchemaNode, interfaces: string[]): string {
  const prefix = name === "ClusterValues" ? "" : name.replace(/Values$/, "");
  const fields = Object.entries(node.properties ?? {}).map(([key, child]) => {
    const isRequired = node.required?.includes(key) === true;
    const type = typeOf(`${prefix}${key[0]?.toUpperCase() ?? ""}${key.slice(1)}`, child, interfaces);
    return `${comment(child, isRequired)}\nreadonly ${key}${isRequired ? "" : "?"}: ${type};`;
  });
  interfaces.push(`/** ${about} */\nexport interface ${name} {\n${fields.join("\n")}\n}`);
  return name;
}

/** @param name what an interface is called that has to be made for it */
function typeOf(name: string, node: SchemaNode, interfaces: string[]): string {
  if (node.anyOf !== undefined) return node.anyOf.map((one) => typeOf(name, one, interfaces)).join(" | ");
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum !== undefined) return node.enum.map((one) => JSON.stringify(one)).join(" | ");
  switch (node.type) {
    case "integer":
      return "number";
    case "array":
      return `readonly (${typeOf(name.replace(/s$/, ""), node.items ?? {}, interfaces)})[]`;
    case "object":
      return interfaceOf(`${name}Values`, node.description ?? "One of the list.", node, interfaces);
    case undefined:
      return "unknown";
    default:
      return node.type;
  }
}

/** What the schema says of a value, its default as a tag. */
function comment({ description = "", default: value, defaultText }: SchemaNode, isRequired: boolean): string {
  const said = value === undefined || isEmpty(value) ? defaultText : JSON.stringify(value);
  const tag = `@default ${said ?? (isEmpty(value) ? "that of each key" : "none")}`;
  return isRequired
    ? `/** ${description} */`
    : ["/**", ...[description, tag].map((line) => ` * ${line}`), " */"].join("\n");
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
