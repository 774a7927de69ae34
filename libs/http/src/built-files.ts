/** Serves the files of pages that Vite has built. */
import { resolve } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** What a build makes. Whatever else lies in the folder is not served. */
const KINDS = /\.(css|html|ico|jpg|js|json|map|png|svg|txt|webmanifest|webp|woff2)$/;
/** Vite writes what it names after its content into this folder. */
const NAMED_BY_CONTENT = /\/assets\/[^/]+-[\w-]{8,}\.\w+(\.gz)?$/;
const FOR_EVER = 'public, max-age=31536000, immutable';

export interface BuiltFiles {
  folder: string;
  /** Path below which the files are, with a slash at the end. */
  prefix: string;
  /** Serves `index.html` too, as it is. */
  withPage?: boolean;
  /** Content security policy of the other HTML files. */
  policy?: string;
}

/** Makes a route for each file that the folder has now. A copy that the build has compressed is sent to whoever takes it. */
export async function serveBuiltFiles(
  app: NestFastifyApplication,
  { folder, prefix, withPage = false, policy }: BuiltFiles,
): Promise<void> {
  // Loaded where pages are served: every process with an HTTP API imports this folder.
  const { default: fastifyStatic } = await import('@fastify/static');
  await app.register(fastifyStatic, {
    root: resolve(folder),
    prefix,
    wildcard: false,
    index: withPage ? ['index.html'] : [],
    globIgnore: ['**/*.gz', ...(withPage ? [] : ['index.html'])],
    // The page itself has the path of the folder.
    allowedPath: (path) => path === '/' || KINDS.test(path),
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', NAMED_BY_CONTENT.test(path) ? FOR_EVER : 'no-cache');
      if (policy !== undefined && path.endsWith('.html')) reply.header('content-security-policy', policy);
      reply.header('x-content-type-options', 'nosniff');
      reply.header('referrer-policy', 'no-referrer');
    },
  });
}
