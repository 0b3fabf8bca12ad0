/**
 * Bundles the libraries of the page into `target/vendor`, which the WAR packs beside `src/main/webapp`: `npm run vendor`.
 * Every `.js` file of this folder is the entry of one bundle.
 */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { licences } from './licences.mjs';

const ROOT = path.join(import.meta.dirname, '../../..');
const PACKAGES = path.join(ROOT, 'node_modules');
const TARGET = path.join(ROOT, 'target/vendor');
const SCRIPTS = path.join(TARGET, 'js/vendor');
const STYLES = path.join(TARGET, 'css/vendor');
const FONTS = path.join(STYLES, 'fonts');

/** Declarations of the entries that do more than re-export. All other entries are valid declarations themselves. */
const DECLARATIONS = new Map([
  ['katex.js', "export { render } from 'katex';\n"],
  ['highlight.js', "export { default } from 'highlight.js';\n"],
]);

const entries = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.js'));

rmSync(TARGET, { recursive: true, force: true });
for (const folder of [SCRIPTS, FONTS]) mkdirSync(folder, { recursive: true });

/**
 * uPlot formats numbers by `navigator.language`, and throws if that is not a valid tag, such as `en-US@posix`. The page has a
 * language of its own.
 */
const PLOT_LANGUAGE = {
  name: 'plot-language',
  setup: (/** @type {import('esbuild').PluginBuild} */ { onLoad }) => onLoad({ filter: /uPlot\.esm\.js$/ }, ({ path: file }) => {
    const source = readFileSync(file, 'utf8');
    const contents = source.replace('domEnv ? nav.language :', "domEnv ? document.documentElement.lang || 'en' :");
    if (contents === source) throw new Error('uPlot does not read nav.language any more. Remove this plugin.');
    return { contents, loader: 'js' };
  }),
};

const { metafile } = await build({
  plugins: [PLOT_LANGUAGE],
  absWorkingDir: ROOT,
  entryPoints: entries.map((name) => path.join(import.meta.dirname, name)),
  outdir: SCRIPTS,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'eof',
  metafile: true,
  logLevel: 'warning',
});

for (const name of entries) {
  const declaration = DECLARATIONS.get(name) ?? readFileSync(path.join(import.meta.dirname, name), 'utf8');
  writeFileSync(path.join(SCRIPTS, name.replace(/\.js$/, '.d.ts')), declaration);
}

// Every browser that runs the page reads woff2. The other two formats would triple the size of the WAR's fonts.
const katex = path.join(PACKAGES, 'katex/dist');
const rules = readFileSync(path.join(katex, 'katex.min.css'), 'utf8');
writeFileSync(path.join(STYLES, 'katex.css'), rules.replaceAll(/,url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)/g, ''));
for (const font of readdirSync(path.join(katex, 'fonts')).filter((name) => name.endsWith('.woff2'))) {
  copyFileSync(path.join(katex, 'fonts', font), path.join(FONTS, font));
}
copyFileSync(path.join(PACKAGES, 'uplot/dist/uPlot.min.css'), path.join(STYLES, 'uplot.css'));

writeFileSync(path.join(SCRIPTS, 'LICENSES.txt'), licences(ROOT, Object.keys(metafile.inputs)));
