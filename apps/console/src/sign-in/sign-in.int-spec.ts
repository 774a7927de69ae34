/** People sign in to the web console, and attackers try to. Real PostgreSQL and bus; the clock is ours. */
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import { sha256Of } from '../access/api-keys.service.js';
import { hashOfPassword } from './password-hash.js';
import { codeAt, secondFactorOf } from '../../../../test/support/second-factor.js';
import { cookieOf, trySignIn, WebSession } from '../../../../test/support/web-session.js';

const PASSWORD = 'a password for this test';
const ADMIN = { user: 'first-admin', password: PASSWORD };
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let house: ConsoleFixture;
let now = new Date();
/** Addresses of browsers; each test has its own, because wrong passwords are counted. */
let nextAddress = 1;
const elsewhere = () => ({ 'x-forwarded-for': `192.0.2.${nextAddress++}` });
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

beforeAll(async () => {
  house = await ConsoleFixture.open(() => now, {
    TRUSTED_PROXIES: '127.0.0.1',
    ADMIN_PASSWORD: PASSWORD,
    SECOND_ADMIN_PASSWORD: PASSWORD,
  });
  // The same password as a hash that costs less to check, because these tests sign in many times.
  const cheap = await hashOfPassword(PASSWORD, { logN: 10, r: 8, p: 1 });
  await house.sql('UPDATE password SET hash = $1', [cheap]);
});
afterAll(() => house?.close(), 60_000);

const signIn = (given: Parameters<typeof trySignIn>[1] = ADMIN, headers = elsewhere()) =>
  WebSession.signIn(house, given, headers);
const entries = (action: string) =>
  house.sql<{ actor: string; subject: string; reason: string; change: Record<string, unknown> }>(
    'SELECT actor, subject, reason, change FROM audit WHERE action = $1 ORDER BY seq',
    [action],
  );
const typeOf = ({ status, body }: { status: number; body: unknown }) => [
  status,
  (body as { type?: string }).type?.replace('urn:hutong:problem:', ''),
];

