// With `node --import`: starts the bundle of a compiled program instead of the program, where there is one (bundle-programs.mjs).
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const dist = new URL('../dist/', import.meta.url).href;

const hooks = registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    if (context.parentURL !== undefined) return resolved;
    // The program itself; its modules need no hook.
    hooks.deregister();
    if (!resolved.url.startsWith(dist)) return resolved;
    const url = `${dist}bundled/${resolved.url.slice(dist.length)}`;
    return existsSync(fileURLToPath(url)) ? { ...resolved, url } : resolved;
  },
});
