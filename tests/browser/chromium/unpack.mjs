/*
 * Unpacks Chromium, the libraries it needs and a font: `node unpack.mjs FOLDER`, then run FOLDER/chromium.
 * The package is made for a cloud function and unpacks itself only there; here a small script sets the paths instead.
 */
import { createReadStream, createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import tar from 'tar-fs';

const target = resolve(process.argv[2] ?? '.');
const packed = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../../bin');
mkdirSync(target, { recursive: true });

const read = (name) => [createReadStream(join(packed, name)), createBrotliDecompress()];
for (const name of ['al2023', 'fonts', 'swiftshader']) {
  await pipeline(...read(`${name}.tar.br`), tar.extract(join(target, name)));
}
await pipeline(...read('chromium.br'), createWriteStream(join(target, 'headless-shell'), { mode: 0o755 }));

const start = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH="$here/al2023/lib:$here/swiftshader" FONTCONFIG_PATH="$here/fonts" exec "$here/headless-shell" "$@"
`;
writeFileSync(join(target, 'chromium'), start, { mode: 0o755 });
