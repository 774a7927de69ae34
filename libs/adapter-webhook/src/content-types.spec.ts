/** The body of a route is the bytes that came, whatever content type they were declared with, or none. */
import type { AddressInfo } from 'node:net';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { pino } from 'pino';
import { ADAPTER, createAdapterHttp, type AnyAdapter } from '#adapter-kit';
import { jsonRefusal, ProvenBy, type Edge } from './index.js';

const seen: Buffer[] = [];
const edge: Edge<AnyAdapter> = {
  maxBody: 1000,
  form: () => undefined,
  proof: (_request, body) => void seen.push(body),
  parse: (body) => body.toString('utf8'),
  refusal: jsonRefusal,
};

@Controller('callback')
class Callback {
  @Post()
  @ProvenBy(edge)
  @HttpCode(200)
  take(@Body() body: string): { got: string } {
    return { got: body };
  }
}

async function serve() {
  const { http } = await createAdapterHttp({
    module: {
      module: class {},
      controllers: [Callback],
      providers: [{ provide: ADAPTER, useValue: {} as AnyAdapter }],
      exports: [ADAPTER],
    },
    settings: {},
    runtime: () => ({ check: () => ({}), firstUse: { claim: (_what, value) => Promise.resolve(value) } }),
    log: pino({ level: 'silent' }),
  });
  await http.listen(0, '127.0.0.1');
  const { port } = http.getHttpServer().address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/callback`, stop: () => http.close() };
}

const BODIES = ['<xml><a>1&2=3</a></xml>', '{"a":1}', '{"__proto__":1}', '__proto__=1&a=%zz', '{', '%00'];

test.each([
  undefined,
  'text/xml',
  'text/plain',
  'application/json',
  'application/json; charset=utf-8',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/vnd.hutong+json',
  'nonsense',
  '',
])('content type %s', async (type) => {
  const { url, stop } = await serve();
  for (const body of BODIES) {
    const headers = type === undefined ? {} : { 'content-type': type };
    const answer = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) });
    expect([answer.status, await answer.text()]).toEqual([200, JSON.stringify({ got: body })]);
    expect(seen.at(-1)?.toString('utf8')).toBe(body);
  }
  await stop();
});
