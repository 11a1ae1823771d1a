import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import * as tabs from "../dist/pipely-tabs.js";
import * as module from "../dist/pipely.js";

const MAX_BYTES = 5_120;
const BUILT = [
  "pipely-tabs.d.ts",
  "pipely-tabs.js",
  "pipely.d.ts",
  "pipely.global.js",
  "pipely.js",
];

test("the committed files are what the source makes", () => {
  execFileSync(process.execPath, ["build.mjs", "target/dist"]);
  assert.deepEqual(readdirSync("dist").sort(), BUILT);
  for (const name of BUILT) {
    const [committed, built] = ["dist", "target/dist"].map((folder) =>
      readFileSync(`${folder}/${name}`, "utf8"),
    );
    assert.equal(committed, built, `${name}: run npm run build`);
  }
});

for (const name of ["pipely.js", "pipely-tabs.js", "pipely.global.js"]) {
  test(`${name} has at most ${MAX_BYTES} bytes, gzipped`, () => {
    const { length } = gzipSync(readFileSync(`dist/${name}`), { level: 9 });
    assert.ok(length <= MAX_BYTES, `it has ${length}`);
  });
}

test("the version is that of the Java modules", () => {
  const [, version] = /<version>(.*)<\/version>/.exec(readFileSync("../pom.xml", "utf8"))!;
  assert.equal(JSON.parse(readFileSync("package.json", "utf8")).version, version);
  for (const name of BUILT) {
    assert.ok(readFileSync(`dist/${name}`, "utf8").startsWith(`/*! Pipely ${version} |`), name);
  }
});

test("the module and the plain script give the same", () => {
  const scope: any = {};
  // A script's own globalThis, so that the test's is left alone.
  new Function("globalThis", readFileSync("dist/pipely.global.js", "utf8"))(scope);
  assert.deepEqual(Object.keys(module).sort(), ["Pipely", "PipelyError"]);
  assert.equal(typeof new scope.Pipely("http://localhost").join, "function");
  assert.ok(new scope.Pipely.PipelyError("code", "message") instanceof Error);
});

test("the module for tabs has the client from beside it", () => {
  assert.deepEqual(Object.keys(tabs), ["TabbedPipely"]);
  assert.ok(new tabs.TabbedPipely("http://localhost") instanceof module.Pipely);
});
