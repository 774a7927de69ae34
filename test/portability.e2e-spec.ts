/** People write to telephone numbers; numbers are linked, moved, hidden and blocked, and no message is lost on the way. */
import { resolveBench, UNLIMITED } from './bench/resolve.js';
import { expectMeasured, SMOKE } from './support/bench-smoke.js';
import type { TestAct, TestNetwork } from '#adapter-contract';
import { ExchangeFixture } from './support/exchange-fixture.js';
import { until, type App } from './support/hub-fixture.js';

let exchange: ExchangeFixture;
let north: TestNetwork;
let south: TestNetwork;
let carrier: TestNetwork;
let theSwitch: App;
let southKey: string;
let northKey: string;

beforeAll(async () => {
  exchange = await ExchangeFixture.open();
  theSwitch = await exchange.hub.switch();
  [north, south, carrier] = [
    await exchange.network('north'),
    await exchange.network('south'),
    await exchange.network('carrier'),
  ];
  const terms = { kind: 'prefix', key: '8613', network: 'carrier' };
  const route = await exchange.api<{ id: string }>('POST', '/v1/routes', { terms, reason: 'a test' });
  expect(await exchange.approve(route.body.id)).toBe(200);
  await exchange.api('POST', '/v1/networks/carrier/enable', { reason: 'a test' });
  [northKey, southKey] = [await exchange.operatorKey('north'), await exchange.operatorKey('south')];
});

afterAll(() => exchange?.close(), 60_000);

const says = (text: string, number: string) =>
  north.act({ kind: 'message', from: 'ann', to: `${number}@tel`, text });

const heard = (network: TestNetwork, who: string): (string | undefined)[] =>
  network.inbox(who).flatMap(({ kind, text }) => (kind === 'message' ? [text] : []));

async function hears(network: TestNetwork, who: string, text: string): Promise<void> {
  await until(`${who} gets "${text}"`, () => heard(network, who).includes(text));
}

async function fails(target: string): Promise<TestAct> {
  const found = () => north.inbox('ann').find((act) => act.kind === 'failure' && act.target === target);
  await until('the sender is notified', () => found() !== undefined);
  return found() as TestAct;
}

/** The code in the last notice that somebody got from the hub. */
async function codeFor(network: TestNetwork, who: string, before: number): Promise<string> {
  const notices = () => network.inbox(who).filter(({ from }) => from === 'hutong@tel');
  await until(`a code for ${who}`, () => notices().length > before);
  return /\b\d{6}\b/.exec(notices().at(-1)?.text ?? '')?.[0] ?? '';
}

async function link(number: string, who: string, more: object = {}): Promise<{ status: number }> {
  const digits = number.slice(1);
  const seen = [carrier.inbox(digits), south.inbox(who)].map(
    (inbox) => inbox.filter(({ from }) => from === 'hutong@tel').length,
  );
  const started = await exchange.api<{ id: string }>(
    'POST',
    '/v1/subscribers/links',
    { number, address: `im:${who}@south`, ...more },
    { key: southKey },
  );
  if (started.status !== 201) return started;
  const codes = {
    numberCode: await codeFor(carrier, digits, seen[0] ?? 0),
    addressCode: await codeFor(south, who, seen[1] ?? 0),
  };
  return exchange.api('POST', `/v1/subscribers/links/${started.body.id}/confirm`, codes, { key: southKey });
}

async function putConsent(address: string, consent: object): Promise<void> {
  const path = '/v1/subscribers/consent';
  const { etag = '' } = await exchange.api('GET', `${path}?address=${address}`);
  const body = { address, reach: 'all', contacts: [], blocked: [], ...consent };
  const { status } = await exchange.api('PUT', path, body, { key: southKey, ifMatch: etag });
  expect(status).toBe(200);
}

let canaryReach: 'all' | 'nobody' = 'all';
let probes = 0;

/** @returns whether a message to the canary of the south arrives, or ends as a failure */
async function canaryReceives(): Promise<boolean> {
  const text = `probe ${++probes}`;
  const id = north.act({ kind: 'message', from: 'scout', to: 'canary@south', text });
  const failed = () => north.inbox('scout').some(({ kind, target }) => kind === 'failure' && target === id);
  const arrived = () => heard(south, 'canary').includes(text);
  await until(`${text} to end`, () => arrived() || failed());
  return arrived();
}

/** Sets the consent of a person. The switch learns consents in order: when that of the canary holds, this one does. */
async function consents(address: string, consent: object): Promise<void> {
  await putConsent(address, consent);
  canaryReach = canaryReach === 'all' ? 'nobody' : 'all';
  await putConsent('im:canary@south', { reach: canaryReach });
  await until(
    'the switch to know the consent',
    async () => (await canaryReceives()) === (canaryReach === 'all'),
  );
}

