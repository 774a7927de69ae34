/** What the plays of the web console share: one browser, and a console with everything set up that none of them changes. */
import type { Browser } from 'playwright-core';
import { freePort } from '#engines';
import { hashOfPassword } from '../../apps/console/src/sign-in/password-hash.js';
import { mailOf } from '../../apps/console/src/sign-in/sign-in.service.js';
import { launchBrowser } from '../support/browser.js';
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../support/console-fixture.js';
import { ConsolePage, type Visitor } from '../support/console-page.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { LocalOidcProvider, ROLE_CLAIM } from '../support/local-oidc-provider.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

export const PASSWORD = 'a long enough password';
export const FIRST: Visitor = { user: 'first-admin', password: PASSWORD };
export const SECOND: Visitor = { user: 'second-admin', password: PASSWORD };
/** A name, a reason or a message that must remain text. */
export const [HOSTILE = ''] = HOSTILE_TEXTS;

/** A browser, a console, and the first admin there. */
export type Stage = Pick<WebStage, 'browser' | 'house' | 'admin'>;

/** The owner of the key signs in with a password from now on. */
export async function visitorOf(house: ConsoleFixture, key: string): Promise<Visitor> {
  const { body } = await house.call<{ person: { mail: string } }>(key, 'GET', '/v1/me');
  await givePassword(house, body.person.mail);
  return { user: body.person.mail, password: PASSWORD };
}

/**
 * A hash names its cost, and that of a console takes 0.3 s of CPU time for each sign-in: those of the plays are cheap. The console
 * that most plays share makes the password of its first admin itself.
 */
async function givePassword(house: ConsoleFixture, mail: string): Promise<void> {
  const hash = await hashOfPassword(PASSWORD, { logN: 10, r: 8, p: 1 });
  await house.sql(
    `INSERT INTO password (person_id, hash, changed_at) SELECT id, $2, now() FROM person WHERE mail = $1`,
    [mail, hash],
  );
}

/** The two admins of the settings sign in with a password. */
export async function givePasswords(house: ConsoleFixture): Promise<void> {
  for (const { user } of [FIRST, SECOND]) await givePassword(house, mailOf(user));
}

/** A console with nothing but the networks `xmpp` and `matrix`. */
export async function openHouse(): Promise<ConsoleFixture> {
  const house = await ConsoleFixture.open();
  await givePasswords(house);
  return house;
}

export class WebStage {
  private constructor(
    readonly browser: Browser,
    /** With operators of hostile names, `operator-0` and so on, an agreement and a tariff of everybody with everybody. */
    readonly house: ConsoleFixture,
    /** Of webhooks. */
    readonly receiver: WebhookReceiver,
    private readonly provider: LocalOidcProvider,
    /** The first admin, in English and in light colours. */
    readonly admin: ConsolePage,
  ) {}

  /** @param program path of Chromium */
  static async open(program: string | undefined): Promise<WebStage> {
    const port = await freePort();
    const [browser, receiver, provider] = await Promise.all([
      launchBrowser(program),
      WebhookReceiver.open(),
      LocalOidcProvider.open(`http://127.0.0.1:${port}`, {
        mei: { email: 'mei@example.org', email_verified: true, [ROLE_CLAIM]: ['auditor'] },
        stranger: { email: 'nobody@example.org', email_verified: true, [ROLE_CLAIM]: ['admin'] },
      }),
    ]);
    const house = await ConsoleFixture.open(undefined, {
      ADMIN_PASSWORD: PASSWORD,
      ...provider.settings,
      HTTP_PORT: String(port),
      WEBHOOK_PRIVATE_HOSTS: receiver.host,
    });
    await givePassword(house, mailOf(SECOND.user));
    await furnish(house);
    const admin = await ConsolePage.signIn(browser, house.url, FIRST);
    return new WebStage(browser, house, receiver, provider, admin);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.house.close();
    this.provider.close();
    this.receiver.close();
  }
}

async function furnish(house: ConsoleFixture): Promise<void> {
  for (const [index, name] of HOSTILE_TEXTS.entries()) {
    const operator = { id: `operator-${index}`, name, contact: name, reason: name };
    const { status } = await house.call(FIRST_ADMIN, 'POST', '/v1/operators', operator);
    expect(status).toBe(201);
  }
  const terms = { name: 'Mei', mail: 'mei@example.org', roles: ['auditor'] };
  const { body } = await house.call<{ id: string }>(FIRST_ADMIN, 'POST', '/v1/people', {
    terms,
    reason: 'a test',
  });
  await house.call(SECOND_ADMIN, 'POST', `/v1/changes/${body.id}/approve`, { reason: 'agreed' });
  await agreeAndPrice(house);
}

/** Everybody exchanges everything with everybody. A message costs ¥0.05, and ¥0.001 to the exchange. */
export async function agreeAndPrice(house: ConsoleFixture): Promise<void> {
  await house.sql(
    `INSERT INTO agreement (id, from_network, to_network, classes, valid_from, created_at)
     VALUES (gen_random_uuid(), '*', '*', '{message,media,sms}', '2026-01-01', now())`,
  );
  await house.sql(
    `INSERT INTO tariff (id, from_network, to_network, class, valid_from, termination_fee, switch_fee, created_at)
     VALUES (gen_random_uuid(), '*', '*', 'message', '2026-01-01', 50000, 1000, now())`,
  );
}