describe('a session', () => {
  test('is a cookie that scripts and other sites do not get, and it acts for the person', async () => {
    const answer = await trySignIn(house, ADMIN, elsewhere());
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^hutong_session=hs_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const browser = await signIn();
    expect((await browser.call('GET', '/v1/me')).body).toMatchObject({
      person: { name: 'first admin' },
      role: 'admin',
      roles: ['admin'],
      permissions: expect.arrayContaining(['people:roles', 'networks:read']) as string[],
      language: 'zh',
      timeZone: 'Asia/Shanghai',
      csrfToken: browser.csrf,
      hasPassword: true,
    });
    expect((await browser.call('GET', '/v1/networks')).status).toBe(200);
  });

  test('has a Secure cookie behind TLS', async () => {
    const { headers } = await trySignIn(house, ADMIN, { ...elsewhere(), 'x-forwarded-proto': 'https' });
    expect(headers.getSetCookie()[0]).toMatch(/; Secure$/);
  });

  test('is stored as a hash, and its token is no API key', async () => {
    const { cookie } = await signIn();
    const token = cookie.replace('hutong_session=', '');
    const rows = await house.sql('SELECT * FROM api_key k LEFT JOIN session s ON s.key_id = k.id');
    expect(JSON.stringify(rows)).not.toContain(token);
    expect((await house.call(token, 'GET', '/v1/me', undefined, elsewhere())).status).toBe(401);
    const { body } = await house.call(FIRST_ADMIN, 'GET', '/v1/keys?limit=200');
    expect(JSON.stringify(body)).not.toContain('sign-in by');
  });

  test('ends with the sign-out, and not with another cookie of the same browser', async () => {
    const [one, other] = [await signIn(), await signIn()];
    expect((await one.call('DELETE', '/v1/session')).status).toBe(204);
    expect(typeOf(await one.call('GET', '/v1/me'))).toEqual([401, 'unauthenticated']);
    expect((await other.call('GET', '/v1/me')).status).toBe(200);
  });

  test('is listed with its address, and its owner ends it from another browser', async () => {
    const stolen = await signIn(ADMIN, { 'x-forwarded-for': '198.51.100.7' });
    const owner = await signIn();
    type Listed = { items: { id: string; address: string; current: boolean }[] };
    const { items } = (await owner.call<Listed>('GET', '/v1/me/sessions')).body;
    const found = items.find(({ address }) => address === '198.51.100.7');
    expect(found).toMatchObject({ current: false });
    expect((await owner.call('DELETE', `/v1/me/sessions/${found?.id}`)).status).toBe(204);
    expect((await stolen.call('GET', '/v1/me')).status).toBe(401);
    expect((await owner.call('DELETE', `/v1/me/sessions/${found?.id}`)).status).toBe(404);
  });

  test('cannot be ended by another person', async () => {
    const other = await signIn({ user: 'second-admin', password: PASSWORD });
    const mine = await signIn();
    type Me = { key: { id: string } };
    const { key } = (await mine.call<Me>('GET', '/v1/me')).body;
    expect((await other.call('DELETE', `/v1/me/sessions/${key.id}`)).status).toBe(404);
    expect((await mine.call('GET', '/v1/me')).status).toBe(200);
  });

  test('ends after 30 minutes without a request, and after 12 hours with them', async () => {
    const [idle, busy] = [await signIn(), await signIn()];
    later(29 * MINUTE_MS);
    expect((await busy.call('GET', '/v1/me')).status).toBe(200);
    later(2 * MINUTE_MS);
    expect((await idle.call<{ detail: string }>('GET', '/v1/me')).body.detail).toContain('30 minutes');
    for (let passed = 31; passed < 12 * 60; passed += 29) {
      expect((await busy.call('GET', '/v1/me')).status).toBe(200);
      later(29 * MINUTE_MS);
    }
    expect((await busy.call<{ detail: string }>('GET', '/v1/me')).body.detail).toContain('expired');
  });

  test('is a new one at every sign-in, whatever cookie the browser brought', async () => {
    const planted = `hutong_session=hs_${'A'.repeat(43)}`;
    const answer = await trySignIn(house, ADMIN, { ...elsewhere(), cookie: planted });
    expect(cookieOf(answer)).not.toBe(planted);
    expect((await house.call(undefined, 'GET', '/v1/me', undefined, { cookie: planted })).status).toBe(401);
  });

  test('sign-in and sign-out are in the audit log, with the address', async () => {
    const browser = await signIn(ADMIN, { 'x-forwarded-for': '198.51.100.9' });
    await browser.call('DELETE', '/v1/session');
    expect((await entries('session.started')).at(-1)).toMatchObject({
      actor: expect.stringMatching(/^admin .* first admin$/) as string,
      reason: 'password',
      change: { address: '198.51.100.9' },
    });
    expect((await entries('session.ended')).at(-1)).toMatchObject({ reason: 'signed out' });
  });
});

describe('a page of another site', () => {
  const CHANGE = { language: 'en', timeZone: 'Europe/Berlin' };

  test('has no token, and changes nothing', async () => {
    const browser = await signIn();
    const other = await signIn();
    expect(typeOf(await browser.call('PUT', '/v1/me/preferences', CHANGE, {}))).toEqual([403, 'forbidden']);
    const wrong = { 'x-csrf-token': other.csrf };
    expect((await browser.call('PUT', '/v1/me/preferences', CHANGE, wrong)).status).toBe(403);
    expect((await browser.call('GET', '/v1/me')).body).toMatchObject({ language: 'zh' });
    expect((await browser.call('PUT', '/v1/me/preferences', CHANGE)).status).toBe(204);
    expect((await browser.call('GET', '/v1/me')).body).toMatchObject(CHANGE);
  });

  test('is refused by its origin, even with the token, and reads nothing', async () => {
    const browser = await signIn();
    const headers = { 'x-csrf-token': browser.csrf, origin: 'https://evil.example' };
    expect((await browser.call('PUT', '/v1/me/preferences', CHANGE, headers)).status).toBe(403);
    expect((await browser.call('GET', '/v1/me', undefined, headers)).status).toBe(403);
    const own = { 'x-csrf-token': browser.csrf, origin: house.url };
    expect((await browser.call('PUT', '/v1/me/preferences', CHANGE, own)).status).toBe(204);
    expect((await entries('request.denied')).some(({ reason }) => reason === 'cross-site')).toBe(true);
  });

  test('signs nobody in', async () => {
    const headers = { ...elsewhere(), origin: 'https://evil.example' };
    expect(typeOf(await trySignIn(house, ADMIN, headers))).toEqual([403, 'forbidden']);
  });
});

