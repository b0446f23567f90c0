/*
 * Builds every JavaScript and CSS asset. `node esbuild.mjs` once, `--watch` while developing.
 *
 *   engine/toolkit/src/toolkit.js → engine/toolkit/dist/toolkit.js   FEEL for the server's embedded V8
 *   engine/toolkit/src/sandbox.js → engine/toolkit/dist/sandbox.js   scripts of diagrams, in a V8 of their own
 *   web/assets/src/*.js, *.css    → web/assets/dist/                 one bundle a file, for the browser
 *   web/assets/public/*           → web/assets/dist/                 as it is
 *
 * A new page script is a new file directly in web/assets/src; what several of them share lies in its subfolders.
 */
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const watch = process.argv.includes('--watch');
const browserSource = join(root, 'web/assets/src');
const browserDist = join(root, 'web/assets/dist');

const common = { absWorkingDir: root, bundle: true, minify: true, logLevel: 'info', legalComments: 'linked' };

const builds = ['toolkit', 'sandbox'].map((name) => ({
  ...common,
  entryPoints: [`engine/toolkit/src/${name}.js`],
  outfile: `engine/toolkit/dist/${name}.js`,
  format: 'iife',
  globalName: name,
  banner: { js: '"use strict";' }, // as modules are: in sloppy code `this` of a text is an object, which no limit would measure
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2023',
}));

const entries = existsSync(browserSource) ? readdirSync(browserSource).filter((name) => /\.(js|css)$/.test(name)) : [];
if (entries.length) {
  builds.push({
    ...common,
    entryPoints: entries.map((name) => join(browserSource, name)),
    outdir: browserDist,
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    assetNames: 'files/[name]-[hash]',
    loader: { '.svg': 'file', '.woff': 'file', '.woff2': 'file' },
    sourcemap: 'linked',
    target: ['es2022', 'safari16'],
  });
  rmSync(browserDist, { recursive: true, force: true }); // files of an earlier build would otherwise be served for ever
  cpSync(join(root, 'web/assets/public'), browserDist, { recursive: true });
}

if (watch) {
  await Promise.all(builds.map(async (options) => (await esbuild.context(options)).watch()));
} else {
  await Promise.all(builds.map((options) => esbuild.build(options)));
}
