/**
 * People write to telephone numbers. One whose number no app has gets an SMS, and so does one whose network is away, if its operator
 * wants that, unless 5G messages come first; a reply by SMS reaches whom it answers. Whom no SMS reaches is called, and hears the
 * message. The carriers and the handsets are simulated; espeak-ng speaks.
 */
import type { TestAct, TestNetwork } from '#adapter-contract';
import { findEspeak, freePort } from '#engines';
import { SipSimulator } from '../apps/adapter-sip/simulator/index.js';
import { openCarrier, settingsOf } from '../apps/adapter-sms/test/sms.home.js';
import type { SmsSimulator } from '../apps/adapter-sms/simulator/index.js';
import { engineOrSkip } from './support/engines.js';
import { ExchangeFixture } from './support/exchange-fixture.js';
import { until } from './support/hub-fixture.js';

/** No network has it. */
const PLAIN = '8613900000001';
/** Of a network with an app: of somebody who has the app, of others, and of two who do not have it. */
const [APP, OTHER, WITHOUT, NEITHER] = ['8613500000001', '8613500000002', '8613500000003', '8613500000004'];

/** It rings, and neither the app nor 5G messages nor an SMS reach it. */
const RINGS = '8613500000005';
const HEARD = '1';

const voice = await engineOrSkip('espeak-ng', findEspeak);

interface Step {
  kind: string;
  stage: string;
  network: string;
  code: string;
}

/** Of a message that neither its network nor that of 5G messages takes, and that goes as SMS; sorted. */
const ATTEMPTS = [
  'accepted north 00',
  'delivered sms 00',
  'failed maap 14',
  'failed south 14',
  'routed maap 00',
  'routed sms 00',
  'routed south 00',
  'submitted sms 00',
];

/** Of a message that no network takes, and that is spoken to a telephone; sorted. */
const SPOKEN = [
  'accepted north 00',
  'delivered telephone 00',
  'failed maap 14',
  'failed sms 14',
  'failed south 14',
  'routed maap 00',
  'routed sms 00',
  'routed south 00',
  'routed telephone 00',
  'submitted sms 00',
];

let exchange: ExchangeFixture;
let north: TestNetwork;
let south: TestNetwork;
/** Sends 5G messages to the numbers of the south. */
let maap: TestNetwork;
let carrier: SmsSimulator;

beforeAll(async () => {
  exchange = await ExchangeFixture.open();
  await exchange.hub.switch();
  [north, south, maap] = [
    await exchange.network('north'),
    await exchange.network('south'),
    await exchange.network('maap'),
  ];
  carrier = await openCarrier('smpp');
  const gateway = { host: '127.0.0.1', port: String(carrier.carrierPort), listen: 0 };
  await exchange.adapter('sms', 'dist/apps/adapter-sms/src/main.js', settingsOf('smpp', gateway));
  await route('prefix', '86135', 'south');
  await route('rcs', '86135', 'maap');
  await route('sms', '86', 'sms');
});

afterAll(async () => {
  await exchange?.close();
  await carrier?.close();
});

async function route(kind: string, key: string, network: string): Promise<void> {
  const terms = { kind, key, network };
  const proposed = await exchange.api<{ id: string }>('POST', '/v1/routes', { terms, reason: 'a test' });
  expect(await exchange.approve(proposed.body.id)).toBe(200);
}

const says = (text: string, number: string) =>
  north.act({ kind: 'message', from: 'ann', to: `+${number}@tel`, text });
const failureOf = (target: string): TestAct | undefined =>
  north.inbox('ann').find((act) => act.kind === 'failure' && act.target === target);

/** What stands on a handset. */
const texts = (number: string) => carrier.person(number).timeline.flatMap(({ text = '' }) => [text]);
const shows = (number: string, text: string) => texts(number).some((shown) => shown.endsWith(text));
const has = (network: TestNetwork, number: string, text: string) =>
  network.inbox(number).some((act) => act.kind === 'message' && act.text === text);
