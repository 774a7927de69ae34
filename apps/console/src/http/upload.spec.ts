/** How slowly a body may come. The time between two pieces passes by the clock of the test. */
import { connect, type AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastifyHttpOptions, HTTP_LIMITS, nestLog, silentLog } from '#service';
import { acceptUploads, TakesUpload, UploadedLines, UPLOAD_MS } from './upload.js';

const LIMITS = { ...HTTP_LIMITS, headersMs: 500, checkMs: 5 };
const PIECE = `${'x'.repeat(8191)}\n`.repeat(LIMITS.uploadBytes / 8192);

let app: NestFastifyApplication;
let came: () => void;

@Controller()
class Records {
  @Post('records')
  @TakesUpload('records')
  async take(@UploadedLines() lines: AsyncIterable<string>) {
    let count = 0;
    for await (const line of lines) if (line !== '' && ++count % 4 === 0) came();
    return { count };
  }

  @Post('words')
  words(@Body() body: unknown) {
    return body;
  }
}

@Module({ controllers: [Records] })
class RecordsModule {}

async function serve(uploadMs = UPLOAD_MS): Promise<void> {
  app = await NestFactory.create<NestFastifyApplication>(
    RecordsModule,
    new FastifyAdapter({ ...fastifyHttpOptions(LIMITS, uploadMs), forceCloseConnections: true }),
    { logger: nestLog(silentLog) },
  );
  acceptUploads(app, LIMITS);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (_request, _reply, done) => {
      done();
      came();
    });
  await app.listen(0, '127.0.0.1');
}

/** A client that sends a body in pieces, each after the former one was received. */
class Sender {
  private readonly socket = connect((app.getHttpServer().address() as AddressInfo).port, '127.0.0.1');
  private text = '';
  readonly answer = new Promise<string>((resolve) => {
    this.socket.on('data', (data: Buffer) => (this.text += data.toString()));
    this.socket.once('close', () => resolve(this.text)).once('error', () => resolve(this.text));
  });

  begin(path: string, type: string, pieces: number): Promise<void> {
    return this.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: ${type}\r\n` +
        `content-length: ${pieces * PIECE.length}\r\n\r\n`,
    );
  }

  async write(piece: string): Promise<void> {
    const received = new Promise<void>((resolve) => (came = resolve));
    this.socket.write(piece);
    await received;
  }
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] });
});
afterEach(async () => {
  jest.useRealTimers();
  await app.close();
});

test('an upload that advances may take longer than other bodies', async () => {
  await serve();
  const sender = new Sender();
  await sender.begin('/records', 'text/csv', 5);
  for (let piece = 1; piece <= 5; piece++) {
    await sender.write(PIECE);
    jest.advanceTimersByTime(LIMITS.bodyMs);
  }
  expect(await sender.answer).toMatch(/^HTTP\/1.1 201 [^]*"count":20/);
});

test('an upload that stops advancing is cut', async () => {
  await serve();
  const sender = new Sender();
  await sender.begin('/records', 'text/csv', 5);
  await sender.write(PIECE);
  jest.advanceTimersByTime(LIMITS.bodyMs);
  jest.advanceTimersByTime(LIMITS.bodyMs);
  expect(await sender.answer).toMatch(/^HTTP\/1.1 408 /);
});

test('an upload has a time limit as a whole', async () => {
  await serve(LIMITS.headersMs);
  const sender = new Sender();
  await sender.begin('/records', 'text/csv', 5);
  expect(await sender.answer).toMatch(/^HTTP\/1.1 408 /);
});

test.each([
  ['of another route', '/words', 408],
  ['of a path that does not exist', '/nothing', 408],
])('a body %s has to arrive within the time limit', async (_, path, status) => {
  await serve();
  const sender = new Sender();
  await sender.begin(path, 'application/json', 1);
  jest.advanceTimersByTime(LIMITS.bodyMs);
  expect(await sender.answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});
