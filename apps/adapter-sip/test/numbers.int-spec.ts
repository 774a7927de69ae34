/** Telephone numbers behind a trunk that knows our address: messages out and in, and what becomes of them later. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeliveryContext } from '#adapter-kit';
import { freePort } from '#engines';
import { plainText, type Address, type MessageEvent } from '#protocol';
import { silentLog } from '#service';
import { messageRequest, notification, type Payload } from '../src/from-canonical.js';
import { answer, newTag, SipEndpoint } from '../src/stack/sip-endpoint.js';
import { header, type SipRequest } from '../src/stack/sip-message.js';
import { anAdapter, DOMAIN, type AdapterDouble } from './adapter-double.js';
import { until } from './until.js';

const SUE = 'im:sue@far' as Address;
const NUMBER = '+8613800138000';
const PHONE = 'im:%2B8613800138000@youxin' as Address;
const TRUNK_DOMAIN = 'carrier.test';
const SUE_URI = `sip:sue@far.${DOMAIN}`;

let folder: string;
let home: AdapterDouble;
let carrier: SipEndpoint;
let received: SipRequest[];
let answers: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sip-numbers-'));
  [received, answers] = [[], 202];
  carrier = await SipEndpoint.open({
    log: silentLog,
    host: '127.0.0.1',
    publicHost: '127.0.0.1',
    port: await freePort(),
    handle(request) {
      received.push(request);
      return Promise.resolve(answer(request, answers));
    },
    flowClosed: () => undefined,
  });
  home = await anAdapter(folder, {
    SIP_TRUNK_HOST: '127.0.0.1',
    SIP_TRUNK_PORT: String(carrier.port),
    SIP_TRUNK_DOMAIN: TRUNK_DOMAIN,
  });
  await until(() => home.adapter.trunkIsRegistered);
});

afterEach(async () => {
  await home.stop();
  await carrier.close();
  rmSync(folder, { recursive: true });
});

function deliver(text: string) {
  const data = { from: { address: SUE, displayName: 'Sue' }, to: PHONE, sentAt: new Date().toISOString() };
  const event = { data: { ...data, content: { body: plainText(text) } } } as unknown as MessageEvent;
  return home.adapter.deliver(event, { idempotencyKey: 'key-1', uncertain: false } as DeliveryContext);
}

/** The carrier sends a MESSAGE of somebody to Sue. @returns the status of the answer */
async function fromCarrier(from: string, payload: Pick<Payload, 'contentType' | 'body'>): Promise<number> {
  const envelope = { from, name: undefined, to: SUE_URI, callId: newTag() };
  const flow = await carrier.flowTo('UDP', '127.0.0.1', home.port);
  return (await carrier.request(messageRequest(SUE_URI, envelope, payload, 1, newTag()), flow)).status;
}

const WORDS = { contentType: 'text/plain', body: 'from a phone' };

test('a message to a number goes to the carrier, who takes it; its phone reports later', async () => {
  expect(await deliver('hello')).toMatchObject({ native: ['key-1'], stage: 'submitted', basis: 'network' });
  const [request] = received;
  expect(request?.uri).toBe(`sip:${NUMBER}@${TRUNK_DOMAIN};user=phone`);
  expect(request && header(request, 'from')).toContain(`"Sue (far)" <${SUE_URI}>`);
  const envelope = { from: `sip:${NUMBER}@${TRUNK_DOMAIN}`, name: undefined, to: SUE_URI, callId: 'x' };
  const report = { messageId: 'key-1', status: 'delivered', id: 'r', at: new Date() } as const;
  expect(await fromCarrier(envelope.from, notification(envelope, report))).toBe(200);
  expect(home.double.outcomes).toEqual([
    { of: { native: 'key-1' }, report: { stage: 'delivered', basis: 'user-device' } },
  ]);
});

test('a carrier that answers 200 has delivered it, and one that does not know the number says so', async () => {
  answers = 200;
  expect(await deliver('hello')).toEqual({ native: ['key-1'], basis: 'network' });
  answers = 404;
  await expect(deliver('hello')).rejects.toMatchObject({ code: '14' });
});

test('the number writes back, and nobody writes through the carrier as one of our own people', async () => {
  expect(await fromCarrier(`sip:${NUMBER}@${TRUNK_DOMAIN};user=phone`, WORDS)).toBe(202);
  expect(await fromCarrier('sip:bob@elsewhere.test', WORDS)).toBe(202);
  expect(home.double.submitted.map(({ from, to }) => [from.address, to])).toEqual([
    [PHONE, SUE],
    ['im:bob%40elsewhere.test@youxin', SUE],
  ]);
  expect(await fromCarrier(`sip:ann@${DOMAIN}`, WORDS)).toBe(407);
  expect(await fromCarrier(`sip:no-account@${DOMAIN}`, WORDS)).toBe(407);
});
