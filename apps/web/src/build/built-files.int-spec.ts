/** The pages as they were built (dist/web): what a first load brings, what waits until it is needed, and how large its pieces are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { filesOf, firstLoads, type Chunk } from './first-load';

const FOLDER = 'dist/web';
const FIRST_LOAD = 350_000;
/** A chunk that waits until it is needed still has to come within a second or two on a slow line. */
const LARGEST_CHUNK = 250_000;
/** Screens are opened by an address; everything else that is imported later belongs to a screen or to the frame. */
const SCREEN = /^src\/screens\/([\w-]+)\/\1\.tsx$/;

interface Built {
  file: string;
  isEntry?: boolean;
  isDynamicEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
}

const manifest = JSON.parse(readFileSync(join(FOLDER, '.vite', 'manifest.json'), 'utf8')) as Record<
  string,
  Built
>;
const chunks = new Map<string, Chunk>(
  Object.entries(manifest).map(([name, { imports = [], dynamicImports = [], css = [] }]) => [
    name,
    { imports, dynamicImports, css },
  ]),
);
const [entry = ''] = Object.entries(manifest).flatMap(([name, { isEntry }]) => (isEntry ? [name] : []));
const later = Object.entries(manifest).flatMap(([name, { isDynamicEntry }]) =>
  isDynamicEntry ? [name] : [],
);
const screens = later.filter((name) => SCREEN.test(name));

/** Bytes, gzip. @param name of a chunk in the manifest, or of a style sheet */
function sizeOf(name: string): number {
  return gzipSync(readFileSync(join(FOLDER, manifest[name]?.file ?? name))).length;
}

it('the manifest names the screens and the parts that are loaded later', () => {
  expect(screens).toEqual(
    expect.arrayContaining(['src/screens/find/find.tsx', 'src/screens/overview/overview.tsx']),
  );
  expect(later).toEqual(expect.arrayContaining(['src/parts/table.tsx', 'src/frame/palette.tsx']));
});

it('the first load of each screen is within the limit', () => {
  const loads = firstLoads(chunks, entry, sizeOf).filter(({ page }) => screens.includes(page));
  expect(loads).toHaveLength(screens.length);
  expect(loads.filter(({ bytes }) => bytes > FIRST_LOAD)).toEqual([]);
});

it('what is loaded later is in no first load: neither of the entry nor of a screen', () => {
  const early = [entry, ...screens].flatMap((page) => {
    const files = filesOf(chunks, page, filesOf(chunks, entry));
    return later.filter((name) => name !== page && files.has(name)).map((name) => `${page}: ${name}`);
  });
  expect(early).toEqual([]);
});

it('the page asks for nothing early but the entry and what it imports', () => {
  const page = readFileSync(join(FOLDER, 'index.html'), 'utf8');
  const asked = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file]) => file);
  const needed = [...filesOf(chunks, entry)].map((name) => manifest[name]?.file ?? name);
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.filter((file) => !needed.includes(file ?? ''))).toEqual([]);
});

it('no chunk is larger than a slow line brings in a second or two', () => {
  const large = Object.keys(manifest).flatMap((name) => {
    const bytes = sizeOf(name);
    return bytes > LARGEST_CHUNK ? [`${name}: ${bytes}`] : [];
  });
  expect(large).toEqual([]);
});
