// Reads [file, text] pairs as JSON from stdin; prints for each which rules of imports the text breaks in the place of that file.
// A process of its own, because Jest cannot load eslint.config.mjs. Rules that need types are off: those of imports need none.
import console from "node:console";
import process from "node:process";
import { text } from "node:stream/consumers";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";

const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });
const broken = [];
for (const [file, code] of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(code, { filePath: file });
  const rules = (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
  broken.push(rules.filter((rule) => !rule.startsWith("@typescript-eslint/")));
}
console.log(JSON.stringify(broken));
