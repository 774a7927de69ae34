/**
 * What an event would cost if partitions were Nest handlers (decision 0017): the same empty work called directly, as a
 * partition calls its reader, and through a `@MessagePattern` handler with an exception filter. Without a bus: the
 * difference is Nest's own.
 */
import { Controller, Module, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { lastValueFrom } from 'rxjs';
import { RequestContext, ResultReplyFilter } from '#bus-transport';
import { decodeEvent, encodeEvent } from '#protocol';
import { decide } from '../../apps/switch/src/pipeline/decide.js';
import { context as decisionContext, message } from '../support/switch-events.js';
import { round, type Row } from './measure.js';
import type { Measured } from './path.js';
import { scaled, type Scale } from './scale.js';

const CALLS = 100_000;
const ROUNDS = 5;
const SUBJECT = 'hub.in.north.0';

@Controller()
@UseFilters(ResultReplyFilter)
class Reader {
  read = 0;

  @MessagePattern(SUBJECT)
  take(@Payload() body: unknown, @Ctx() context: RequestContext): void {
    if (body !== undefined && context.subject === SUBJECT) this.read++;
  }
}

@Module({ controllers: [Reader] })
class ReaderModule {}

/** Calls the handler as `BusRequests` does. */
class Local extends Server implements CustomTransportStrategy {
  listen(callback: () => void): void {
    callback();
  }
  close(): void {}
  on(): never {
    throw new Error('no events');
  }
  unwrap<T>(): T {
    return this as unknown as T;
  }

  async call(body: unknown): Promise<void> {
    const handler = this.getHandlerByPattern(SUBJECT);
    if (!handler) throw new Error(`no handler of ${SUBJECT}`);
    const result = (await handler(body, new RequestContext([SUBJECT]))) as unknown;
    await lastValueFrom(this.transformToObservable(result), { defaultValue: undefined });
  }
}

export async function handlersBench(scale: Scale): Promise<Measured> {
  const calls = scaled(CALLS, scale);
  const made = await Test.createTestingModule({ imports: [ReaderModule] }).compile();
  const strategy = new Local();
  const app = made.createNestMicroservice({ strategy, logger: false });
  await app.listen();
  const reader = made.get(Reader);
  const body = { n: 1 };
  const context = new RequestContext([SUBJECT]);
  const given = decisionContext();
  const bytes = Buffer.from(encodeEvent(message()));
  const [direct, nest, own]: [number[], number[], number[]] = [[], [], []];
  for (let turn = 0; turn < ROUNDS; turn++) {
    direct.push(await microseconds(calls, () => Promise.resolve(reader.take(body, context))));
    nest.push(await microseconds(calls, () => strategy.call(body)));
    own.push(
      await microseconds(calls, () => {
        encodeEvent(decide(decodeEvent(bytes), given).event);
        return Promise.resolve();
      }),
    );
  }
  await app.close();
  if (reader.read !== 2 * ROUNDS * calls) throw new Error('not every call was carried out');
  const [directUs = 0, nestUs = 0, ownUs = 0] = [direct, nest, own].map((each) => round(Math.min(...each)));
  const rows: Row[] = [
    { part: 'handlers', what: 'a partition calls its reader: CPU per event, us', us: directUs },
    { part: 'handlers', what: 'through a @MessagePattern handler, us', us: nestUs },
    { part: 'handlers', what: 'the switch: decode, decide, encode, us', us: ownUs },
  ];
  return { rows, figures: { handlerDirectUs: directUs, handlerNestUs: nestUs, switchOwnUs: ownUs } };
}

/** CPU time of this process per call, so that other work on the machine counts little. */
async function microseconds(calls: number, call: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < calls; n++) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}
