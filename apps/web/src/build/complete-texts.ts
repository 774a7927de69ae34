/** Stops the build if a text is missing in a language. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';
import { faultsOfTexts, type TextSet } from '../text/text-set.js';

/** Files that export texts and nothing else: `text.ts` of each folder. */
export function textFiles(folder: string): string[] {
  return globSync('src/**/text.ts', { cwd: folder }).map((file) => join(folder, file));
}

export function faultsOfModule(file: string, module: Record<string, TextSet>): string[] {
  return Object.values(module).flatMap((texts) => faultsOfTexts(texts).map((fault) => `${file}: ${fault}`));
}

export function completeTexts(folder: string): Plugin {
  return {
    name: 'complete-texts',
    apply: 'build',
    async buildStart() {
      const faults: string[] = [];
      for (const file of textFiles(folder)) {
        const module = (await import(pathToFileURL(file).href)) as Record<string, TextSet>;
        faults.push(...faultsOfModule(file, module));
      }
      if (faults.length > 0) this.error(`texts are missing:\n${faults.join('\n')}`);
    },
  };
}
