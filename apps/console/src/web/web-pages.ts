/** Answers for paths that no route has: files of the web console, and its page for every other address that a browser opens. */
import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WebFile, WebFiles } from './web-files.js';

const NONCE = '__CSP_NONCE__';
const IMMUTABLE = 'public, max-age=31536000, immutable';
/** Below these, an unknown path is an unknown resource and no page. */
const NOT_PAGES = /^\/(v1|docs|healthz|reports|metrics)(\/|$)/;
const NOT_BUILT =
  'The web console is not built. Run "npm run build" in the folder of the project and restart the console.\n' +
  'The REST API works: its documentation is at /docs.\n';

/** Call it before any route is added. @param files undefined: not built */
export function serveWebPages(app: NestFastifyApplication, files: WebFiles | undefined): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (request, reply) => {
      if (!request.is404 || (request.method !== 'GET' && request.method !== 'HEAD')) return;
      await answer(request, reply, files);
    });
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  files: WebFiles | undefined,
): Promise<void> {
  const path = pathOf(request.url);
  if (path === undefined || NOT_PAGES.test(path)) return;
  if (!files) {
    if (path === '/') await reply.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
    return;
  }
  const file = path.endsWith('.html') ? undefined : await files.find(path);
  if (file) return sendFile(request, reply, file);
  if (path !== '/' && !isForPeople(request)) return;
  const page = (await files.find(`${path}/index.html`)) ?? (await files.find('/index.html'));
  if (page) await sendPage(reply, page);
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: WebFile): Promise<void> {
  reply
    .type(file.type)
    .header('cache-control', file.isHashed ? IMMUTABLE : 'no-cache')
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer');
  if (file.zipped && /\bgzip\b/.test(request.headers['accept-encoding'] ?? ''))
    await reply.header('content-encoding', 'gzip').header('vary', 'accept-encoding').send(file.zipped);
  else await reply.send(file.body);
}

async function sendPage(reply: FastifyReply, { body }: WebFile): Promise<void> {
  const nonce = randomBytes(16).toString('base64');
  await reply
    .status(200)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-security-policy', policyOfPages(nonce))
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .send(body.toString().replaceAll(NONCE, nonce));
}

export function policyOfPages(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Browsers ask for text/html when somebody opens an address, and for nothing in particular when a page fetches data. */
function isForPeople({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers.accept?.includes('text/html') === true;
}

/** @returns undefined for a path that is no valid one */
function pathOf(url: string): string | undefined {
  try {
    return decodeURIComponent(url.split(/[?#]/)[0] ?? '').replace(/(.)\/$/, '$1');
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return undefined;
  }
}