describe('guessing', () => {
  /** As if so many attempts had been made a moment ago. */
  const attempted = (subject: string, times: number) =>
    house.sql('INSERT INTO sign_in_limit (subject, attempts, last_at, waits_until) VALUES ($1, $2, $3, $3)', [
      subject,
      times,
      now,
    ]);

  test('an unknown name, a wrong password and a disabled person have the same answer', async () => {
    await house.key('Gone', 'auditor');
    const [gone] = await house.sql<{ id: string; mail: string }>(
      `SELECT id, mail FROM person WHERE name = 'Gone'`,
    );
    await house.call(FIRST_ADMIN, 'POST', `/v1/people/${gone?.id}/disable`, { reason: 'left' });
    const headers = elsewhere();
    const answers = [
      await trySignIn(house, { user: 'nobody@example.org', password: PASSWORD }, headers),
      await trySignIn(house, { ...ADMIN, password: 'wrong' }, headers),
      await trySignIn(house, { user: gone?.mail ?? '', password: PASSWORD }, headers),
    ];
    for (const { status, body } of answers) expect({ status, body }).toEqual(wrongAnswer);
    expect((await entries('request.denied')).some(({ reason }) => reason === 'wrong-sign-in')).toBe(true);
  });

  const wrongAnswer = {
    status: 401,
    body: expect.objectContaining({
      type: 'urn:hutong:problem:sign-in-failed',
      detail: 'the name, the password or the code is wrong',
    }) as object,
  };

  test('is slowed down for a name from any address, and does not lock out who is known', async () => {
    const home = elsewhere();
    await signIn({ user: 'second-admin', password: PASSWORD }, home);
    const wrong = { user: 'second-admin', password: 'wrong' };
    await attempted(`person ${sha256Of('second-admin@settings.invalid')}`, 4);
    const statuses: number[] = [];
    for (let tries = 0; tries < 2; tries++)
      statuses.push((await trySignIn(house, wrong, elsewhere())).status);
    expect(statuses).toEqual([401, 429]);
    const right = { user: 'second-admin', password: PASSWORD };
    const held = await trySignIn(house, right, elsewhere());
    expect([held.status, held.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await trySignIn(house, right, home)).status).toBe(200);
    later(2000);
    expect((await trySignIn(house, right, elsewhere())).status).toBe(200);
  });

  test('many names from one address are slowed down, also at the same time', async () => {
    const headers = elsewhere();
    await attempted(`address ${headers['x-forwarded-for']}`, 18);
    const tries = Array.from({ length: 10 }, (_, at) =>
      trySignIn(house, { user: `guess${at}@example.org`, password: 'wrong' }, headers),
    );
    const held = (await Promise.all(tries)).filter(({ status }) => status === 429);
    expect(held).toHaveLength(8);
    expect((await trySignIn(house, ADMIN, elsewhere())).status).toBe(200);
  });
});

