import { join } from 'node:path';
import { defineConfig } from 'vite';
import { completeTexts } from './src/build/complete-texts.js';
import { compressedCopies } from './src/build/compressed-copies.js';
import { guide } from './src/build/guide.js';
import { firstLoadLimit } from './src/build/first-load.js';

/** Bytes, gzip. */
const FIRST_LOAD = 350_000;

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.cache/hutong/vite',
  plugins: [
    completeTexts(import.meta.dirname),
    guide(join(import.meta.dirname, '..', '..', 'docs')),
    firstLoadLimit(FIRST_LOAD),
    compressedCopies(),
  ],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    // A module inlined as a data address would break the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      // antd marks its modules for server components, which do not concern a bundle for browsers.
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
});
