// The browser's bundles: entries, the two patches that a strict policy and one date format need, and the manifest.
import fs from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../static/dist');

// Each patch names the file it changes and fails the build when the text is no longer there.
const patches = [
  {
    // Dates read 2026-11-30 in every browser, as everywhere else in the system.
    filter: /form-js-viewer\/dist\/index\.es\.js$/,
    from: "function getLocaleDateFormat(locale = 'default') {",
    to: "function getLocaleDateFormat(locale = 'sv-SE') {",
  },
  {
    // CodeMirror: adopted sheets instead of <style> elements, which the policy does not let in.
    filter: /node_modules\/style-mod\/src\/style-mod\.js$/,
    from: '!root.head && root.adoptedStyleSheets',
    to: 'root.adoptedStyleSheets',
  },
];

const patch = {
  name: 'patch',
  setup(build) {
    // Every browser that we serve reads woff2; the second format would only double the files.
    build.onLoad({ filter: /@fontsource\/.*\.css$/ }, ({ path }) => ({
      contents: fs.readFileSync(path, 'utf8').replace(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, ''),
      loader: 'css',
    }));
    // Of the icon fonts too: one format, as a file.
    build.onLoad({ filter: /(bpmn|dmn)-font\/css\/(bpmn|dmn)\.css$/ }, ({ path }) => {
      const source = fs.readFileSync(path, 'utf8');
      const font = source.match(/url\('([^']+\.woff2)[^']*'\)/)?.[1];
      if (!font) throw new Error(`${basename(path)} names no woff2`);
      return { contents: source.replace(/src:[^}]*;/s, `src: url('${font}') format('woff2');\n  font-weight: normal;\n  font-style: normal;`), loader: 'css' };
    });
    for (const { filter, from, to } of patches) {
      build.onLoad({ filter }, ({ path }) => {
        const source = fs.readFileSync(path, 'utf8');
        if (!source.includes(from)) throw new Error(`${basename(path)} no longer holds: ${from}`);
        return { contents: source.replace(from, to), loader: 'js' };
      });
    }
  },
};

// What an entry needs, by name, for the templates: {name: {js, css, imports}}.
const manifest = {
  name: 'manifest',
  setup(build) {
    build.onStart(() => fs.rmSync(out, { recursive: true, force: true }));
    build.onEnd(({ metafile, errors }) => {
      if (errors.length) return;
      const entries = {};
      const within = (path) => relative(out, join(build.initialOptions.absWorkingDir, path));
      for (const [path, output] of Object.entries(metafile.outputs)) {
        if (!output.entryPoint) continue;
        const name = basename(output.entryPoint).replace(/\.(js|css)$/, '');
        const entry = (entries[name] ??= { js: '', css: '', imports: [] });
        if (path.endsWith('.css')) entry.css = within(path);
        else {
          entry.js = within(path);
          if (output.cssBundle) entry.css = within(output.cssBundle);
          entry.imports = output.imports.filter(({ kind }) => kind === 'import-statement').map((one) => within(one.path));
        }
      }
      fs.mkdirSync(out, { recursive: true });
      const draft = join(out, 'manifest.json.new');
      fs.writeFileSync(draft, `${JSON.stringify(entries, null, 1)}\n`);
      fs.renameSync(draft, join(out, 'manifest.json'));
    });
  },
};

export const web = {
  entryPoints: ['theme.js', 'site.js', 'form.js', 'diagram.js', 'modeler.js', 'form_editor.js', 'table_editor.js', 'difference.js', 'fonts.css', 'paper.css'].map((name) => join(here, 'browser', name)),
  outdir: out,
  format: 'esm',
  splitting: true,
  metafile: true,
  // 109 is the last Chromium for Windows 7.
  target: ['chrome109', 'firefox115', 'safari16'],
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  assetNames: 'asset-[hash]',
  legalComments: 'linked',
  loader: { '.woff': 'file', '.woff2': 'file', '.svg': 'dataurl' },
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [patch, manifest],
};