describe('passwords', () => {
  test('of people are first set with their key; they die with a revocation of what was made with it', async () => {
    const key = await house.key('Mei', 'auditor');
    const [mei] = await house.sql<{ mail: string }>(`SELECT mail FROM person WHERE name = 'Mei'`);
    const given = { user: mei?.mail ?? '', password: 'long enough to use' };
    expect((await house.call(key, 'PUT', '/v1/me/password', { password: given.password })).status).toBe(204);
    const browser = await signIn(given);
    const [owned] = await house.sql<{ id: string }>(
      `SELECT k.id FROM api_key k JOIN person p ON p.id = k.person_id WHERE p.name = 'Mei' AND prefix <> 'session'`,
    );
    await house.call(SECOND_ADMIN, 'DELETE', `/v1/keys/${owned?.id}`, {
      reason: 'stolen',
      withDerived: true,
    });
    expect((await browser.call('GET', '/v1/me')).status).toBe(401);
    expect((await trySignIn(house, given, elsewhere())).status).toBe(401);
  });

  test('a session counts as its person where two people are needed', async () => {
    const browser = await signIn();
    const body = { terms: { name: 'Two', mail: 'two@example.org', roles: ['auditor'] }, reason: 'a test' };
    const { id } = (await browser.call<{ id: string }>('POST', '/v1/people', body)).body;
    const agreed = { reason: 'agreed' };
    expect((await house.call(FIRST_ADMIN, 'POST', `/v1/changes/${id}/approve`, agreed)).status).toBe(403);
    expect((await house.call(SECOND_ADMIN, 'POST', `/v1/changes/${id}/approve`, agreed)).status).toBe(200);
  });

  test('a new one needs the present one, and ends the other sessions', async () => {
    const [one, other] = [await signIn(), await signIn()];
    const path = '/v1/me/password';
    const password = 'another password for it';
    expect((await one.call('PUT', path, { password })).status).toBe(400);
    expect((await one.call('PUT', path, { password, current: 'wrong' })).status).toBe(401);
    expect((await one.call('PUT', path, { password, current: PASSWORD })).status).toBe(204);
    expect((await other.call('GET', '/v1/me')).status).toBe(401);
    expect((await one.call('GET', '/v1/me')).status).toBe(200);
    expect((await trySignIn(house, ADMIN, elsewhere())).status).toBe(401);
    await one.call('PUT', path, { password: PASSWORD, current: password });
  });

  test('a key of an auditor sets no password of an admin', async () => {
    const body = { name: 'to read', role: 'auditor', reason: 'a test' };
    const { key } = (await house.call<{ key: string }>(FIRST_ADMIN, 'POST', '/v1/keys', body)).body;
    const given = { password: 'taken over by a key', current: PASSWORD };
    expect((await house.call(key, 'PUT', '/v1/me/password', given)).status).toBe(403);
  });
});

test('a person ends all other sessions at once, and keeps this one', async () => {
  const [mine, theirs, forgotten] = [await signIn(), await signIn(), await signIn()];
  expect((await mine.call('DELETE', '/v1/me/sessions')).status).toBe(204);
  for (const other of [theirs, forgotten]) expect((await other.call('GET', '/v1/me')).status).toBe(401);
  const { body } = await mine.call<{ items: { current: boolean }[] }>('GET', '/v1/me/sessions');
  expect(body.items.map(({ current }) => current)).toEqual([true]);
});

