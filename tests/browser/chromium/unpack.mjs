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
await pipeline(...read('al2023.tar.br'), tar.extract(join(target, 'libraries')));
await pipeline(...read('fonts.tar.br'), tar.extract(join(target, 'fonts')));
await pipeline(...read('swiftshader.tar.br'), tar.extract(target)); // looked for beside the program
await pipeline(...read('chromium.br'), createWriteStream(join(target, 'headless-shell'), { mode: 0o755 }));

const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(target, 'fonts/fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(target, 'fonts/cache')}</cachedir>
</fontconfig>
`;
writeFileSync(join(target, 'fonts/fonts.conf'), fonts);

const start = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH="$here/libraries/lib" FONTCONFIG_PATH="$here/fonts" exec "$here/headless-shell" --no-zygote "$@"
`;
writeFileSync(join(target, 'chromium'), start, { mode: 0o755 });
