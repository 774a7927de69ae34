/**
 * Every HTTP route of every adapter, called by strangers: no parser runs before the proof was checked. The routes are
 * taken from the running servers, so that a route that is added appears here by itself, and fails without an edge.
 */
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Controller, Get, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ADAPTER, createAdapterHttp, FirstUse } from '#adapter-kit';
import { EDGE_SECRET, edgeLog, type Edge, type EdgeProof, type Edges } from '#adapter-kit/testing/edge';
import { network } from '#protocol';
import { HTTP_LIMITS, type HttpLimits } from '#service';
import { NETWORKS } from './networks.js';

/** Of every adapter that has HTTP routes of its own. */
const EDGES: Edges = {};
for (const app of new Set(NETWORKS.map((manifest) => manifest.app))) {
  const file = join('apps', app, 'src', 'testing', 'edges');
  if (!existsSync(`${file}.ts`)) continue;
  const { edges } = (await import(`../../../${file}.js`)) as { edges: Edges };
  Object.assign(EDGES, edges);
}

/** They take no body, and everybody may read them. */
const OPEN = ['/healthz/live', '/healthz/ready', '/open/v1/openapi.json', '/open/v1/asyncapi.json'];

/** As the bucket on the bus: of two that create a key, the first wins. */
function firstUse(): FirstUse {
  const stored = new Map<string, unknown>();
  return new FirstUse({
    get: (key) => Promise.resolve(stored.get(key)),
    create: (key, value) => {
      if (!stored.has(key)) stored.set(key, value);
      return Promise.resolve();
    },
  });
}

async function serve(kind: Pick<Edge, 'adapter' | 'controllers'>, limits: HttpLimits = HTTP_LIMITS) {
  const parsed: string[] = [];
  const routes: { method: string; path: string }[] = [];
  const runtime = { check: () => ({}), firstUse: firstUse() };
  const { http } = await createAdapterHttp({
    module: {
      module: class {},
      controllers: kind.controllers,
      providers: [{ provide: ADAPTER, useValue: kind.adapter }],
      exports: [ADAPTER],
    },
    settings: {},
    runtime: () => runtime,
    log: edgeLog,
    limits,
    onParse: (route) => parsed.push(route),
  });
  http
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url: path }) => {
      for (const one of [method].flat()) routes.push({ method: one, path });
    });
  await http.init();
  await http.getHttpAdapter().getInstance().ready();
  return { http, parsed, routes };
}

