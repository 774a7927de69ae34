/**
 * Changes in real browsers: one admin proposes, a second one approves in a browser of their own, the operator of a bound network
 * confirms. Each role sees what it may do and nothing else.
 */
import type { Browser } from 'playwright-core';
import { findChromium } from '#engines';
import { launchBrowser } from './support/browser.js';
import { ConsoleFixture, FIRST_ADMIN } from './support/console-fixture.js';
import { ConsolePage } from './support/console-page.js';
import { engineOrSkip } from './support/engines.js';

const PASSWORD = 'a long enough password';
const reason = 'a test';

const program = await engineOrSkip('Chromium', findChromium);
const inBrowser = program ? describe : describe.skip;

inBrowser('changes in the web console', () => {
  let console: ConsoleFixture;
  let browser: Browser;
  let first: ConsolePage;
  let second: ConsolePage;
  let ofMatrix: ConsolePage;
  let ofXmpp: string;

  beforeAll(async () => {
    console = await ConsoleFixture.open(undefined, {
      ADMIN_PASSWORD: PASSWORD,
      SECOND_ADMIN_PASSWORD: PASSWORD,
    });
    for (const network of ['xmpp', 'matrix'])
      await console.call(FIRST_ADMIN, 'POST', `/v1/networks/${network}/enable`, { reason });
    await console.sql(
      `INSERT INTO agreement (id, from_network, to_network, classes, valid_from, created_at)
       VALUES (gen_random_uuid(), '*', '*', '{message,media,sms}', '2026-01-01', now())`,
    );
    await console.sql(
      `INSERT INTO tariff (id, from_network, to_network, class, valid_from, termination_fee, switch_fee, created_at)
       VALUES (gen_random_uuid(), '*', '*', 'message', '2026-01-01', 50000, 1000, now())`,
    );
    await console.sql(
      `INSERT INTO detail_record (reference, from_network, to_network, class, units, outcome, code, accepted_at, ended_at, from_party, to_party)
       SELECT 'seeded-' || n, 'xmpp', 'matrix', 'message', 1, 'delivered', '00', now() - interval '1 hour', now() - interval '1 hour', 'p', 'q'
       FROM generate_series(1, 1204) n`,
    );
    // The operator of xmpp accepts by a rule, that of matrix confirms in a browser.
    await console.acceptAll(console.keys.operator);
    ofXmpp = await withPassword(console.keys.operator);
    browser = await launchBrowser(program?.chromium);
    const matrixPerson = await withPassword(await console.key('matrix people', 'operator', 'matrix'));
    first = await signedIn('first-admin');
    second = await signedIn('second-admin');
    ofMatrix = await signedIn(matrixPerson);
  });
  afterAll(async () => {
    await browser?.close();
    await console?.close();
  });

  /** In a browser of their own, at the changes. */
  async function signedIn(user: string): Promise<ConsolePage> {
    const look = {
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
      // A fading element has little contrast.
      reducedMotion: 'reduce',
    } as const;
    const person = await ConsolePage.signIn(browser, console.url, { user, password: PASSWORD }, look);
    await person.open('/changes');
    return person;
  }

  /** @returns the name with which the owner of the key signs in */
  async function withPassword(key: string): Promise<string> {
    await console.call(key, 'PUT', '/v1/me/password', { password: PASSWORD });
    const { body } = await console.call<{ person: { mail: string } }>(key, 'GET', '/v1/me');
    return body.person.mail;
  }

  const panelOf = ({ page }: ConsolePage, kind: string) => page.getByRole('article', { name: kind });

  describe('two people and a member', () => {
    const AGREEMENT = 'New agreement';

    it('the form shows what the API refuses at its field', async () => {
      await first.enter('Agreements');
      await first.page.getByRole('button', { name: 'Propose an agreement' }).click();
      await first.choose('From', 'xmpp');
      await first.choose('To', 'matrix');
      await first.dialog().getByLabel('message', { exact: true }).uncheck();
      await first.dialog().getByLabel('sms', { exact: true }).check();
      await first.dialog().getByLabel('Valid from').fill('2026-01-01T00:00');
      await first.dialog().getByLabel('Valid to (optional)').fill('2025-01-01T00:00');
      await first.dialog().getByLabel('Reason').fill('Only short messages');
      await first.dialog().getByRole('button', { name: 'Preview the effect' }).click();
      await first.dialog().getByText('must be after validFrom').waitFor();
      expect(await first.dialog().getByRole('button', { name: 'Propose', exact: true }).count()).toBe(0);
      expect(await first.findings()).toEqual([]);
    });

    it('the effect is shown before it is proposed', async () => {
      await first.dialog().getByLabel('Valid to (optional)').fill('');
      await first.dialog().getByRole('button', { name: 'Preview the effect' }).click();
      await first
        .dialog()
        .getByText('Would have stopped 1,204 messages in the last 24 hours, ¥61.404')
        .waitFor();
      expect(await first.findings()).toEqual([]);
    });

    it('the proposer waits for another admin, and cannot approve it', async () => {
      await first.dialog().getByRole('button', { name: 'Propose', exact: true }).click();
      const panel = panelOf(first, AGREEMENT);
      await panel.getByText('Waits for another admin').waitFor();
      await panel.getByRole('button', { name: 'Withdraw' }).waitFor();
      expect(await panel.getByRole('button', { name: 'Approve' }).count()).toBe(0);
      expect(await first.findings()).toEqual([]);
    });

    it('the member is not asked before two admins have agreed', async () => {
      await ofMatrix.reload();
      const panel = panelOf(ofMatrix, AGREEMENT);
      await panel.getByText('Waits for an admin').waitFor();
      expect(await panel.getByRole('button', { name: /Confirm|Decline/ }).count()).toBe(0);
    });

    it('the second admin sees the effect and approves in another browser', async () => {
      await second.reload();
      await second.page.getByText('Waits for you: 1').waitFor();
      const panel = panelOf(second, AGREEMENT);
      await panel.getByText('Proposed by first admin').waitFor();
      await panel.getByRole('button', { name: 'Preview the effect' }).click();
      await panel.getByText('Would have stopped 1,204 messages').waitFor();
      await second.decide(panel, 'Approve', 'agreed');
      await panel.getByText('Waits for the confirmation of matrix').waitFor();
      await panel.getByText('xmpp confirmed').waitFor();
    });

    it('the operator of the bound network confirms, and everybody sees the result', async () => {
      await ofMatrix.reload();
      await ofMatrix.page.getByText('Waits for you: 1').waitFor();
      await ofMatrix.decide(panelOf(ofMatrix, AGREEMENT), 'Confirm', 'we agree');
      for (const someone of [first, second, ofMatrix]) {
        await someone.page.goto(`${console.url}/changes?view=all`);
        const panel = panelOf(someone, AGREEMENT);
        await panel.getByText('Applied', { exact: true }).waitFor();
        await panel.getByText('Approved by second admin').waitFor();
        expect(await panel.getByRole('button').count()).toBe(0);
      }
      const { body } = await console.call<{ items: { from: string; classes: string[] }[] }>(
        FIRST_ADMIN,
        'GET',
        '/v1/agreements',
      );
      expect(body.items).toContainEqual(expect.objectContaining({ from: 'xmpp', classes: ['sms'] }));
    });

    it('the history says who made the agreement what it is', async () => {
      await first.enter('Agreements');
      await first.page.getByRole('button', { name: 'History: xmpp → matrix' }).click();
      await first
        .dialog()
        .getByText('Proposed by first admin · approved by second admin · confirmed by matrix, xmpp')
        .waitFor();
      await first.dialog().getByRole('row', { name: 'Classes – sms' }).waitFor();
      expect(await first.findings()).toEqual([]);
      await first.page.keyboard.press('Escape');
    });
  });

  describe('the tariff of a pair', () => {
    const TARIFF = 'Tariff of a pair';

    it('is proposed in one form, with what the API refuses at its field', async () => {
      await first.enter('Agreements');
      await first.page.getByText('Tariffs', { exact: true }).first().click();
      await first.page.getByRole('button', { name: 'Propose a tariff' }).click();
      await first.choose('From', 'xmpp');
      await first.choose('To', 'matrix');
      const fee = (name: string) => first.dialog().getByLabel(name, { exact: true });
      await fee('xmpp → matrix message To the receiver').fill('0,1');
      await fee('xmpp → matrix message To the hub').fill('0.001');
      await fee('matrix → xmpp message To the receiver').fill('0.02');
      await fee('matrix → xmpp message To the hub').fill('0.001');
      await first.dialog().getByLabel('Reason').fill('Both directions');
      await first.dialog().getByRole('button', { name: 'Preview the effect' }).click();
      await first.dialog().getByText('expected yuan below 1000').waitFor();
      await fee('xmpp → matrix message To the receiver').fill('0.1');
      await first.dialog().getByRole('button', { name: 'Preview the effect' }).click();
      await first.dialog().getByText('would have cost ¥121.604 instead of ¥61.404').waitFor();
      expect(await first.findings()).toEqual([]);
      await first.dialog().getByRole('button', { name: 'Propose', exact: true }).click();
      await panelOf(first, TARIFF).getByText('Waits for another admin').waitFor();
    });

    it('the second admin rejects it with a reason, and the proposer sees who did', async () => {
      await second.page.goto(`${console.url}/changes`);
      await second.decide(panelOf(second, TARIFF), 'Reject', 'too expensive');
      await first.reload();
      const panel = panelOf(first, TARIFF);
      await panel.getByText('Rejected', { exact: true }).waitFor();
      await panel.getByText('Rejected by second admin').waitFor();
    });
  });

  it('on a phone the form fits, also in the dark', async () => {
    await first.page.setViewportSize({ width: 390, height: 800 });
    await first.colours('dark');
    await first.page.goto(`${console.url}/agreements`);
    await first.page.getByRole('button', { name: 'Propose an agreement' }).click();
    await first.dialog().getByLabel('Reason').waitFor();
    expect(await first.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
      390,
    );
    expect(await first.findings()).toEqual([]);
    await first.page.keyboard.press('Escape');
    await first.colours('light');
    await first.page.setViewportSize({ width: 1280, height: 900 });
  });

  describe('what a role may not do is not shown', () => {
    const PROPOSALS = /^(Propose|Change:|End:|Remove:)/;
    const people = {
      admin: () => Promise.resolve(first),
      operator: () => signedIn(ofXmpp),
      auditor: async () => signedIn(await withPassword(console.auditor)),
    } satisfies Record<string, () => Promise<ConsolePage>>;

    it.each(['admin', 'operator', 'auditor'] as const)(
      '%s: no menu entry asks for what is forbidden',
      async (role) => {
        const person = await people[role]();
        const entries = await person.menu();
        expect(entries).toEqual(expect.arrayContaining(['Overview', 'Agreements', 'Changes']));
        for (const entry of entries) await person.enter(entry);
        expect(person.forbidden).toEqual([]);
        await person.enter('Agreements');
        await person.page.getByRole('button', { name: 'History: * → *' }).waitFor();
        const proposals = await person.page.getByRole('button', { name: PROPOSALS }).count();
        expect(proposals > 0).toBe(role === 'admin');
      },
    );
  });

  // An admin sees the most of each screen; web.e2e looks at the light colours.
  it('in dark colours each screen has enough contrast', async () => {
    await first.colours('dark');
    const faults: string[] = [];
    for (const entry of await first.menu()) {
      await first.enter(entry);
      const found = await first.findings(['color-contrast']);
      faults.push(...found.map((finding) => `${entry}: ${finding}`));
    }
    expect(faults).toEqual([]);
  });
});
