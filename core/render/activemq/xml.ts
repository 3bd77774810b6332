/** The little that activemq.xml needs of an XML builder. */
import type { XMLBuilder } from "xmlbuilder2/lib/interfaces";

export const BEANS = "http://www.springframework.org/schema/beans";
export const CORE = "http://activemq.apache.org/schema/core";

export type Element = XMLBuilder;
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Adds an element below `parent`, and before it a comment that says why, if given. */
export function add(parent: Element, name: string, attributes: Attributes = {}, why?: string): Element {
  if (why !== undefined) comment(parent, why);
  return parent.ele(name, asText(attributes));
}

/** Sets plain values of a bean. */
export function properties(bean: Element, values: Attributes): void {
  for (const [name, value] of Object.entries(values)) add(bean, "property", { name, value });
}

/** Sets a property of a bean to another bean, of its own. @returns that */
export function innerBean(bean: Element, name: string, type: string): Element {
  return add(add(bean, "property", { name }), "bean", { class: type });
}

/** Attributes as the builder takes them. */
export function asText(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)]));
}

const WIDTH = 120;

/** A comment, wrapped and indented like the elements around it. */
export function comment(parent: Element, text: string): void {
  const indent = "  ".repeat(depth(parent));
  // XML forbids two hyphens in a comment; names in ours may have them.
  const words = text.replaceAll("--", "- -").split(" ");
  const lines: string[] = [];
  let line = `${indent}<!--`;
  for (const word of words) {
    if (line.length + 1 + word.length + " -->".length > WIDTH) {
      lines.push(line);
      line = `${indent}    `;
    }
    line += ` ${word}`;
  }
  parent.com(`${[...lines, line].join("\n").slice(indent.length + "<!--".length)} `);
}

/** How many elements an element is inside of, itself included. */
function depth(element: Element): number {
  let count = 0;
  for (let node = element.node.parentNode; node !== null; node = node.parentNode) count += 1;
  return count;
}

/** A size as ActiveMQ takes it. */
export function mib(value: number): string {
  return `${value} mb`;
}