const inApp = (number: string, text: string) => has(south, number, text);
const as5G = (number: string, text: string) => has(maap, number, text);

async function getsSms(number: string, text: string): Promise<void> {
  await until(`an SMS "${text}"`, () => shows(number, text));
}

/** To the number from which the newest SMS came. */
async function answers(number: string, text: string): Promise<void> {
  const person = carrier.person(number);
  await person.act({ do: 'write', to: person.timeline.at(-1)?.from ?? '', text });
}

async function annHears(text: string): Promise<TestAct> {
  const heard = () => north.inbox('ann').find((act) => act.kind === 'message' && act.text === text);
  await until(`ann hears "${text}"`, () => heard() !== undefined);
  return heard() as TestAct;
}

/** The operator of the south wants these steps for what its network does not take. */
async function wantsLadder(...ladder: string[]): Promise<void> {
  const path = '/v1/networks/south/stand-in';
  const key = await exchange.operatorKey('south');
  const { etag = '' } = await exchange.api('GET', path, undefined, { key });
  const body = { hours: 48, messages: 100, ladder, reason: 'a test' };
  expect(await exchange.api('PUT', path, body, { key, ifMatch: etag })).toMatchObject({ status: 200 });
}

/** What the trace says of a message, sorted: it is recorded in any order. */
async function traced(native: string, expected: readonly string[]): Promise<void> {
  const path = `/v1/messages/trace?network=north&native=${native}`;
  const steps = async () => {
    const { body } = await exchange.api<{ checkpoints?: Step[] }>('GET', path);
    const own = (body.checkpoints ?? []).filter(({ kind }) => kind === 'message');
    return own.map(({ stage, network, code }) => `${stage} ${network} ${code}`);
  };
  await until('all attempts in the trace', async () => (await steps()).length === expected.length);
  expect((await steps()).toSorted()).toEqual(expected);
}

describe('a number that no app has', () => {
  test('gets an SMS that says who writes, and a plain reply reaches them', async () => {
    says('do you read this?', PLAIN);
    await getsSms(PLAIN, 'do you read this?');
    expect(texts(PLAIN).at(-1)).toContain('ann');
    await answers(PLAIN, 'yes, by SMS');
    expect((await annHears('yes, by SMS')).from).toBe(`${PLAIN}@sms`);
  });

  test('is delivered when the carrier says so, and the trace says that it went as SMS', async () => {
    const native = says('traced', PLAIN);
    await getsSms(PLAIN, 'traced');
    const trace = () =>
      exchange.api<{ checkpoints?: { stage: string; detail: string | null }[] }>(
        'GET',
        `/v1/messages/trace?network=north&native=${native}`,
      );
    const stages = async () => (await trace()).body.checkpoints?.map(({ stage }) => stage) ?? [];
    // The outcome may be recorded before the route.
    await until('both in the trace', async () => {
      const now = await stages();
      return now.includes('routed') && now.includes('delivered');
    });
    const { body } = await trace();
    expect(body.checkpoints?.find(({ stage }) => stage === 'routed')?.detail).toBe('number: as SMS');
  });

  test('after TD gets nothing more, and the sender is told', async () => {
    await answers(PLAIN, 'TD');
    await getsSms(PLAIN, '恢复接收。');
    const refused = says('one more', PLAIN);
    await until('the refusal', () => failureOf(refused) !== undefined);
    expect(failureOf(refused)?.code).toBe('40');
    expect(shows(PLAIN, 'one more')).toBe(false);
  });
});