describe('a message to a number', () => {
  test('that no network has fails with 92, and the sender is notified', async () => {
    expect((await fails(says('anybody there?', '+4915112345678'))).code).toBe('92');
  });

  test('goes to the number’s own network', async () => {
    says('to the carrier', '+8613000000001');
    await hears(carrier, '8613000000001', 'to the carrier');
  });

  test('is delivered to the network that its owner prefers, after the owner has verified both ends', async () => {
    expect((await link('+8613000000002', 'sue')).status).toBe(200);
    says('to sue', '+8613000000002');
    await hears(south, 'sue', 'to sue');
    expect(heard(carrier, '8613000000002')).not.toContain('to sue');
  });

  test('goes to the number again, once its owner does not want to be found by it', async () => {
    const link = { number: '+8613000000002', address: 'im:sue@south' };
    const hide = (findable: boolean) =>
      exchange.api('PATCH', '/v1/subscribers/links', { ...link, findable }, { key: southKey });
    expect((await hide(false)).status).toBe(200);
    says('not to sue', link.number);
    await hears(carrier, '8613000000002', 'not to sue');
    await hide(true);
    says('to sue again', link.number);
    await hears(south, 'sue', 'to sue again');
  });

  test('is in the trace with its number and its destination', async () => {
    const native = says('traced', '+8613000000002');
    await hears(south, 'sue', 'traced');
    const trace = () =>
      exchange.api<{ checkpoints?: { stage: string; detail: string | null }[] }>(
        'GET',
        `/v1/messages/trace?network=north&native=${native}`,
      );
    const routed = async () => (await trace()).body.checkpoints?.find(({ stage }) => stage === 'routed');
    await until('the trace', async () => (await routed()) !== undefined);
    expect((await routed())?.detail).toContain('preferred network');
  });
});

describe('a challenge', () => {
  test('is over after five wrong codes, even with the right ones', async () => {
    const number = '+8613000000003';
    const started = await exchange.api<{ id: string }>(
      'POST',
      '/v1/subscribers/links',
      { number, address: 'im:max@south' },
      { key: southKey },
    );
    const right = {
      numberCode: await codeFor(carrier, number.slice(1), 0),
      addressCode: await codeFor(south, 'max', 0),
    };
    const wrong = { ...right, addressCode: right.addressCode === '000000' ? '000001' : '000000' };
    const confirm = (codes: object, key = southKey) =>
      exchange.api('POST', `/v1/subscribers/links/${started.body.id}/confirm`, codes, { key });
    expect((await confirm(right, northKey)).status).toBe(404);
    for (let attempt = 0; attempt < 5; attempt++) expect((await confirm(wrong)).status).toBe(400);
    expect(await confirm(right)).toMatchObject({ status: 410, body: { type: 'urn:hutong:problem:gone' } });
    const { rows } = await exchange.sql.query('SELECT * FROM link_challenge WHERE id = $1', [
      started.body.id,
    ]);
    expect(JSON.stringify(rows)).not.toContain(`"${right.numberCode}"`);
  });

  test('is for an operator’s own people only, and not often', async () => {
    const start = (address: string) =>
      exchange.api('POST', '/v1/subscribers/links', { number: '+8613000000004', address }, { key: southKey });
    expect((await start('im:ann@north')).status).toBe(404);
    for (let time = 0; time < 5; time++) expect((await start('im:tom@south')).status).toBe(201);
    expect(await start('im:tom@south')).toMatchObject({
      status: 429,
      body: { type: 'urn:hutong:problem:too-many-requests' },
    });
  });

  test('needs a number that a network has', async () => {
    const body = { number: '+4915112345678', address: 'im:tom@south' };
    const answer = await exchange.api('POST', '/v1/subscribers/links', body, { key: southKey });
    expect(answer).toMatchObject({
      status: 404,
      body: { type: 'urn:hutong:problem:no-network-for-number' },
    });
  });
});

describe('messages that a person does not accept', () => {
  test('a message of a blocked person fails with 40, sent to the number or to the address', async () => {
    await consents('im:sue@south', { blocked: ['im:ann@north'] });
    const direct = north.act({ kind: 'message', from: 'ann', to: 'sue@south', text: 'blocked, directly' });
    expect((await fails(direct)).code).toBe('40');
    expect((await fails(says('blocked, by number', '+8613000000002'))).code).toBe('40');
    north.act({ kind: 'message', from: 'bea', to: 'sue@south', text: 'not blocked' });
    await hears(south, 'sue', 'not blocked');
    await consents('im:sue@south', {});
    says('forgiven', '+8613000000002');
    await hears(south, 'sue', 'forgiven');
  });

  test('holds from the first event of a switch that was started again', async () => {
    await consents('im:sue@south', { reach: 'nobody' });
    await theSwitch.child.crash();
    await theSwitch.child.start();
    const sent = Array.from({ length: 20 }, (_, n) =>
      north.act({ kind: 'message', from: `n${n}`, to: 'sue@south', text: `nobody ${n}` }),
    );
    await until('all are notified', () =>
      sent.every((id, n) => north.inbox(`n${n}`).some((act) => act.kind === 'failure' && act.target === id)),
    );
    expect(heard(south, 'sue').filter((text) => text?.startsWith('nobody'))).toEqual([]);
    await consents('im:sue@south', {});
  });
});

