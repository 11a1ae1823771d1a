// Builds dist/, which is committed, so that Maven needs no Node, or the same into the folder that is given; with
// --tests, the tests into target/.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const banner = `/*! Pipely ${version} | Apache-2.0 */`;

const common = { bundle: true, target: "es2022", logLevel: "warning" };

const [target = "dist"] = process.argv.slice(2);
if (target === "--tests") {
  await buildTests();
} else {
  await buildClient(target);
}

async function buildClient(folder) {
  const client = { ...common, minify: true, banner: { js: banner }, charset: "utf8" };
  await build({
    ...client,
    entryPoints: ["src/pipely.ts"],
    format: "esm",
    outfile: `${folder}/pipely.js`,
  });
  await build({
    ...client,
    entryPoints: ["src/tabs.ts"],
    format: "esm",
    external: ["./pipely.js"], // There is one client, whoever asks for it.
    outfile: `${folder}/pipely-tabs.js`,
  });
  await build({
    ...client,
    entryPoints: ["src/global.ts"],
    format: "iife",
    outfile: `${folder}/pipely.global.js`,
  });
  const read = declarations();
  const main = read("pipely").replace(/^(import .*|export \*) from "\.\/api\.js";\n/gm, "");
  writeFileSync(`${folder}/pipely.d.ts`, `${banner}\n${read("api")}${main}`);
  const tabs = read("tabs").replace("./api.js", "./pipely.js");
  writeFileSync(`${folder}/pipely-tabs.d.ts`, `${banner}\n${tabs}`);
}

/** Reads those of one source file: what an application may see, and nothing else is public. */
function declarations() {
  rmSync("target/types", { recursive: true, force: true });
  const options = [
    "--noEmit",
    "false",
    "--emitDeclarationOnly",
    "--declaration",
    "--outDir",
    "target/types",
  ];
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", ".", ...options], {
    stdio: "inherit",
  });
  return (name) => readFileSync(`target/types/src/${name}.d.ts`, "utf8");
}

/** They are built too, since Node 20 does not run TypeScript. */
async function buildTests() {
  rmSync("target/test", { recursive: true, force: true });
  const names = readdirSync("test").filter((name) => name.endsWith(".test.ts"));
  await build({
    ...common,
    entryPoints: names.map((name) => `test/${name}`),
    outdir: "target/test",
    outExtension: { ".js": ".mjs" },
    platform: "node",
    format: "esm",
    packages: "external",
    sourcemap: "inline",
  });
}