describe('a number of a network with an app', () => {
  test('is reached in the app', async () => {
    await wantsLadder('rcs', 'sms');
    says('in the app', APP);
    await until('the message in the app', () => inApp(APP, 'in the app'));
    expect(texts(APP)).toEqual([]);
  });

  test('gets an SMS if neither its network nor 5G messages know it, and the sender hears of no failure', async () => {
    for (const number of [WITHOUT, NEITHER]) for (const one of [south, maap]) one.knowsNot(number);
    await until('the switch to take the carrier for present', () => {
      says('are you there?', NEITHER);
      return shows(NEITHER, 'are you there?');
    });
    const native = says('have you no app?', WITHOUT);
    await getsSms(WITHOUT, 'have you no app?');
    await answers(WITHOUT, 'only this telephone');
    await annHears('only this telephone');
    expect(failureOf(native)).toBeUndefined();
    await traced(native, ATTEMPTS);
  });

  test('gets no SMS when nobody knows whether the app got the message', async () => {
    south.refuse(OTHER, '103', 1);
    const native = says('in doubt', OTHER);
    await until('the sender to be told', () => failureOf(native) !== undefined);
    expect(failureOf(native)?.code).toBe('103');
    says('a second one', OTHER);
    await until('the second one', () => inApp(OTHER, 'a second one'));
    expect(texts(OTHER)).toEqual([]);
  });

  test('gets a 5G message while the network is away, and not also the message', async () => {
    await exchange.adapters.get('south')?.child.stop();
    await until('the switch to take the south for away', async () => {
      says('is it away?', OTHER);
      return as5G(OTHER, 'is it away?');
    });
    says('while you are away', APP);
    await until('a 5G message', () => as5G(APP, 'while you are away'));
    maap.act({ kind: 'message', from: APP, to: 'ann@north', text: 'I have only my telephone now' });
    await annHears('I have only my telephone now');
    await exchange.adapters.get('south')?.child.start();
    await until('the switch to take the south for present', async () => {
      says('is it back?', OTHER);
      return inApp(OTHER, 'is it back?');
    });
    says('back in the app', APP);
    await until('the message in the app', () => inApp(APP, 'back in the app'));
    expect(inApp(APP, 'while you are away')).toBe(false);
    expect(as5G(APP, 'back in the app')).toBe(false);
    expect(texts(APP)).toEqual([]);
  });
});

(voice ? describe : describe.skip)('a number that neither an app nor 5G messages nor an SMS reach', () => {
  let telephones: SipSimulator;

  beforeAll(async () => {
    if (!voice) return;
    const port = await freePort();
    const domain = 'telephone.localhost';
    const registrar = `sip:127.0.0.1:${port}`;
    telephones = await SipSimulator.open({ domain, registrar, haveLines: true, password: '' });
    await exchange.adapter('telephone', 'dist/apps/adapter-sip/src/main.js', {
      NETWORK: 'telephone',
      SIP_DOMAIN: domain,
      SIP_HOST: '127.0.0.1',
      SIP_PUBLIC_HOST: '127.0.0.1',
      SIP_PORT: String(port),
      SIP_ACCOUNTS: exchange.hub.file('telephone-accounts', ''),
      SIP_TRUNK_HOST: '127.0.0.1',
      SIP_TRUNK_PORT: String(telephones.phonePort),
      SIP_TRUNK_CALLS: '2',
      SIP_SPEECH: voice.command.join(' '),
      SIP_SOUND_ADDRESS: '127.0.0.1',
    });
    await route('voice', '86', 'telephone');
    await wantsLadder('rcs', 'sms', 'voice');
    for (const one of [south, maap]) one.knowsNot(RINGS);
  });

  afterAll(async () => {
    await telephones?.close();
  });

  test('is called when all others have failed, hears the message and says so by a key', async () => {
    const telephone = telephones.person(`+${RINGS}`);
    const call = (state: string) =>
      telephone.timeline.find((seen) => seen.kind === 'call' && seen.state === state);
    const native = says('Dinner is at seven.', RINGS);
    await until('it to ring', () => call('incoming') !== undefined);
    await telephone.act({ do: 'call', who: call('incoming')?.from ?? '', how: 'accept' });
    await until('it to hear something', () => telephone.calls.heard > 0);
    await telephone.act({ do: 'call', who: '', how: 'press', key: HEARD });
    await traced(native, SPOKEN);
    expect(failureOf(native)).toBeUndefined();
    await until('the end of the call', () => call('over') !== undefined);
  });
});
