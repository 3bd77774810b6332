/**
 * Lets Node load this project's TypeScript (`node --require` this file): each source as it stands on disk now, compiled once for each
 * content. There is no build step to forget. It keeps out of what is JavaScript already, which is most of what is loaded.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const nodeModule = require("node:module");
const { basename, join } = require("node:path");

// Not the folder for temporary files: what lies there may be another user's, and this is run. `npm ci` empties it.
const CACHE = join(__dirname, "..", "node_modules", ".cache", "amq");

/** What esbuild is told; part of an entry's name, with esbuild's version, as the output depends on them. */
const OPTIONS = {
  loader: "ts",
  format: "cjs",
  platform: "node",
  target: "node20",
  sourcemap: "inline",
  sourcesContent: false,
};
const COMPILER = JSON.stringify([OPTIONS, require("esbuild/package.json").version]);

const digest = (/** @type {string[]} */ ...texts) => {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length} `).update(text);
  return hash.digest("hex");
};

// So that a stack trace names lines of the sources. Node reads the map of each module as it compiles it, and libraries bring
// theirs: the map of each of Pulumi's files took a tenth of its start.
if (nodeModule.setSourceMapsSupport)
  nodeModule.setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
else {
  const javaScript = require.extensions[".js"];
  require.extensions[".js"] = (module, file) => {
    process.setSourceMapsEnabled(false);
    try {
      javaScript(module, file);
    } finally {
      process.setSourceMapsEnabled(true);
    }
  };
}
require.extensions[".ts"] = (module, file) => {
  process.setSourceMapsEnabled(true);
  module._compile(compiled(file), file);
};
// V8's own work, kept by Node 22 and newer, which checks it against the text and does without it where it cannot be kept.
nodeModule.enableCompileCache?.(join(CACHE, "v8"));

function compiled(file) {
  const source = readFileSync(file, "utf8");
  // The source map names the file from the folder that it is in: copies of the project share an entry.
  const sourcefile = basename(file);
  const entry = join(CACHE, `${digest(COMPILER, sourcefile, source)}.js`);
  const kept = read(entry);
  if (kept !== undefined) return kept;
  const { code } = require("esbuild").transformSync(source, { ...OPTIONS, sourcefile });
  keep(entry, code);
  return code;
}

/** An entry's code; undefined when there is none, or not all of it: its first line says what the rest must be. */
function read(entry) {
  try {
    const text = readFileSync(entry, "utf8");
    const end = text.indexOf("\n");
    const code = text.slice(end + 1);
    return text.slice(0, end) === `//${digest(code)}` ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps an entry where that can be done: with a read-only checkout or a full disk the next start compiles again. */
function keep(entry, code) {
  // Under a name of its own first: whoever reads meanwhile finds all of it or nothing.
  const draft = `${entry}.${process.pid}`;
  try {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(draft, `//${digest(code)}\n${code}`);
    renameSync(draft, entry);
  } catch {
    try {
      rmSync(draft, { force: true });
    } catch {
      // A read-only file system has no draft either.
    }
  }
}
