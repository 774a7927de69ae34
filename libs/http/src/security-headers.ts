/** Security headers of every answer. A route that sets one of them itself, such as the download of a file, overrides it. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The page of the API documentation has scripts. All other answers are data, in which a browser may execute nothing. */
const POLICY_OF_DOCS =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
const YEAR_SECONDS = 31_536_000;

/** Paths; each includes the paths below it. */
export interface AnswerPaths {
  /** Page of the API documentation. */
  docs?: string;
  /** Answers that caches must not store, because they contain keys, codes and credentials. */
  uncached?: string;
}

/** Call it before any route is added. */
export function secureAnswers(app: NestFastifyApplication, { docs, uncached }: AnswerPaths = {}): void {
  app.useSecurityHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': "'none'", 'frame-ancestors': "'none'" },
    },
    xFrameOptions: { action: 'deny' },
    // Set below for requests over TLS; over plain HTTP browsers ignore it.
    strictTransportSecurity: false,
  });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      const path = request.url.split('?')[0] ?? '';
      if (under(docs, path)) reply.header('content-security-policy', POLICY_OF_DOCS);
      if (under(uncached, path)) reply.header('cache-control', 'no-store');
      if (request.protocol === 'https') reply.header('strict-transport-security', `max-age=${YEAR_SECONDS}`);
      done();
    });
}

function under(folder: string | undefined, path: string): boolean {
  return folder !== undefined && (path === folder || path.startsWith(`${folder}/`));
}
