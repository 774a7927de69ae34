/** Our connection to a gateway of SGIP: opened for messages, ended when there are none, with a clock that goes when the test says so. */
import type { HubError } from '#protocol';
import { silentLog } from '#service';
import { FakeClock, settle } from '../../../../test/support/fake-clock.js';
import { commandOf, RawDials, rawFrame, RESPONSE, type Answers } from '../testing/raw-gateway.js';
import { sgipSettings } from './sgip.config.js';
import { SgipOutbound } from './sgip.outbound.js';
import { sgipCodec } from './sgip.pdu.js';

const [BIND, UNBIND, SUBMIT] = [1, 2, 3] as const;

const answerTo = (frame: Buffer, result = 0) =>
  rawFrame(commandOf(frame) + RESPONSE, frame.subarray(8, 20), Buffer.from([result]), Buffer.alloc(8));
const obliging: Answers = (frame) =>
  commandOf(frame) === UNBIND ? rawFrame(UNBIND + RESPONSE, frame.subarray(8, 20)) : answerTo(frame);

async function anOutbound(answers: Answers = obliging) {
  const clock = new FakeClock();
  const gateway = new RawDials(answers);
  const settings = sgipSettings.parse({
    SMS_HOST: 'gateway',
    SMS_ACCOUNT: 'hutong',
    SMS_SECRET: 'secret',
    SMS_NODE: '3010012345',
    SMS_CORPORATION_ID: '12345',
  });
  const outbound = new SgipOutbound(settings, silentLog, () => Promise.resolve(), {
    clock,
    dial: gateway.dial,
  });
  const run = outbound.run();
  await settle();
  const ends: string[] = [];
  const send = () =>
    void outbound
      .send((sequence) =>
        sgipCodec.frame('submit', sequence, {
          sourceNumber: '10690001',
          chargeNumber: '',
          destinations: ['8613000000001'],
          corporationId: '12345',
          serviceType: '',
          feeType: 1,
          feeValue: '0',
          givenValue: '0',
          agentFlag: 0,
          cause: 2,
          priority: 0,
          validUntil: '',
          sendAt: '',
          reportFlag: 1,
          protocolId: 0,
          hasHeader: 0,
          format: 0,
          type: 0,
          content: Buffer.from('hello'),
          reserve: '',
        }),
      )
      .then(
        ({ pdu }) => ends.push(pdu.name),
        (thrown: HubError) => ends.push(thrown.code),
      );
  return { outbound, clock, gateway, ends, send, run };
}

test('without a message for half a minute it says goodbye, and still counts as reachable', async () => {
  const { outbound, clock, gateway, run } = await anOutbound();
  expect(outbound.connectivity.connected).toBe(true);
  await clock.advance(30_000);
  expect(gateway.latest.all(UNBIND)).toHaveLength(1);
  expect(gateway.latest.closed).toBe(true);
  await clock.advance(600_000);
  expect([gateway.connections.length, outbound.connectivity.connected]).toEqual([1, true]);
  await outbound.stop();
  await run;
  expect(clock.pending).toEqual([]);
});

test('the next message opens it again, and each later one puts the goodbye off', async () => {
  const { outbound, clock, gateway, ends, send } = await anOutbound();
  await clock.advance(100_000);
  send();
  send();
  await clock.advance(1000);
  expect([gateway.connections.length, ends]).toEqual([2, ['submitResponse', 'submitResponse']]);
  await clock.advance(20_000);
  send();
  await clock.advance(29_000);
  expect(gateway.latest.closed).toBe(false);
  await clock.advance(2000);
  expect(gateway.latest.closed).toBe(true);
  await outbound.stop();
});

test('a message that comes during the goodbye goes by the next connection', async () => {
  let unbound: Buffer | undefined;
  const { outbound, clock, gateway, ends, send } = await anOutbound((frame, nth) => {
    if (commandOf(frame) !== UNBIND || nth > 0) return obliging(frame, nth);
    unbound = frame;
    return undefined;
  });
  await clock.advance(30_000);
  expect(unbound).toBeDefined();
  send();
  await clock.advance(2000);
  expect([gateway.connections.length, ends]).toEqual([2, ['submitResponse']]);
  await outbound.stop();
});

test('a gateway that closes instead of answering the goodbye is still reachable', async () => {
  const { outbound, clock, gateway, ends, send } = await anOutbound((frame, nth) => {
    if (commandOf(frame) === UNBIND && nth === 0) gateway.latest.socket.destroy();
    return obliging(frame, nth);
  });
  await clock.advance(35_000);
  expect(outbound.connectivity.connected).toBe(true);
  send();
  await clock.advance(2000);
  expect(ends).toEqual(['submitResponse']);
  await outbound.stop();
});

test('a gateway that cannot be reached: the message was not sent, and it is dialled again without being asked', async () => {
  const { outbound, clock, gateway, ends, send } = await anOutbound();
  await clock.advance(30_000);
  gateway.reachable = false;
  send();
  await settle();
  expect([ends, outbound.connectivity.connected]).toEqual([['91'], false]);
  gateway.reachable = true;
  await clock.advance(2000);
  expect(outbound.connectivity.connected).toBe(true);
  await outbound.stop();
});

test('a process that comes back within a second gives no number a second time', async () => {
  const numbers: number[] = [];
  for (let start = 0; start < 3; start++) {
    const { outbound, clock, gateway, send } = await anOutbound();
    send();
    await clock.advance(1000);
    numbers.push(...gateway.latest.all(SUBMIT).map((frame) => frame.readUInt32BE(16)));
    await outbound.stop();
  }
  expect(new Set(numbers).size).toBe(3);
});

test('numbers are counted over all connections, so that no two messages have the same', async () => {
  const { outbound, clock, gateway, send } = await anOutbound();
  send();
  await clock.advance(31_000);
  send();
  await clock.advance(1000);
  const sequences = gateway.connections.flatMap(({ received }) =>
    received.map((frame) => [frame.readUInt32BE(8), frame.readUInt32BE(16)]),
  );
  // Bind, submit, unbind, bind, submit.
  const [, first = 0] = sequences[0] ?? [];
  expect(sequences).toEqual([0, 1, 2, 3, 4].map((n) => [3_010_012_345, (first + n) % 2 ** 32]));
  expect(gateway.latest.all(BIND)).toHaveLength(1);
  await outbound.stop();
});

test('without an answer a message is sent three times, half a minute apart and under its number', async () => {
  const { outbound, clock, gateway, ends, send } = await anOutbound((frame, nth) =>
    commandOf(frame) === SUBMIT ? undefined : obliging(frame, nth),
  );
  send();
  await clock.advance(89_999);
  const [first, ...again] = gateway.latest.all(SUBMIT);
  expect(again).toEqual([first, first]);
  await clock.advance(1);
  expect(ends).toEqual(['103']);
  await outbound.stop();
});

test('thirty-two messages are under way at once', async () => {
  const { outbound, gateway, send } = await anOutbound((frame, nth) =>
    commandOf(frame) === SUBMIT ? undefined : obliging(frame, nth),
  );
  for (let nth = 0; nth < 40; nth++) send();
  await settle();
  expect(gateway.latest.all(SUBMIT)).toHaveLength(32);
  await outbound.stop();
});
