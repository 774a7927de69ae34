/** Calls that a crash has left: the next process ends each of them, as its state asks for, and once. */
import type { CallDraft, Memory } from '#adapter-kit';
import { HubError, type Address, type EventId } from '#protocol';
import { silentLog } from '#service';
import { memoryDouble } from '../../../../libs/bot-contacts/src/testing/memory-double.js';
import type { SipRequest } from '../stack/sip-message.js';
import { CallRecords, type OpenCall } from './call-records.js';
import type { Line } from './line.js';

const ANN = 'im:ann@here' as Address;
const ALICE = 'im:alice@far' as Address;
const PHONE = 'sip:ann@192.0.2.1';
const END = {
  place: PHONE,
  dialog: {
    callId: 'a-call',
    localTag: 'ours',
    remoteTag: 'theirs',
    local: '<sip:alice@far.example>;tag=ours',
    remote: '<sip:ann@example>;tag=theirs',
    target: PHONE,
    route: [],
    localSequence: 1,
    remoteSequence: undefined,
  },
};

let memory: Memory;
let told: CallDraft[];
let byes: SipRequest[];
/** What the hub answers to the next ends. */
let refusals: HubError[];

beforeEach(() => {
  memory = memoryDouble();
  [told, byes, refusals] = [[], [], []];
});

function aProcess(): CallRecords {
  const line = { request: (bye: SipRequest) => Promise.resolve(byes.push(bye)) } as unknown as Line;
  return new CallRecords({
    memory,
    submit: (draft) => {
      const refusal = refusals.shift();
      if (refusal) return Promise.reject(refusal);
      told.push(draft);
      return Promise.resolve('id' as EventId);
    },
    lineTo: (own, { place }) => (own === ANN && place === PHONE ? line : undefined),
    log: silentLog,
  });
}

/** Ids of events have a form of their own. */
const idOf = (call: string) => call.padEnd(33, '0') as EventId;

function aCall(call: string, more: Partial<OpenCall> = {}): OpenCall {
  const of = { call: idOf(call), native: call, own: ANN, peer: ALICE };
  return { ...of, media: 'voice', side: 'callee', ...more };
}

const endLeft = async () => (await aProcess().left())(new AbortController().signal);
const acts = () => told.map(({ native, action }) => `${native} ${action}`).toSorted();

test('a call that rang is missed or cancelled, one that was answered has ended, and its phone is hung up on', async () => {
  const records = aProcess();
  await records.open().keep(aCall('rings-here'));
  await records.open().keep(aCall('rings-there', { side: 'caller' }));
  const talk = records.open();
  await talk.keep(aCall('talk'));
  await talk.keep(aCall('talk', { end: END }));
  await endLeft();
  expect(acts()).toEqual(['rings-here missed', 'rings-there cancelled', 'talk ended']);
  expect(byes.map(({ method, uri }) => [method, uri])).toEqual([['BYE', PHONE]]);
  await endLeft();
  expect(told).toHaveLength(3);
});

test('a call that is over is not ended again, and its place is free', async () => {
  const records = aProcess();
  const first = records.open();
  await first.keep(aCall('first'));
  await first.clear();
  await records.open().keep(aCall('second'));
  await endLeft();
  expect([acts(), await memory.keys('>')]).toEqual([['second missed'], ['open-call.0']]);
});

test('the places of calls that are not ended yet are not used for others', async () => {
  await aProcess().open().keep(aCall('old'));
  const next = aProcess();
  const end = await next.left();
  await next.open().keep(aCall('new'));
  await end(new AbortController().signal);
  expect(acts()).toEqual(['old missed']);
  await endLeft();
  expect(acts()).toEqual(['new missed', 'old missed']);
});

test('when the hub does not take the end, the process after the next one tells it', async () => {
  await aProcess()
    .open()
    .keep(aCall('talk', { end: END }));
  refusals = [new HubError('91', 'no bus')];
  const stopping = new AbortController();
  const ending = (await aProcess().left())(stopping.signal);
  stopping.abort();
  await ending;
  expect(told).toEqual([]);
  await endLeft();
  expect(acts()).toEqual(['talk ended']);
});

test('an end that the hub will never take is forgotten, and so is what is no call', async () => {
  await aProcess()
    .open()
    .keep(aCall('talk', { end: END }));
  await memory.put('open-call.7', { call: 'nonsense' });
  refusals = [new HubError('57', 'not certified for calls')];
  await endLeft();
  await endLeft();
  expect(told).toEqual([]);
});
