/**
 * Every handler of a request on the bus, with services that refuse: what they throw arrives at the caller, with its code, its
 * text and its fields. The bus is in memory; transport, filters, schemas and clients are the real ones.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { INestMicroservice, Type } from '@nestjs/common';
import { PATTERN_METADATA } from '@nestjs/microservices/constants.js';
import { Test } from '@nestjs/testing';
import { pino } from 'pino';
import { ask, MediaStore, type BusConnection } from '#bus';
import { BusRequests } from '#bus-transport';
import {
  addressOf,
  ANY,
  CERTIFY,
  HubError,
  levels,
  network,
  RequestProblem,
  requests,
  subjects,
  type BusRequest,
  type Network,
} from '#protocol';
import { LOG } from '#service';
import { LocalBus } from '../../../test/support/local-bus.js';

const north = network('north');
const object = 'o'.repeat(43);
const url = `hub-media:north/${object}`;
const part = {
  kind: 'external',
  disposition: 'attachment',
  contentType: 'image/png',
  url,
  size: 1,
  hash: { alg: 'sha-256', value: 'a'.repeat(64) },
  seal: { alg: 'aes-256-gcm-blocks', key: 'k'.repeat(43) },
};
const signOn = {
  network: north,
  instance: 'one',
  build: '1',
  capabilities: { version: '1', language: 'en', features: levels(2), limits: {} },
  nativeConnected: true,
};
const address = addressOf(north, 'ann');

const call = 'e'.repeat(27);
const open = { do: 'open', call, side: 'callee', media: 'voice', peer: 'Ann', language: 'en' };
const signal = { call, side: 'callee', action: 'declined' };

/** For each request a body that its handler accepts. */
const BODIES: Record<keyof typeof requests, object> = {
  signOn,
  heartbeat: signOn,
  signOff: { network: north, instance: 'one' },
  resolve: { address },
  askResolve: { address },
  askPair: { act: 'begin' },
  link: { event: 'e'.repeat(27), part },
  renew: { current: `U${'A'.repeat(55)}`, next: `U${'B'.repeat(55)}` },
  directory: { number: '+8613800138000' },
  closeDay: { date: '2026-11-20' },
  call: open,
  askCall: signal,
  gatewayCommand: { network: north, command: open },
  gatewaySignal: { network: north, signal },
};

/** The only request that is not in `requests`: its answer is no JSON. */
const MEDIA = subjects.control('media', ANY);
/** Answers from a constant list: nothing in it can fail. */
const TEST_PEOPLE = subjects.ask('resolve', CERTIFY);

interface Request {
  name: keyof typeof requests;
  on: (of: Network | typeof ANY) => BusRequest<object, unknown>;
}
const ALL = (Object.keys(requests) as (keyof typeof requests)[]).map((name): Request => ({
  name,
  on: requests[name] as unknown as Request['on'],
}));

/** Every controller of an app or library with such handlers, and the subjects that it handles. */
async function controllers(): Promise<{ controller: Type; patterns: string[] }[]> {
  const files = ['apps', 'libs'].flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => /(^|\/)src\/.*\.controller\.ts$/.test(file))
      .map((file) => join(root, file))
      .filter((file) => readFileSync(file, 'utf8').includes('@MessagePattern(')),
  );
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(file).href)));
  return modules
    .flatMap((loaded: object) => Object.values(loaded) as Type[])
    .map((controller) => ({ controller, patterns: patternsOf(controller) }))
    .filter(({ patterns }) => patterns.length > 0);
}

function patternsOf(controller: Type): string[] {
  return Object.getOwnPropertyNames(controller.prototype).flatMap(
    (method) =>
      (Reflect.getMetadata(
        PATTERN_METADATA,
        (controller.prototype as Record<string, object>)[method] ?? {},
      ) ?? []) as string[],
  );
}

/** What every service throws. */
let thrown: Error;

/** Names that Nest and promises look for. */
const NO_METHOD = /^(then|on[A-Z]\w*|before[A-Z]\w*)$/;

/** A service all of whose methods throw. */
const refusing = new Proxy(
  {},
  {
    get: (_, name) =>
      typeof name === 'symbol' || NO_METHOD.test(name)
        ? undefined
        : () => {
            throw thrown;
          },
  },
);

const bus = new LocalBus();
const link = bus as unknown as BusConnection;
const opened: INestMicroservice[] = [];
let found: Awaited<ReturnType<typeof controllers>>;

beforeAll(async () => {
  found = await controllers();
  for (const { controller } of found) {
    const made = await Test.createTestingModule({ controllers: [controller] })
      .useMocker((token) => (token === LOG ? pino({ level: 'silent' }) : refusing))
      .compile();
    const app = made.createNestMicroservice({ strategy: new BusRequests(link), logger: false });
    await app.listen();
    opened.push(app);
  }
});
afterAll(() => Promise.all(opened.map((app) => app.close())));

test('every request has a handler, and every handler is of a request', () => {
  const handled = found.flatMap(({ patterns }) => patterns);
  expect(handled.sort()).toEqual([...ALL.map(({ on }) => on(ANY).subject), MEDIA, TEST_PEOPLE].sort());
});

describe.each(ALL)('$name', ({ name, on }) => {
  const call = (body: object) => ask(link, on(north), body);

  test('a problem that a service throws arrives with its code and text', async () => {
    thrown = new HubError('57', 'south is not certified for calls: certify it');
    const answered = call(BODIES[name]);
    await expect(answered).rejects.toBeInstanceOf(RequestProblem);
    await expect(answered).rejects.toMatchObject({
      code: '57',
      detail: thrown.message.split(': ').slice(1).join(': '),
    });
  });

  test('a fault arrives as 96 with its text', async () => {
    thrown = new TypeError('a fault of ours');
    await expect(call(BODIES[name])).rejects.toMatchObject({ code: '96', detail: 'a fault of ours' });
  });

  test('the fields of a problem arrive', async () => {
    const fields = [{ path: 'deep.field', expected: 'a', got: 'b', fix: 'send a' }];
    thrown = new RequestProblem('30', 'deep.field: expected a, got b', { fields });
    await expect(call(BODIES[name])).rejects.toMatchObject({ code: '30', field: 'deep.field', fields });
  });

  test('a body that is empty is refused with the fields that are missing', async () => {
    await expect(call({})).rejects.toMatchObject({
      code: '30',
      fields: expect.arrayContaining([expect.objectContaining({ got: 'nothing' })]) as unknown,
    });
  });
});

describe('a block of an attachment', () => {
  const read = () => new MediaStore(bus.ofMember(north)).info({ network: north, object });

  test.each<[string, Error]>([
    ['a refusal', new HubError('36', 'grant: north may not read this attachment')],
    ['a problem with fields', new RequestProblem('30', 'part: expected a number', { field: 'part' })],
  ])('%s arrives as 107 with the text of the refusal', async (_, error) => {
    thrown = error;
    const { code, detail, field } = error as RequestProblem;
    await expect(read()).rejects.toMatchObject({ code: '107', detail, cause: { code, detail, field } });
  });
});

test('the test people are asked like any others', async () => {
  await expect(
    ask(link, requests.askResolve(CERTIFY), {} as { address: typeof address }),
  ).rejects.toMatchObject({
    code: '30',
    field: 'address',
  });
});
