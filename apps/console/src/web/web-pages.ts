/** Serves the web console: its files, and its page for every other address that a browser opens. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { serveBuiltFiles } from '#http';

const NONCE = '__CSP_NONCE__';
/** Below these, an unknown path is an unknown resource and no page. */
const NOT_PAGES = /^\/(v1|docs|healthz|reports|metrics)(\/|$)/;
/** Pages of the guide have a style sheet and nothing else. */
const GUIDE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const NOT_BUILT =
  'The web console is not built. Run "npm run build" in the folder of the project and restart the console.\n' +
  'The REST API works: its documentation is at /docs.\n';

/** Call it before any route is added. @returns false if the folder has no web console: it was not built */
export async function serveWebPages(app: NestFastifyApplication, folder: string): Promise<boolean> {
  const file = join(folder, 'index.html');
  const page = existsSync(file) ? await readFile(file, 'utf8') : undefined;
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (request, reply) => {
      if (!request.is404 || (request.method !== 'GET' && request.method !== 'HEAD')) return;
      await answer(request, reply, page);
    });
  if (page !== undefined) await serveBuiltFiles(app, { folder, prefix: '/', policy: GUIDE_POLICY });
  return page !== undefined;
}

async function answer(request: FastifyRequest, reply: FastifyReply, page: string | undefined): Promise<void> {
  const path = pathOf(request.url);
  if (path === undefined || NOT_PAGES.test(path)) return;
  if (page === undefined) {
    if (path === '/') await reply.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
  } else if (path === '/' || isForPeople(request)) await sendPage(reply, page);
}

async function sendPage(reply: FastifyReply, page: string): Promise<void> {
  const nonce = randomBytes(16).toString('base64');
  await reply
    .status(200)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-security-policy', policyOfPages(nonce))
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .send(page.replaceAll(NONCE, nonce));
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
