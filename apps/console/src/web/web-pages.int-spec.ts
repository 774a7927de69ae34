/** What a browser gets: the page for every address, files that it may keep, and a policy that lets nothing else in. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Controller, Get, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { secureAnswers } from '#http';
import { serveWebPages } from './web-pages.js';

@Controller('v1/networks')
class Networks {
  @Get()
  list(): string[] {
    return [];
  }
}

@Module({ controllers: [Networks] })
class Api {}

const SCRIPT = 'console.log(1);'.repeat(200);
const folder = mkdtempSync(join(tmpdir(), 'hutong-web-'));
const apps: NestFastifyApplication[] = [];
let web: NestFastifyApplication;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<style nonce="__CSP_NONCE__"></style><p>console</p>');
  writeFileSync(join(folder, 'assets', 'main-a1b2c3d4.js'), SCRIPT);
  writeFileSync(join(folder, 'assets', 'main-a1b2c3d4.js.gz'), gzipSync(SCRIPT));
  writeFileSync(join(folder, 'icon.svg'), '<svg/>');
  mkdirSync(join(folder, 'guide'));
  writeFileSync(join(folder, 'guide', 'adapters.html'), '<p>guide</p>');
  writeFileSync(join(folder, 'secret.key'), 'of the build');
  web = await open(folder);
});
afterAll(async () => {
  for (const app of apps) await app.close();
  rmSync(folder, { recursive: true });
});

async function open(from: string): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(Api, new FastifyAdapter(), { logger: false });
  secureAnswers(app, { uncached: '/v1' });
  await serveWebPages(app, from);
  await app.init();
  apps.push(app);
  return app;
}

const get = (url: string, headers: Record<string, string> = {}, app = web) =>
  app.inject({ method: 'GET', url, headers });
const BROWSER = { accept: 'text/html,application/xhtml+xml' };

test.each(['/', '/index.html', '/networks/xmpp', '/find?q=im%3Abob%40matrix', '/messages/abc.def'])(
  '%s is the page, with a fresh nonce',
  async (url) => {
    const [one, other] = [await get(url, BROWSER), await get(url, BROWSER)];
    const nonces = [one, other].map(({ body }) => /nonce="([^"]+)"/.exec(body)?.[1]);
    expect(one.body).toContain('<p>console</p>');
    expect(nonces[0]).not.toBe(nonces[1]);
    expect(one.headers).toMatchObject({
      'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonces[0]}'; connect-src 'self'; img-src 'self' data: blob:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  },
);

test('a page of the guide is served as it is, with a policy of its own', async () => {
  const answer = await get('/guide/adapters.html', BROWSER);
  expect(answer.body).toBe('<p>guide</p>');
  expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self';/);
});

test('a file whose name changes with its content is kept for ever, and crosses compressed', async () => {
  const answer = await get('/assets/main-a1b2c3d4.js', { 'accept-encoding': 'gzip, br' });
  expect(answer.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': 'gzip',
    'content-type': expect.stringContaining('/javascript; charset=utf-8') as string,
    vary: expect.stringMatching(/accept-encoding/i) as string,
  });
  expect(answer.rawPayload.length).toBeLessThan(500);
  expect((await get('/assets/main-a1b2c3d4.js')).body).toContain('console.log(1);');
  expect((await get('/icon.svg')).headers['cache-control']).toBe('no-cache');
});

test.each(['/secret.key', '/../package.json', '/..%2f..%2fetc/passwd', '/assets/gone.js', '/%zz'])(
  '%s is no file',
  async (url) => {
    expect((await get(url)).statusCode).toBeGreaterThanOrEqual(400);
  },
);

test('the API stays as it is: its routes, and its answer for unknown paths and methods', async () => {
  expect((await get('/v1/networks', BROWSER)).json()).toEqual([]);
  expect((await get('/v1/nothing', BROWSER)).statusCode).toBe(404);
  expect((await get('/nothing')).statusCode).toBe(404);
  expect((await web.inject({ method: 'POST', url: '/', headers: BROWSER })).statusCode).toBe(404);
});

test('without a build, the first page says how to make one', async () => {
  const app = await open(join(folder, 'assets'));
  expect(await get('/', {}, app)).toMatchObject({
    statusCode: 503,
    body: expect.stringContaining('npm run build') as string,
  });
});
