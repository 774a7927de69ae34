/** The wall of phones as one app: its page and its API, for browsers on this machine. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { secureAnswers, serveBuiltFiles } from '#http';
import { createHubApp, type RunningApp } from '#hub-process';
import type { Log } from '#service';
import { WallModule } from './wall.module.js';
import { isOwnHost } from './wall.guard.js';
import type { WallOptions } from './wall-network.js';

const MAX_ACT_BYTES = 64 * 1024;
const MAX_FILE_BYTES = 12 * 1024 * 1024;

/** The page loads nothing from other hosts, and executes nothing but its own files. Attachments are shown from memory. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

export async function startWall(options: WallOptions, log: Log): Promise<RunningApp> {
  const app = await createHubApp(WallModule.on(options, log), log, { bodyLimit: MAX_ACT_BYTES });
  secureAnswers(app);
  app.useBodyParser('application/octet-stream', { bodyLimit: MAX_FILE_BYTES });
  await servePage(app, options);
  await app.listen(options.port, '127.0.0.1');
  return { url: await app.getUrl(), close: () => app.close() };
}

async function servePage(app: NestFastifyApplication, { assets, port }: WallOptions): Promise<void> {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      if (!request.url.startsWith('/phones/') || request.url.startsWith('/phones/api/')) return done();
      if (!isOwnHost(request.headers.host, port)) return done(new Error('the wall has another host name'));
      reply.headers({
        'content-security-policy': POLICY,
        'permissions-policy': 'microphone=(self), camera=(), geolocation=()',
        'referrer-policy': 'no-referrer',
      });
      done();
    });
  await serveBuiltFiles(app, { folder: assets, prefix: '/phones/', withPage: true });
}
