/** Requests on the bus as Nest handlers: replies, errors, and how many instances handle one. */
import { Controller, Module, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { z } from 'zod';
import { ask } from '#bus';
import { HubError, RequestProblem, requestSchemas } from '#protocol';
import { HubFixture } from '../../../test/support/hub-fixture.js';
import {
  BusRequests,
  RequestBody,
  RequestContext,
  ResultReplyFilter,
  type HandlerExtras,
} from './bus-requests.js';

const Person = z.object({ name: z.string() });
const heard: string[] = [];
const ALL: HandlerExtras = { by: 'all' };

@Controller()
@UseFilters(ResultReplyFilter)
class Greeter {
  @MessagePattern('hub.test.greet.*')
  greet(
    @Payload(new RequestBody(Person)) { name }: { name: string },
    @Ctx() { subject }: RequestContext,
  ): { hello: string } {
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

const greeting = requestSchemas(Person, z.object({ hello: z.string() }));
const greet = (name: string) => ask(hub.link, { subject: 'hub.test.greet.ann', ...greeting }, { name });
const greetAll = (name: string) => ask(hub.link, { subject: 'hub.test.all', ...greeting }, { name });

test('a handler sees the body and the subject, and its result is the reply', async () => {
  expect(await greet('ann')).toEqual({ hello: 'ann on hub.test.greet.ann' });
});

test('one instance handles a request, unless the handler is for all', async () => {
  heard.length = 0;
  await greet('once');
  await greetAll('both');
  // The reply to this one is the sentinel: what the others still had to hear came before.
  await greetAll('last');
  await greetAll('sentinel');
  expect(heard.filter((name) => name === 'once')).toHaveLength(1);
  expect(heard.filter((name) => name === 'both')).toHaveLength(2);
});

test('the caller gets the error that the handler throws; a fault has code 96 and its text', async () => {
  const call = (subject: string) => ask(hub.link, { subject, ...greeting }, { name: 'ann' });
  const refused = call('hub.test.refuse');
  await expect(refused).rejects.toBeInstanceOf(RequestProblem);
  await expect(refused).rejects.toMatchObject({ code: '36', detail: 'not today' });
  await expect(call('hub.test.break')).rejects.toMatchObject({ code: '96', detail: 'a fault' });
});

test('a body that does not match is refused with every field that is wrong', async () => {
  const body = { name: 5 } as unknown as { name: string };
  await expect(ask(hub.link, { subject: 'hub.test.greet.ann', ...greeting }, body)).rejects.toMatchObject({
    code: '30',
    detail: 'name: expected a text, got 5',
    fields: [{ path: 'name', expected: 'a text', got: '5', fix: 'correct name' }],
  });
});
