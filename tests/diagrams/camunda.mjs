// Bundles and runs camunda_judge.mjs: the desktop modeler's linting is published for bundlers, not for node itself.
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [folder, draft] = process.argv.slice(2);
await build({ entryPoints: [join(here, 'camunda_judge.mjs')], outfile: draft, bundle: true, platform: 'node', format: 'esm', loader: { '.svg': 'text' }, logLevel: 'error' });
process.argv[2] = folder;
await import(pathToFileURL(draft).href);
rmSync(draft);