describe('a lookup of a number', () => {
  const asks = (number: string) =>
    exchange.api<{ address: string }>('GET', `/v1/resolve?number=${encodeURIComponent(number)}`, undefined, {
      key: northKey,
    });

  test('returns the address of a person who can be reached, and nothing else about them', async () => {
    expect(await asks('+8613000000002')).toMatchObject({ status: 200, body: { address: 'im:sue@south' } });
    expect(Object.keys((await asks('+8613000000002')).body)).toEqual(['address']);
  });

  test('"unknown" and "does not want" are the same to the last byte', async () => {
    const unknown = await asks('+4915112345678');
    await consents('im:sue@south', { reach: 'nobody' });
    const unreachable = await asks('+8613000000002');
    await consents('im:sue@south', {});
    expect([unreachable.status, unreachable.text]).toEqual([unknown.status, unknown.text]);
    expect(unknown.status).toBe(404);
  });

  test('too many a minute: 429', async () => {
    const answers = await Promise.all(Array.from({ length: 130 }, () => asks('+4915112345678')));
    const refused = answers.filter(({ status }) => status !== 404);
    expect(refused).not.toEqual([]);
    for (const { status, text } of refused) {
      expect({ status, text }).toMatchObject({ status: 429 });
      expect(text).toContain('urn:hutong:problem:too-many-requests');
    }
    // Others are not held up by it.
    const other = await exchange.api('GET', '/v1/resolve?number=%2B8613000000002&network=carrier');
    expect(other.status).toBe(200);
  });
});

describe('a number that moves', () => {
  const number = '+8613000000020';

  test('is reached on its new network with the next message, and the audit log says who moved it', async () => {
    says('before', number);
    await hears(carrier, number.slice(1), 'before');
    const move = { terms: { number, network: 'south' }, reason: 'contract of 22 November' };
    expect((await exchange.api('POST', '/v1/routes/ported', move, { key: southKey })).status).toBe(403);
    const proposed = await exchange.api<{ id: string }>('POST', '/v1/routes/ported', move);
    expect(await exchange.approve(proposed.body.id)).toBe(200);
    says('after', number);
    await hears(south, number.slice(1), 'after');
    expect(heard(carrier, number.slice(1))).toEqual(['before']);
    const { rows } = await exchange.sql.query<Record<string, unknown>>(
      'SELECT actor, action, reason, change FROM audit WHERE subject = $1',
      [`number/${number}`],
    );
    expect(rows).toMatchObject([
      {
        action: 'number.port proposed',
        reason: 'contract of 22 November',
        change: { terms: { network: 'south' } },
      },
      { action: 'number.port approved', change: { terms: { network: 'south' } } },
      // The network that loses the number, and the one that gets it, each by a rule of its operator.
      { action: 'number.port confirmed', reason: expect.stringMatching(/of carrier$/) as string },
      { action: 'number.port confirmed', reason: expect.stringMatching(/of south$/) as string },
      { action: 'number.port applied' },
    ]);
    const admins = rows.slice(0, 2).map(({ actor }) => actor);
    expect(admins).toEqual([expect.stringMatching(/^admin /), expect.stringMatching(/^admin /)]);
    expect(new Set(admins).size).toBe(2);
  });

  test('and moves on to one person, and back', async () => {
    const move = { terms: { number, address: 'im:zoe@south' }, reason: 'ids are names there' };
    const moved = await exchange.api<{ id: string }>('POST', '/v1/routes/ported', move);
    expect(await exchange.approve(moved.body.id)).toBe(200);
    says('to zoe', number);
    await hears(south, 'zoe', 'to zoe');
    const path = `/v1/routes/ported/${encodeURIComponent(number)}?reason=back`;
    const restored = await exchange.api<{ id: string }>('DELETE', path);
    expect(await exchange.approve(restored.body.id)).toBe(200);
    says('home', number);
    await hears(carrier, number.slice(1), 'home');
  });
});

test('while the directory is away, messages to numbers wait in their order and all others go on', async () => {
  const numbers = ['+8613000000030', '+8613000000031'];
  await exchange.console.child.crash();
  for (let n = 0; n < 20; n++) for (const number of numbers) says(`${n}`, number);
  north.act({ kind: 'message', from: 'ann', to: 'sue@south', text: 'no number' });
  await hears(south, 'sue', 'no number');
  expect(numbers.flatMap((number) => heard(carrier, number.slice(1)))).toEqual([]);
  await exchange.console.child.start();
  for (const number of numbers) await hears(carrier, number.slice(1), '19');
  for (const number of numbers)
    expect(heard(carrier, number.slice(1))).toEqual(Array.from({ length: 20 }, (_, n) => `${n}`));
});

test('the part resolve of the bench', async () => {
  // The bench asks more often than a network may.
  await theSwitch.child.stop();
  await exchange.hub.switch(UNLIMITED);
  expectMeasured(await resolveBench(exchange, SMOKE));
});
