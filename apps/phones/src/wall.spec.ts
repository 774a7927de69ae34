/** The edges of the wall: who may use it, what it serves, and how much it keeps. */
import type { WallEvent } from '../shared/events.js';
import { Act, FileQuery } from './acts.js';
import { contentHeaders, typeOf } from './content.js';
import { EventLog } from './event-log.js';
import { journeyOf } from './journey.js';
import { isOwnHost, isOwnOrigin } from './wall.guard.js';

test.each([
  ['127.0.0.1:8100', true],
  ['localhost:8100', true],
  ['127.0.0.1:8101', false],
  ['evil.example:8100', false],
  ['127.0.0.1.evil.example:8100', false],
  [undefined, false],
])('host %s: %s', (host, expected) => {
  expect(isOwnHost(host, 8100)).toBe(expected);
});

test('requests come from the page itself', () => {
  expect(isOwnOrigin('http://127.0.0.1:8100', '127.0.0.1:8100')).toBe(true);
  expect(isOwnOrigin(undefined, '127.0.0.1:8100')).toBe(true);
  expect(isOwnOrigin('http://evil.example', '127.0.0.1:8100')).toBe(false);
  expect(isOwnOrigin('null', '127.0.0.1:8100')).toBe(false);
});

test.each([
  ['<svg onload="alert(1)">', 'application/octet-stream'],
  ['<html><script>', 'application/octet-stream'],
  ['\u0089PNG\r\n', 'image/png'],
  ['OggS', 'audio/ogg'],
  ['#!AMR\n', 'application/octet-stream'],
  ['', 'application/octet-stream'],
])('content that begins with %j has type %s, and is never shown as a page', (head, type) => {
  const bytes = Buffer.from(head, 'latin1');
  expect(typeOf(bytes)).toBe(type);
  expect(contentHeaders(bytes)['content-disposition']).toBe('attachment');
});

test('fields of acts and files are bounded', () => {
  const write = { do: 'write', chat: 'im:a@b', text: 'x' };
  expect(Act.safeParse(write).success).toBe(true);
  expect(Act.safeParse({ ...write, text: 'x'.repeat(10_001) }).success).toBe(false);
  expect(Act.safeParse({ do: 'place', chat: 'im:a@b', latitude: 91, longitude: 0, label: '' }).success).toBe(
    false,
  );
  expect(Act.safeParse({ do: 'format the disk', chat: 'im:a@b' }).success).toBe(false);
  expect(FileQuery.safeParse({ chat: 'im:a@b', what: 'exe', name: 'a', type: 'b' }).success).toBe(false);
});

describe('the log of events', () => {
  const opened: WallEvent = { type: 'opened', phone: 'xmpp-0' };
  const arrived = (id: string): WallEvent => ({
    type: 'arrived',
    phone: 'xmpp-0',
    chat: 'c',
    at: 1,
    name: 'n',
    id,
    body: { kind: 'text', text: id },
  });
  const heard = (log: EventLog) => {
    const events: WallEvent[] = [];
    log.listen((event) => events.push(event))();
    return events;
  };

  test('a browser that comes later gets what has happened, without what is over', () => {
    const log = new EventLog();
    for (const event of [
      opened,
      arrived('m'),
      { type: 'typing', phone: 'xmpp-0', chat: 'c', on: true, at: 1 } as const,
    ])
      log.tell(event);
    expect(heard(log)).toEqual([{ type: 'hello' }, opened, arrived('m'), { type: 'ready' }]);
  });

  test('nothing of a closed phone is kept', () => {
    const log = new EventLog();
    for (const event of [opened, arrived('m'), { type: 'closed', phone: 'xmpp-0' } as const]) log.tell(event);
    expect(heard(log)).toEqual([{ type: 'hello' }, { type: 'ready' }]);
  });

  test('it forgets the oldest messages, and never that a phone is open', () => {
    const log = new EventLog();
    log.tell(opened);
    for (let at = 0; at < 6000; at++) log.tell(arrived(`m${at}`));
    const events = heard(log);
    expect(events).toHaveLength(5002);
    expect([events[1], events.at(-2)]).toEqual([opened, arrived('m5999')]);
  });
});

test('the way of a message: its own checkpoints, in milliseconds since the first', () => {
  const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
  const point = { kind: 'message', network: 'matrix', code: '00', detail: null };
  const { steps } = journeyOf({
    from: 'im:a@xmpp',
    to: 'im:b@matrix',
    state: 'delivered',
    checkpoints: [
      { ...point, stage: 'accepted', network: 'xmpp', at: at(0) },
      { ...point, stage: 'routed', at: at(4) },
      { ...point, stage: 'delivered', at: at(20), detail: 'media: a link to it' },
      { ...point, stage: 'routed', kind: 'receipt', at: at(30) },
    ],
  });
  expect(steps).toEqual([
    { stage: 'accepted', network: 'xmpp', ms: 0, code: '00' },
    { stage: 'routed', network: 'matrix', ms: 4, code: '00' },
    { stage: 'delivered', network: 'matrix', ms: 20, code: '00', detail: 'media: a link to it' },
  ]);
});