describe.each(Object.entries(EDGES))('%s', (_, kind) => {
  let served: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    served = await serve(kind);
  });
  afterAll(() => served.http.close());

  /** Each test asks from an address of its own. */
  let caller = 0;
  beforeEach(() => caller++);

  const proven = () => served.routes.filter(({ path }) => !OPEN.includes(path));
  const ask = async (
    http: NestFastifyApplication,
    method: string,
    path: string,
    body: string,
    proof: EdgeProof,
    remoteAddress = `8.8.8.${caller}`,
  ) => {
    const answer = await http.inject({
      remoteAddress,
      method: method as 'GET',
      url: filled(path) + (proof.query ?? ''),
      headers: { 'content-type': 'application/json', ...proof.headers },
      ...(method === 'GET' || method === 'HEAD' ? {} : { payload: body }),
    });
    return {
      status: answer.statusCode,
      text: answer.body,
      retryAfter: answer.headers['retry-after'],
    };
  };
  const filled = (path: string) => path.replace(/:\w+/g, kind.parameter ?? 'x');
  const bodyOf = ({ method, path }: { method: string; path: string }) =>
    method === 'GET' || method === 'HEAD' ? '' : (kind.bodies[path] ?? '');

  test('has routes, and each that takes a body is known here', () => {
    expect(proven().length).toBeGreaterThan(0);
    for (const { method, path } of proven())
      if (!['GET', 'HEAD'].includes(method)) expect(Object.keys(kind.bodies)).toContain(path);
  });

  test('unsigned, signed with another key, or long ago: refused before anything is parsed, with one answer', async () => {
    for (const route of proven()) {
      caller++;
      const [body, path] = [bodyOf(route), filled(route.path)];
      const content = { 'hutong-content-sha256': '0'.repeat(64) };
      const answers = [
        await ask(served.http, route.method, route.path, body, { headers: content }),
        await ask(
          served.http,
          route.method,
          route.path,
          body,
          kind.prove(route.method, path, body, { key: 'x' }),
        ),
      ];
      if (!kind.timeless)
        for (const ago of [3600, -3600])
          answers.push(
            await ask(
              served.http,
              route.method,
              route.path,
              body,
              kind.prove(route.method, path, body, { ago }),
            ),
          );
      for (const { status } of answers) expect([401, 403]).toContain(status);
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    }
    expect(served.parsed).toEqual([]);
  });

  test('after ten wrong proofs the address waits, and others do not; nor does one that was right before', async () => {
    const [route] = proven();
    if (!route) throw new Error('no route');
    const { http } = await serve(kind);
    const [body, path] = [bodyOf(route), filled(route.path)];
    const asks = async (address: string, key?: string) => {
      const proof = kind.prove(route.method, path, body, key === undefined ? {} : { key });
      const { status, retryAfter } = await ask(http, route.method, route.path, body, proof, address);
      return [401, 403].includes(status) ? 'wrong' : status === 429 ? `wait ${String(retryAfter)}` : 'right';
    };
    const [stranger, platform] = ['1.1.1.1', '1.0.0.1'];
    for (let at = 0; at < 10; at++) expect(await asks(stranger, `guess ${at}`)).toBe('wrong');
    expect([await asks(stranger), await asks(stranger, 'guess')]).toEqual(['wait 1', 'wait 1']);
    expect(await asks(platform)).toBe('right');
    for (let at = 0; at < 20; at++) await asks(platform, `guess ${at}`);
    // The same again, which some refuse, is looked at.
    expect(await asks(platform)).not.toMatch(/^wait/);
    await http.close();
  });

  test('larger than the route allows: refused before anything is parsed, however well it is signed', async () => {
    const large = `{"a":"${'x'.repeat(17 * 1024 * 1024)}"}`;
    for (const route of proven()) {
      if (['GET', 'HEAD'].includes(route.method) || route.path === '/open/v1/media') continue;
      const proof = kind.prove(route.method, filled(route.path), large);
      expect([route.path, (await ask(served.http, route.method, route.path, large, proof)).status]).toEqual([
        route.path,
        413,
      ]);
    }
    expect(served.parsed).toEqual([]);
  });

  test('a proof that is used again with another body is refused, and the second body is not parsed', async () => {
    if (kind.timeless === 'token')
      return expect(kind.prove('POST', '/', '').headers).toHaveProperty(kind.token ?? 'authorization');
    for (const route of proven()) {
      if (['GET', 'HEAD'].includes(route.method)) continue;
      const body = bodyOf(route);
      const proof = kind.prove(route.method, filled(route.path), body);
      await ask(served.http, route.method, route.path, body, proof);
      const parsed = served.parsed.length;
      if (route.path !== '/open/v1/media') expect(parsed).toBeGreaterThan(0);
      const other = route.path === '/open/v1/media' ? body : `${body} `;
      expect((await ask(served.http, route.method, route.path, other, proof)).status).toBe(401);
      expect(served.parsed).toHaveLength(parsed);
    }
  });

  test('an unknown path is refused before its body is read', async () => {
    expect((await ask(served.http, 'POST', '/no/such/path', '{"a":1}', {})).status).toBe(404);
  });
});

test('the controllers of every network are asked here', async () => {
  const asked = new Set(Object.values(EDGES).flatMap(({ controllers }) => controllers));
  const missing: string[] = [];
  for (const manifest of NETWORKS) {
    const controllers = (Reflect.getMetadata('controllers', await manifest.module()) ?? []) as Type[];
    missing.push(
      ...controllers.filter((one) => !asked.has(one)).map((one) => `${manifest.slug}: ${one.name}`),
    );
  }
  expect(missing).toEqual([]);
});

test('a route that declares no proof keeps the adapter from starting', async () => {
  @Controller('forgotten')
  class ForgottenController {
    @Get()
    anything() {
      return {};
    }
  }
  const adapter = { network: network('x') } as never;
  await expect(serve({ adapter, controllers: [ForgottenController] })).rejects.toThrow('declares no proof');
});

test('a body that drips in is cut', async () => {
  const matrix = EDGES['Matrix'];
  if (!matrix) throw new Error('Matrix has no edge');
  const { http, parsed } = await serve(matrix, { ...HTTP_LIMITS, bodyMs: 100 });
  await http.listen(0, '127.0.0.1');
  const socket = connect((http.getHttpServer().address() as AddressInfo).port, '127.0.0.1');
  socket.write(
    `PUT /_matrix/app/v1/transactions/1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${EDGE_SECRET}\r\n` +
      'content-type: application/json\r\ncontent-length: 100000\r\n\r\n{',
  );
  const drip = setInterval(() => socket.write(' '), 20);
  const cut = await new Promise<string>((resolve) => {
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString()));
    socket.once('close', () => resolve(answer));
    socket.once('error', () => resolve(answer));
  });
  clearInterval(drip);
  expect(cut).toContain('HTTP/1.1 400');
  expect(parsed).toEqual([]);
  await http.close();
});
