/** Requests on the bus as Nest handlers: replies, errors, and how many instances handle one. */
import { Controller, Module, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { z } from 'zod';
import { ask } from '#bus';
import { HubError } from '#protocol';
import { HubFixture } from '../../../test/support/hub-fixture.js';
import { BusRequests, RequestContext, ResultReplyFilter, type HandlerExtras } from './bus-requests.js';

const heard: string[] = [];
const ALL: HandlerExtras = { by: 'all' };

@Controller()
@UseFilters(ResultReplyFilter)
class Greeter {
  @MessagePattern('hub.test.greet.*')
  greet(@Payload() { name }: { name: string }, @Ctx() { subject }: RequestContext): { hello: string } {
    heard.push(name);
    return { hello: `${name} on ${subject}` };
  }

  @MessagePattern('hub.test.all', ALL)
  all(@Payload() { name }: { name: string }): { hello: string } {
    heard.push(name);
    return { hello: name };
  }

  @MessagePattern('hub.test.refuse')
  refuse(): never {
    throw new HubError('36', 'not today');
  }

  @MessagePattern('hub.test.break')
  break(): never {
    throw new Error('a fault');
  }
}

@Module({ controllers: [Greeter] })
class Greetings {}

let hub: HubFixture;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  hub = await HubFixture.open();
  // Two instances of the process.
  for (const instance of [1, 2]) {
    const made = await Test.createTestingModule({ imports: [Greetings] }).compile();
    const app = made.createNestMicroservice({ strategy: new BusRequests(hub.link), logger: false });
    await app.listen();
    stops.push(() => app.close());
    expect(stops).toHaveLength(instance);
  }
});
afterAll(async () => {
  for (const stop of stops) await stop();
  await hub?.close();
}, 60_000);

const Hello = z.object({ hello: z.string() });
const Refused = z.object({ code: z.string(), detail: z.string() });

test('a handler sees the body and the subject, and its result is the reply', async () => {
  const reply = await ask(hub.link, 'hub.test.greet.ann', { name: 'ann' }, Hello);
  expect(reply).toEqual({ hello: 'ann on hub.test.greet.ann' });
});

test('one instance handles a request, unless the handler is for all', async () => {
  heard.length = 0;
  await ask(hub.link, 'hub.test.greet.x', { name: 'once' }, Hello);
  await ask(hub.link, 'hub.test.all', { name: 'both' }, Hello);
  // The reply to this one is the sentinel: what the others still had to hear came before.
  await ask(hub.link, 'hub.test.all', { name: 'last' }, Hello);
  await ask(hub.link, 'hub.test.all', { name: 'sentinel' }, Hello);
  expect(heard.filter((name) => name === 'once')).toHaveLength(1);
  expect(heard.filter((name) => name === 'both')).toHaveLength(2);
});

test('a refusal is its result code; a fault is 96 with its text for the log', async () => {
  expect(await ask(hub.link, 'hub.test.refuse', {}, Refused)).toEqual({ code: '36', detail: 'not today' });
  expect(await ask(hub.link, 'hub.test.break', {}, Refused)).toMatchObject({ code: '96' });
});