describe('a second factor', () => {
  test('is asked for once it is confirmed; a code is accepted once', async () => {
    const second = { user: 'second-admin', password: PASSWORD };
    const browser = await signIn(second);
    type Offer = { uri: string; secret: string };
    const offer = await browser.call<Offer>('POST', '/v1/me/second-factor', { password: PASSWORD });
    const { secret, uri } = offer.body;
    expect(uri).toContain(`secret=${secret}`);
    expect((await trySignIn(house, second, elsewhere())).status).toBe(200);
    expect(
      (await browser.call('POST', '/v1/me/second-factor/confirm', { code: codeAt(secret, now) })).status,
    ).toBe(200);

    expect(typeOf(await trySignIn(house, second, elsewhere()))).toEqual([401, 'second-factor-required']);
    const used = { ...second, code: codeAt(secret, now) };
    expect(typeOf(await trySignIn(house, used, elsewhere()))).toEqual([401, 'sign-in-failed']);
    later(30_000);
    const fresh = { ...second, code: codeAt(secret, now) };
    expect((await trySignIn(house, fresh, elsewhere())).status).toBe(200);
    expect(typeOf(await trySignIn(house, fresh, elsewhere()))).toEqual([401, 'sign-in-failed']);
    later(HOUR_MS);
    const old = { ...second, code: codeAt(secret, new Date(now.getTime() - 5 * MINUTE_MS)) };
    expect(typeOf(await trySignIn(house, old, elsewhere()))).toEqual([401, 'sign-in-failed']);
    expect(typeOf(await trySignIn(house, { ...fresh, password: 'wrong' }, elsewhere()))).toEqual([
      401,
      'sign-in-failed',
    ]);
  });

  test('of a session that somebody took over cannot be added or removed without the password', async () => {
    const browser = await signIn();
    const wrong = { password: 'wrong' };
    expect((await browser.call('POST', '/v1/me/second-factor', wrong)).status).toBe(401);
    expect((await browser.call('POST', '/v1/me/second-factor/remove', wrong)).status).toBe(401);
  });

  /** An auditor with a second factor, set up now. */
  async function auditor(name: string) {
    const key = await house.key(name, 'auditor');
    const { visitor, ...factor } = await secondFactorOf(house, key, PASSWORD, now);
    return { key, given: visitor, ...factor };
  }

  test('comes with ten recovery codes: each is accepted once, is kept as a hash, and its use is in the audit log', async () => {
    const { id, given, recoveryCodes } = await auditor('Nian');
    expect(new Set(recoveryCodes).size).toBe(10);
    const [code = '', other = ''] = recoveryCodes;
    expect(code).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
    const kept = await house.sql('SELECT * FROM recovery_code WHERE person_id = $1', [id]);
    expect(JSON.stringify(kept)).not.toContain(code.replaceAll('-', ''));

    const browser = await signIn({ ...given, code: code.toLowerCase().replaceAll('-', ' ') });
    expect((await browser.call('GET', '/v1/me')).body).toMatchObject({ recoveryCodesLeft: 9 });
    type Listed = { items: { method: string }[] };
    const { items } = (await browser.call<Listed>('GET', '/v1/me/sessions')).body;
    expect(items[0]?.method).toBe('password-and-recovery-code');
    const again = await trySignIn(house, { ...given, code }, elsewhere());
    expect(typeOf(again)).toEqual([401, 'sign-in-failed']);
    expect((await entries('person.recovery-code-used')).at(-1)).toMatchObject({
      subject: `person/${id}`,
      change: { left: 9 },
    });

    type Codes = { recoveryCodes: string[] };
    const proof = { password: PASSWORD, code: other };
    const renewed = await browser.call<Codes>('POST', '/v1/me/second-factor/recovery-codes', proof);
    const [, , unused = ''] = recoveryCodes;
    expect((await trySignIn(house, { ...given, code: unused }, elsewhere())).status).toBe(401);
    const [fresh = ''] = renewed.body.recoveryCodes;
    expect((await trySignIn(house, { ...given, code: fresh }, elsewhere())).status).toBe(200);
  });

  test('a recovery code of somebody else is not accepted, and one sent twice at the same time once', async () => {
    const [one, other] = [await auditor('Shu'), await auditor('Hai')];
    const [code = ''] = one.recoveryCodes;
    expect((await trySignIn(house, { ...other.given, code }, elsewhere())).status).toBe(401);
    const both = [elsewhere(), elsewhere()].map((from) => trySignIn(house, { ...one.given, code }, from));
    const statuses = (await Promise.all(both)).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 401]);
  });

  test('that was lost is reset by two admins: all sessions end, and the next one is for setting up a new one', async () => {
    const { key, id, given, secret, recoveryCodes } = await auditor('Lan');
    const [code = '', other = ''] = recoveryCodes;
    const before = await signIn({ ...given, code });
    const path = `/v1/people/${id}/second-factor/reset`;
    type Proposal = { id: string };
    const shown = async (reader: string) => {
      type People = { items: { id: string; hasSecondFactor: boolean | null }[] };
      const { body } = await house.call<People>(reader, 'GET', '/v1/people?limit=200');
      return body.items.find((person) => person.id === id)?.hasSecondFactor;
    };
    expect([await shown(FIRST_ADMIN), await shown(house.auditor)]).toEqual([true, null]);
    const proposal = await house.call<Proposal>(FIRST_ADMIN, 'POST', path, { reason: 'lost the telephone' });
    expect((await before.call('GET', '/v1/me')).status).toBe(200);
    const approve = `/v1/changes/${proposal.body.id}/approve`;
    expect((await house.call(FIRST_ADMIN, 'POST', approve, { reason: 'agreed' })).status).toBe(403);
    expect((await house.call(SECOND_ADMIN, 'POST', approve, { reason: 'agreed' })).status).toBe(200);
    expect((await before.call('GET', '/v1/me')).status).toBe(401);
    expect((await entries('person.second-factor-reset')).at(-1)).toMatchObject({
      actor: expect.stringContaining('second admin') as string,
      subject: `person/${id}`,
      reason: 'lost the telephone',
    });

    expect(await shown(FIRST_ADMIN)).toBe(false);
    const [thief, owner] = [await signIn(given), await signIn(given)];
    const me = await owner.call('GET', '/v1/me');
    expect(me.body).toMatchObject({ mustSetUpSecondFactor: true, hasSecondFactor: false });
    expect(typeOf(await owner.call('GET', '/v1/networks'))).toEqual([403, 'forbidden']);
    // A key is no sign-in with the password.
    expect((await house.call(key, 'GET', '/v1/networks')).status).toBe(200);

    later(30_000);
    type Offer = { secret: string };
    const offer = await owner.call<Offer>('POST', '/v1/me/second-factor', { password: PASSWORD });
    const confirmation = { code: codeAt(offer.body.secret, now) };
    expect((await owner.call('POST', '/v1/me/second-factor/confirm', confirmation)).status).toBe(200);
    expect((await owner.call('GET', '/v1/networks')).status).toBe(200);
    expect((await thief.call('GET', '/v1/me')).status).toBe(401);

    later(30_000);
    for (const former of [other, codeAt(secret, now)])
      expect((await trySignIn(house, { ...given, code: former }, elsewhere())).status).toBe(401);
    const present = { ...given, code: codeAt(offer.body.secret, now) };
    expect((await (await signIn(present)).call('GET', '/v1/networks')).status).toBe(200);
  });

  test('of an admin is reset by two others, and only the one that they saw', async () => {
    const { id, given, recoveryCodes } = await auditor('Ping');
    const [own] = await house.sql<{ id: string }>(`SELECT id FROM person WHERE mail LIKE 'second-admin@%'`);
    const reset = (by: string, person: string) =>
      house.call<{ id: string }>(by, 'POST', `/v1/people/${person}/second-factor/reset`, { reason: 'lost' });
    expect(typeOf(await reset(SECOND_ADMIN, own?.id ?? ''))).toEqual([403, 'forbidden']);
    const [first] = await house.sql<{ id: string }>(`SELECT id FROM person WHERE mail LIKE 'first-admin@%'`);
    expect(typeOf(await reset(SECOND_ADMIN, first?.id ?? ''))).toEqual([409, 'conflict']);

    const approve = (proposal: string) =>
      house.call(SECOND_ADMIN, 'POST', `/v1/changes/${proposal}/approve`, { reason: 'agreed' });
    const proposal = (await reset(FIRST_ADMIN, id)).body.id;
    const [code = '', other = ''] = recoveryCodes;
    const browser = await signIn({ ...given, code });
    await browser.call('POST', '/v1/me/second-factor/remove', { password: PASSWORD, code: other });
    later(MINUTE_MS);
    type Offer = { secret: string };
    const offer = await browser.call<Offer>('POST', '/v1/me/second-factor', { password: PASSWORD });
    const confirmation = { code: codeAt(offer.body.secret, now) };
    await browser.call('POST', '/v1/me/second-factor/confirm', confirmation);
    expect(typeOf(await approve(proposal))).toEqual([409, 'conflict']);
  });
});
