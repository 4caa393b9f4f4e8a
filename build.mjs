// Builds what runs in a JavaScript engine: the FEEL interpreter of the server, and the bundles of the browser.
import { build } from 'esbuild';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { web } from './app/frontend/bundle.mjs';

const root = dirname(fileURLToPath(import.meta.url));

// form-js asks for '@bpmn-io/feelin' 6; it differs from feelin 8 on dates. Browser and server run one version.
export const alias = { '@bpmn-io/feelin': 'feelin' };

// Every bundle that is built, by name. Add browser entries here.
export const bundles = {
  feel: {
    entryPoints: [join(root, 'app/frontend/feel/index.js')],
    outfile: join(root, 'app/feel/dist/feelin.js'),
    format: 'iife',
    target: ['es2022'],
    platform: 'neutral',
    mainFields: ['module', 'main'],
  },
  web,
};

const common = { absWorkingDir: root, bundle: true, minify: true, alias, legalComments: 'none', logLevel: 'warning' };

export async function buildAll(names = Object.keys(bundles)) {
  for (const name of names) {
    await build({ ...common, ...bundles[name] });
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await buildAll(process.argv.length > 2 ? process.argv.slice(2) : undefined);
}
