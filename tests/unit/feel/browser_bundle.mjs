// Builds FEEL as form-js gets it in the browser, and evaluates with it what comes on standard input:
// { context, now, expressions } in, { answers, files } out.
import { build } from 'esbuild';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';

import { alias } from '../../../build.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'feel-'));

async function bundle(contents) {
  const outfile = join(folder, 'bundle.js');
  const { metafile } = await build({
    stdin: { contents, resolveDir: root }, absWorkingDir: root, bundle: true, minify: true, alias, outfile,
    format: 'iife', platform: 'browser', target: ['chrome109', 'firefox115', 'safari16'], metafile: true,
    logLevel: 'error',
  });
  return { code: readFileSync(outfile, 'utf8'), files: Object.keys(metafile.inputs) };
}

try {
  const forms = await bundle("export { Form } from '@bpmn-io/form-js-viewer';");
  const { code } = await bundle(`
    import { evaluate } from '@bpmn-io/feelin';
    import { contextFor, plain } from './app/frontend/feel/values.js';
    globalThis.answer = (text) => {
      const { context, now, expressions } = JSON.parse(text);
      const names = contextFor(context, now);
      return JSON.stringify(expressions.map((each) => {
        try { return { v: plain(evaluate(each, names).value) }; } catch (error) { return { x: error.message }; }
      }));
    };`);
  const sandbox = createContext({});
  runInContext(code, sandbox);
  const answers = JSON.parse(sandbox.answer(readFileSync(0, 'utf8')));
  process.stdout.write(JSON.stringify({ answers, files: forms.files.filter((file) => file.includes('feelin/')) }));
} finally {
  rmSync(folder, { recursive: true });
}
