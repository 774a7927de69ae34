/**
 * Bodies that are larger than JSON may be: files of records. The parser reads nothing: a route with `@TakesUpload()` reads the body as
 * a stream, after its permission was checked. All other routes answer 415. An upload has `UPLOAD_MS` and has to advance all that time;
 * the bodies of other routes have to arrive within `HTTP_LIMITS.bodyMs`.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem } from '#http';
import { endWhenLate, endWhenSlow, HTTP_LIMITS } from '#service';

/** Bytes of an upload at most, after it was unpacked. */
export const MOST_UPLOAD_BYTES = 64 * 1024 * 1024;
/**
 * Time limit of an upload, ms: the largest one arrives at 73 kB/s, packed at about 10 kB/s. It is not longer because the comparison of
 * records holds a transaction meanwhile, and few run at once.
 */
export const UPLOAD_MS = 15 * 60_000;
/** Characters of one line at most. */
const MOST_LINE = 16 * 1024;
const UPLOAD_TYPES = ['text/csv', 'application/x-ndjson'];
const IS_UPLOAD = { takesUpload: true };

declare module 'fastify' {
  interface FastifyRequest {
    /** The unread body of a route with `@TakesUpload()`. */
    upload?: Readable;
  }
}

export const TakesUpload = (description: string): MethodDecorator =>
  applyDecorators(
    RouteConfig(IS_UPLOAD),
    ApiConsumes(...UPLOAD_TYPES),
    ApiBody({ description, schema: { type: 'string', maxLength: MOST_UPLOAD_BYTES } }),
  );

/** For a server whose requests may take `UPLOAD_MS`. */
export function acceptUploads(app: NestFastifyApplication, limits = HTTP_LIMITS): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      if (takesUpload(request)) endWhenSlow(request.raw, limits, () => refuseSlow(request, reply));
      else endWhenLate(request.raw, limits.bodyMs, () => refuseSlow(request, reply));
      done();
    })
    .addHook('onResponse', (request, reply, done) => {
      // What is left of an upload that was refused is not read: it has the time of any other body.
      if (takesUpload(request)) endWhenLate(request.raw, limits.bodyMs, () => refuseSlow(request, reply));
      done();
    })
    .addContentTypeParser(UPLOAD_TYPES, (request, payload, done) => {
      if (!takesUpload(request))
        return done(new ApiProblem('unsupported-media-type', 'send the body as application/json'));
      request.upload = payload;
      return done(null, undefined);
    });
}

function takesUpload({ routeOptions }: FastifyRequest): boolean {
  return 'takesUpload' in routeOptions.config;
}

/** As Node does after `requestTimeout`: status 408 if nothing was answered yet, and the connection is closed. */
function refuseSlow({ raw, server }: FastifyRequest, reply: FastifyReply): void {
  if (reply.raw.headersSent) {
    raw.socket.destroy();
    return;
  }
  const error = Object.assign(new Error('the body came too slowly'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  server.server.emit('clientError', error, raw.socket);
}

/** What distinguishes an upload from another one with the same Idempotency-Key: its bytes are read only once. */
export function uploadMark({ 'content-type': type, 'content-length': length }: IncomingHttpHeaders): string {
  return `${type ?? ''} ${length ?? ''}`;
}

/** Lines of the body, without line ends. @throws ApiProblem invalid without an upload; too-large; invalid if a line is too long */
export const UploadedLines = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { upload, headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return linesOf(upload, headers['content-encoding']);
});

async function* linesOf(
  upload: Readable | undefined,
  encoding: string | undefined,
): AsyncGenerator<string, void, undefined> {
  if (!upload) throw new ApiProblem('invalid', `send the records as ${UPLOAD_TYPES.join(' or ')}`);
  const decoder = new TextDecoder();
  let [rest, bytes] = ['', 0];
  for await (const chunk of chunksOf(upload, encoding)) {
    bytes += chunk.length;
    if (bytes > MOST_UPLOAD_BYTES)
      throw new ApiProblem('too-large', `an upload has at most ${MOST_UPLOAD_BYTES} bytes: send it in parts`);
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MOST_LINE)
      throw new ApiProblem('invalid', `a line has at most ${MOST_LINE} characters`);
    for (const line of lines) yield line.replace(/\r$/, '');
  }
  yield rest + decoder.decode();
}

async function* chunksOf(upload: Readable, encoding: string | undefined): AsyncGenerator<Buffer> {
  try {
    // A refused upload is still answered: its connection is not closed before.
    for await (const chunk of unpacked(upload, encoding).iterator({ destroyOnReturn: false }))
      yield chunk as Buffer;
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw new ApiProblem('invalid', 'Content-Encoding: the body is not gzip', { cause: error });
    throw error;
  }
}

function unpacked(upload: Readable, encoding: string | undefined): Readable {
  if (encoding === undefined || encoding === 'identity') return upload;
  if (encoding !== 'gzip')
    throw new ApiProblem('unsupported-media-type', 'Content-Encoding: gzip, or send the records as they are');
  const gunzip = createGunzip();
  upload.once('error', (error) => gunzip.destroy(error));
  return upload.pipe(gunzip);
}
