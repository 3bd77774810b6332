/**
 * Compiles the project in the working directory as its tsconfig.json says, with its own compiler; says what is wrong, and ends with 1.
 * Declarations are checked as well, as without `skipLibCheck`, but not those of other packages: to check all of AWS takes ten seconds.
 */
const { realpathSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join, sep } = require("node:path");

const root = realpathSync(process.cwd());
/** @type {typeof import("typescript")} */
const ts = createRequire(join(root, "compile.js"))("typescript");

const { config, error } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
const { fileNames, options, errors } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const program = ts.createProgram(fileNames, options);
// What is linked to lies elsewhere.
const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(root + sep));
// One by one: to write all at once would check all.
const written = own.filter((file) => !file.isDeclarationFile).flatMap((file) => program.emit(file).diagnostics);
const found = [
  ...(error ? [error] : []),
  ...errors,
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  ...own.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ...written,
];
console.log(ts.formatDiagnostics(found, { ...ts.sys, getCanonicalFileName: (name) => name, getNewLine: () => "\n" }));
process.exitCode = found.length === 0 ? 0 : 1;
