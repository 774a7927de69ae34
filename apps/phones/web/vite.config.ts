import { defineConfig } from 'vite';
import { compressedCopies } from '../../web/src/build/compressed-copies.js';

export default defineConfig({
  root: import.meta.dirname,
  base: '/phones/',
  cacheDir: '../../../node_modules/.cache/hutong/vite-phones',
  plugins: [compressedCopies()],
  build: {
    outDir: '../../../dist/phones',
    emptyOutDir: true,
    target: 'es2023',
    // A file inlined as a data address would break the content security policy.
    assetsInlineLimit: 0,
  },
});
