import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/phones/',
  cacheDir: '../../../node_modules/.cache/hutong/vite-phones',
  build: {
    outDir: '../../../dist/phones',
    emptyOutDir: true,
    target: 'es2023',
    // A file inlined as a data address would break the content security policy.
    assetsInlineLimit: 0,
  },
});
