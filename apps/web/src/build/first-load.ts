/** Stops the build if a page needs more bytes on its first load than the limit. */
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

export interface Chunk {
  imports: string[];
  dynamicImports: string[];
  /** Style sheets that are loaded with it. */
  css: string[];
}

export interface FirstLoad {
  page: string;
  bytes: number;
}

/** A chunk, and everything that it imports at once. */
export function filesOf(
  chunks: ReadonlyMap<string, Chunk>,
  start: string,
  found = new Set<string>(),
): Set<string> {
  const chunk = chunks.get(start);
  if (!chunk || found.has(start)) return found;
  found.add(start);
  for (const sheet of chunk.css) found.add(sheet);
  for (const name of chunk.imports) filesOf(chunks, name, found);
  return found;
}

/** Each page is a chunk that the entry imports when it is opened: its first load is what both need. Largest first. */
export function firstLoads(
  chunks: ReadonlyMap<string, Chunk>,
  entry: string,
  sizeOf: (file: string) => number,
): FirstLoad[] {
  const pages = chunks.get(entry)?.dynamicImports ?? [];
  return pages
    .map((page) => {
      const files = filesOf(chunks, page, filesOf(chunks, entry));
      return { page, bytes: [...files].reduce((sum, file) => sum + sizeOf(file), 0) };
    })
    .sort((a, b) => b.bytes - a.bytes);
}

export function firstLoadLimit(limit: number): Plugin {
  return {
    name: 'first-load-limit',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const chunks = new Map<string, Chunk>();
      const sizes = new Map<string, number>();
      let entry = '';
      for (const [name, file] of Object.entries(bundle)) {
        sizes.set(name, gzipSync(file.type === 'chunk' ? file.code : file.source).length);
        if (file.type !== 'chunk') continue;
        if (file.isEntry) entry = name;
        const css = [...(file.viteMetadata?.importedCss ?? [])];
        chunks.set(name, { imports: file.imports, dynamicImports: file.dynamicImports, css });
      }
      const [largest] = firstLoads(chunks, entry, (file) => sizes.get(file) ?? 0);
      if (!largest) return this.error('the entry loads no page');
      const words = `${(largest.bytes / 1000).toFixed(0)} kB gzip (${largest.page})`;
      if (largest.bytes > limit) this.error(`the first load is ${words}; the limit is ${limit / 1000} kB`);
      this.info(`largest first load: ${words}`);
    },
  };
}
