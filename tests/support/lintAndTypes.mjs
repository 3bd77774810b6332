/**
 * ESLint and the compiler's checks in one process: `node lintAndTypes.mjs`. ESLint's typed rules have read the whole program and know
 * most of its types, so that the compiler's own faults of each file cost a third of what `tsc` takes for them. Prints both, and ends
 * with 16 for faults of ESLint, 32 for those of the compiler, 48 for both. Any other code means that neither was looked at.
 */
import process from "node:process";
import { ESLint } from "eslint";
import ts from "typescript";

const LINT = 16;
const TYPES = 32;

const diagnostics = [];
const checked = new Set();
let program;

/** Not a rule's messages: a comment that disables ESLint's rules does not silence the compiler. */
const collect = {
  create({ sourceCode: { parserServices } }) {
    const { esTreeNodeToTSNodeMap } = parserServices;
    return {
      Program(node) {
        program = parserServices.program;
        const file = esTreeNodeToTSNodeMap.get(node);
        checked.add(file.fileName);
        diagnostics.push(...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file));
      },
    };
  },
};

const eslint = new ESLint({
  overrideConfig: {
    files: ["**/*.ts"],
    plugins: { compiler: { rules: { collect } } },
    rules: { "compiler/collect": "error" },
  },
});
const results = await eslint.lintFiles(["."]);
const formatter = await eslint.loadFormatter("stylish");
process.stdout.write(await formatter.format(results));

diagnostics.push(
  ...program.getConfigFileParsingDiagnostics(),
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  // A file that ESLint leaves out is the compiler's all the same.
  ...program
    .getSourceFiles()
    .filter((file) => program.getRootFileNames().includes(file.fileName) && !checked.has(file.fileName))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
);
const sorted = ts.sortAndDeduplicateDiagnostics(diagnostics);
process.stdout.write(
  ts.formatDiagnostics(sorted, {
    getCurrentDirectory: () => process.cwd(),
    getCanonicalFileName: (name) => name,
    getNewLine: () => "\n",
  }),
);
const linted = results.some(({ errorCount, fatalErrorCount }) => errorCount + fatalErrorCount > 0);
process.exitCode = (linted ? LINT : 0) + (sorted.length > 0 ? TYPES : 0);
