/** People sign in with an OpenID provider that runs here, and attackers try to. Real provider, PostgreSQL and bus. */
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import {
  LocalOidcProvider,
  ROLE_CLAIM,
  type PeopleOfProvider,
} from '../../../../test/support/local-oidc-provider.js';
import { OidcProvider } from './oidc-provider.js';

const CONSOLE_URL = 'http://console.example:8080';

const PEOPLE: PeopleOfProvider = {
  mei: { email: 'Mei@example.org', email_verified: true, [ROLE_CLAIM]: ['auditor'] },
  unverified: { email: 'mei@example.org', email_verified: false, [ROLE_CLAIM]: ['auditor'] },
  impostor: { email: 'mei@example.org', email_verified: true, [ROLE_CLAIM]: ['auditor'] },
  stranger: { email: 'nobody@example.org', email_verified: true, [ROLE_CLAIM]: ['admin'] },
  climber: { email: 'li@example.org', email_verified: true, [ROLE_CLAIM]: ['admin'] },
  silent: { email: 'wang@example.org', email_verified: true },
};

let provider: LocalOidcProvider;
let house: ConsoleFixture;

beforeAll(async () => {
  provider = await LocalOidcProvider.open(CONSOLE_URL, PEOPLE);
  house = await ConsoleFixture.open(undefined, provider.settings);
  for (const name of ['mei', 'li', 'wang']) await register(name);
});
afterAll(async () => {
  await house?.close();
  provider?.close();
}, 60_000);

async function register(name: string): Promise<void> {
  const terms = { name, mail: `${name}@example.org`, roles: ['auditor'] };
  const { id } = (
    await house.call<{ id: string }>(FIRST_ADMIN, 'POST', '/v1/people', { terms, reason: 'a test' })
  ).body;
  await house.call(SECOND_ADMIN, 'POST', `/v1/changes/${id}/approve`, { reason: 'agreed' });
}

/** Keeps cookies of all hosts, and follows no redirection by itself. */
class Browser {
  private readonly cookies = new Map<string, string>();

  async open(url: string, form?: Record<string, string>): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = form ? { method: 'POST', body: new URLSearchParams(form) } : {};
    const answer = await fetch(url, { headers: { cookie }, redirect: 'manual', ...body });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', ...value] = (line.split(';')[0] ?? '').split('=');
      this.cookies.set(name, value.join('='));
    }
    return answer;
  }

  /** @returns the address at the console to which the provider sends the browser back */
  async signInAtProvider(who: string): Promise<string> {
    let answer = await this.open(`${house.url}/v1/session/oidc`);
    for (let steps = 0; steps < 20; steps++) {
      const next = new URL(answer.headers.get('location') ?? '', provider.issuer);
      if (next.href.startsWith(CONSOLE_URL)) return next.href.replace(CONSOLE_URL, house.url);
      answer = await this.open(next.href);
      if (answer.status !== 200) continue;
      const page = await answer.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
      answer = await this.open(next.href, { prompt, login: who, password: 'any' });
    }
    throw new Error('the provider never sends the browser back');
  }

  async signIn(who: string): Promise<string | null> {
    return (await this.open(await this.signInAtProvider(who))).headers.get('location');
  }

  async me(): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await this.open(`${house.url}/v1/me`);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
}

test('a registered person gets a session, again by the subject when the mail address has changed', async () => {
  const browser = new Browser();
  expect(await browser.signIn('mei')).toBe('/');
  expect((await browser.me()).body).toMatchObject({ person: { name: 'mei' }, role: 'auditor' });
  PEOPLE['mei'] = { ...PEOPLE['mei'], email: 'new@example.org' };
  const again = new Browser();
  expect(await again.signIn('mei')).toBe('/');
  const [entry] = await house.sql<{ reason: string }>(
    `SELECT reason FROM audit WHERE action = 'session.started' ORDER BY seq DESC LIMIT 1`,
  );
  expect(entry).toEqual({ reason: 'oidc' });
});

test.each([
  ['who is not registered, whatever roles the provider names', 'stranger', 'not-registered'],
  ['whose mail address the provider has not verified', 'unverified', 'not-registered'],
  ['who has the mail address of a person with another subject', 'impostor', 'not-registered'],
  ['for whom the provider names a role that the person does not have', 'climber', 'no-role'],
  ['for whom the provider names no role', 'silent', 'no-role'],
])('somebody %s gets none', async (_, who, problem) => {
  const browser = new Browser();
  expect(await browser.signIn(who)).toBe(`/?problem=${problem}`);
  expect((await browser.me()).status).toBe(401);
});

test('an answer of the provider is worth nothing in another browser, and only once', async () => {
  const [mine, theirs] = [new Browser(), new Browser()];
  const back = await mine.signInAtProvider('mei');
  await theirs.open(`${house.url}/v1/session/oidc`);
  expect((await theirs.open(back)).headers.get('location')).toBe('/?problem=not-proven');
  expect((await new Browser().open(back)).headers.get('location')).toBe('/?problem=not-proven');
  expect((await theirs.me()).status).toBe(401);
  expect((await mine.open(back)).headers.get('location')).toBe('/');
  expect((await mine.open(back)).headers.get('location')).toBe('/?problem=not-proven');
});

test('another state, or an error of the provider, gets no session', async () => {
  const browser = new Browser();
  const back = new URL(await browser.signInAtProvider('mei'));
  back.searchParams.set('state', 'another');
  expect((await browser.open(back.href)).headers.get('location')).toBe('/?problem=not-proven');
  await browser.open(`${house.url}/v1/session/oidc`);
  const denied = `${house.url}/v1/session/oidc/callback?error=access_denied`;
  expect((await browser.open(denied)).headers.get('location')).toBe('/?problem=not-proven');
});

test('the sign-in page learns whether there is a provider', async () => {
  const { body } = await house.call(undefined, 'GET', '/v1/session/methods');
  expect(body).toEqual({ password: true, oidc: true });
  expect(house.app.get(OidcProvider).isConfigured).toBe(true);
});
