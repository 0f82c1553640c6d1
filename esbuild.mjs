// Builds everything that runs into dist/: programs of Node, and the pages of VS Code's webviews.
// usage: node esbuild.mjs [--production] [--watch]
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import * as esbuild from 'esbuild';
import { copyPyodide, pythonRunnerBuild } from './src/pythonRunner/build.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const require = createRequire(import.meta.url);

/** Programs that run in Node: the server process and its helpers. */
const programs = {
  server: 'src/server/main.ts',
  runServer: 'src/server/runServer.ts',
  databaseWorker: 'src/server/store/databaseWorker.ts',
  importWorker: 'src/server/tools/import/importWorker.ts',
  reaper: 'src/reaper/main.ts',
  launcher: 'src/launcher/main.ts',
};

/** The extension makes no JSON Schemas, of which zod's schemas bring the making along. */
const withoutJsonSchemas = {
  name: 'without JSON Schemas',
  setup(build) {
    const file = /zod[\\/]v4[\\/]core[\\/](json-schema-processors|to-json-schema)\.js$/;
    build.onLoad({ filter: file }, ({ path }) => {
      const exported = readFileSync(path, 'utf8').matchAll(
        /^export (?:const|function|class) (\w+)/gm,
      );
      const contents = [...exported].map(([, name]) => `export const ${name} = () => undefined;`);
      return { contents: contents.join('\n'), loader: 'js' };
    });
  },
};

/**
 * Of all types that there are, REST answers with few; the others would be read at every start. Types
 * that are not in the table are sent as they are written.
 */
const fewMimeTypes = {
  name: 'few MIME types',
  setup(build) {
    const kept = [
      'application/json',
      'application/octet-stream',
      'text/csv',
      'text/html',
      'text/plain',
    ];
    build.onLoad({ filter: /mime-db[\\/]db\.json$/ }, ({ path }) => {
      const all = JSON.parse(readFileSync(path, 'utf8'));
      const contents = JSON.stringify(Object.fromEntries(kept.map((type) => [type, all[type]])));
      return { contents, loader: 'json' };
    });
  },
};

const options = {
  entryPoints: programs,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  alias: {
    'jsonc-parser': 'jsonc-parser/lib/esm/main.js', // its main file cannot be bundled
    // koa and two of its parts bring a copy each, of which every one reads its table at the start
    'mime-types': createRequire(require.resolve('koa')).resolve('mime-types'),
  },
  define: { 'process.env.VMCP_VERSION': JSON.stringify(require('./package.json').version) },
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none', // dist/THIRD_PARTY_LICENSES.txt has them whole
  banner: { js: '#!/usr/bin/env node' },
  plugins: [fewMimeTypes],
  logLevel: 'warning',
  metafile: true,
};

/** What is not read when the extension is activated: the help for documents, the questions of servers. */
const apart = { openLanguage: 'language', openQuestions: 'questions' };
const bundlesApart = {
  name: 'bundles apart',
  setup(build) {
    for (const [file, bundle] of Object.entries(apart)) {
      const filter = new RegExp(`/${file}\\.ts$`);
      build.onResolve({ filter }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${bundle}.js`, external: true } : undefined,
      );
    }
  },
};

/** The part that runs in VS Code's extension host. */
const extension = {
  ...options,
  entryPoints: { extension: 'src/extension.ts' },
  plugins: [withoutJsonSchemas, bundlesApart],
};
const loadedLater = {
  ...options,
  entryPoints: {
    language: 'src/vscode/language/openLanguage.ts',
    questions: 'src/vscode/questions/openQuestions.ts',
  },
  plugins: [withoutJsonSchemas],
};

/** Each folder of webview-ui with a `main.ts` is a page: `dist/webview/<folder>.js` and `.css`. */
const pages = Object.fromEntries(
  readdirSync('webview-ui')
    .filter((name) => existsSync(`webview-ui/${name}/main.ts`))
    .map((name) => [name, `webview-ui/${name}/main.ts`]),
);

const webviews = {
  entryPoints: { ...pages, codicon: require.resolve('@vscode/codicons/dist/codicon.css') },
  outdir: 'dist/webview',
  bundle: true,
  platform: 'browser',
  format: 'esm',
  target: 'es2022', // of the oldest VS Code; lowers decorators
  loader: { '.ttf': 'file' },
  assetNames: '[name]',
  minify: production,
  sourcemap: false, // the pages' policy lets them load nothing else
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
copyFileSync(require.resolve('sql.js/dist/sql-wasm.wasm'), 'dist/sql-wasm.wasm');
await copyPyodide('dist/pyodide');
const builds = [options, extension, loadedLater, { ...options, ...pythonRunnerBuild }, webviews];
if (watch) {
  for (const one of builds) {
    const context = await esbuild.context({ ...one, logLevel: 'info' });
    await context.watch();
  }
} else {
  const results = await Promise.all(builds.map((one) => esbuild.build(one)));
  writeFileSync('dist/meta.json', JSON.stringify(results[0].metafile));
  const bundled = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync('dist/THIRD_PARTY_LICENSES.txt', licencesOf(bundled));
}

/** The licence texts of every package that is part of what we ship, as those licences ask for. */
function licencesOf(files) {
  const inModules = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
  const folders = new Set(files.flatMap((file) => inModules.exec(file)?.[0] ?? []));
  for (const copied of ['sql.js', 'pyodide']) folders.add(`node_modules/${copied}`);
  return [...[...folders].sort().map(licenceText), pythonLicence()].join(`\n${'-'.repeat(80)}\n\n`);
}

function licenceText(folder) {
  const about = readFileSync(`${folder}/package.json`, 'utf8');
  const { name, version, license, repository } = JSON.parse(about);
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  // a package without its text says where it and the sources are
  const text = file
    ? readFileSync(`${folder}/${file}`, 'utf8').trim()
    : `Licence and source: ${typeof repository === 'string' ? `https://github.com/${repository}` : repository.url}`;
  return `${name} ${version} (${license})\n\n${text}\n`;
}

/** The interpreter and its standard library, which pyodide's package holds without their licence. */
function pythonLicence() {
  const { info } = JSON.parse(readFileSync('node_modules/pyodide/pyodide-lock.json', 'utf8'));
  const text = readFileSync('src/pythonRunner/licences/python.txt', 'utf8').trim();
  return `Python ${info.python} with its standard library (PSF-2.0)\n\n${text}\n`;
}
