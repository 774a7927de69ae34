/** Members in the web console, in a real browser: certification, numbers and people, and what an operator does with a network. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { findChromium } from '#engines';
import { launchBrowser } from './support/browser.js';
import { ConsoleFixture, FIRST_ADMIN } from './support/console-fixture.js';
import { ConsolePage } from './support/console-page.js';
import { engineOrSkip } from './support/engines.js';
import { until } from './support/hub-fixture.js';
import { reportWith, storeReport } from './support/reports.js';

const PASSWORD = 'a long enough password';
const HOSTILE = '<img src=x onerror="window.harmed=1">';
const NUMBER = '+8613800138000';
const ON_XMPP = 'im:anna@xmpp';
const ON_MATRIX = 'im:anna@matrix';
const PHONE = { width: 390, height: 800 };
const DESK = { width: 1280, height: 900 };

const program = await engineOrSkip('Chromium', findChromium);
const inBrowser = program ? describe : describe.skip;

inBrowser('members in the web console', () => {
  let console: ConsoleFixture;
  let browser: Browser;
  let admin: ConsolePage;
  let operator: ConsolePage;

  beforeAll(async () => {
    console = await ConsoleFixture.open(undefined, { ADMIN_PASSWORD: PASSWORD });
    await console.call(FIRST_ADMIN, 'POST', '/v1/networks/xmpp/enable', { reason: 'a test' });
    await console.call(console.keys.operator, 'PUT', '/v1/me/password', { password: PASSWORD });
    await console.sql(
      `INSERT INTO link (number, address, preferred, findable, since)
       VALUES (8613800138000, $1, true, true, now()), (8613800138000, $2, false, true, now())`,
      [ON_XMPP, ON_MATRIX],
    );
    browser = await launchBrowser(program?.chromium);
    const look = { locale: 'en-GB', viewport: DESK, reducedMotion: 'reduce' } as const;
    const signIn = (user: string, colorScheme: 'light' | 'dark') =>
      ConsolePage.signIn(browser, console.url, { user, password: PASSWORD }, { ...look, colorScheme });
    admin = await signIn('first-admin', 'light');
    const [person] = await console.sql<{ mail: string }>(`SELECT mail FROM person WHERE network = 'xmpp'`);
    operator = await signIn(person?.mail ?? '', 'dark');
  });
  afterAll(async () => {
    await browser?.close();
    await console?.close();
  });

  /** What is wrong with a page for people with other means than eyes and mouse, or with a phone. */
  async function faultsOf(page: Page): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
    );
    await page.setViewportSize(PHONE);
    // The page arranges itself anew after it was resized.
    const width = () => page.evaluate<number>('document.documentElement.scrollWidth');
    await until(`${page.url()} fits a phone`, async () => (await width()) <= PHONE.width);
    await page.setViewportSize(DESK);
    if (await page.evaluate<boolean>("'harmed' in window")) found.push('a text was executed');
    return found;
  }

  describe('certification', () => {
    let newer = '';

    beforeAll(async () => {
      const before = reportWith('xmpp', {
        once: { verdict: 'fail', reason: 'it was shown twice' },
        order: { verdict: 'fail', reason: 'two before one' },
      });
      const after = reportWith('xmpp', {
        heartbeat: { verdict: 'fail', reason: HOSTILE },
        order: { verdict: 'fail', reason: 'two before one' },
      });
      await storeReport(console, before, 'failed', '2026-11-01T00:00:00Z');
      newer = await storeReport(console, after, 'failed', '2026-11-02T00:00:00Z');
    });

    test('a failed case says what to fix, and leads to where it is documented', async () => {
      const { page } = admin;
      await admin.open(`/certification?network=xmpp&run=${newer}`);
      const fixes = page.getByRole('region', { name: 'What to fix' });
      await fixes.getByText(HOSTILE).waitFor();
      await fixes.getByText('Send the body of the sign-on to').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      const [guide] = await Promise.all([
        page.waitForEvent('popup'),
        fixes.getByRole('link', { name: 'Documented in adapters.md, “2. Sign on”' }).click(),
      ]);
      await guide.getByRole('heading', { name: '2. Sign on' }).waitFor();
      expect(new URL(guide.url()).hash).toBe('#2-sign-on');
      expect(await faultsOf(guide)).toEqual([]);
      await guide.close();
    });

    test('two reports are compared', async () => {
      const { page } = admin;
      await admin.open('/certification?network=xmpp');
      for (const box of await page.getByRole('row').getByRole('checkbox').all())
        if (!(await box.isChecked())) await box.check();
      await page.getByRole('button', { name: 'Compare the two' }).click();
      const part = (name: string) => page.getByRole('region', { name });
      await part('Newly failing').getByText('Heartbeats').waitFor();
      await part('Newly passing').getByText('The same event twice').waitFor();
      await part('Still failing').getByText('Twenty in order').waitFor();
      expect(await part('Newly failing').getByRole('listitem').count()).toBe(1);
      expect(await faultsOf(page)).toEqual([]);
    });

    test('a run is watched test by test, with what the operator is to do now', async () => {
      const { page } = operator;
      const running = reportWith('xmpp', {
        restart: { verdict: 'running', asks: 'restart' },
        'two-instances': { verdict: 'pending' },
      });
      const id = await storeReport(console, running, 'running', new Date().toISOString());
      await operator.open(`/certification?network=xmpp&run=${id}`);
      await page.getByText('Testing: Killed and started again').waitFor();
      await page.getByRole('alert').getByText('Kill the adapter now').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      const ended = reportWith('xmpp', { restart: { verdict: 'fail', reason: 'lost the third text' } });
      await console.sql(`UPDATE certification SET state = 'failed', report = $2 WHERE id = $1`, [
        id,
        JSON.stringify(ended),
      ]);
      await page.getByRole('region', { name: 'What to fix' }).getByText('lost the third text').waitFor();
      expect(await page.getByText('Kill the adapter now').count()).toBe(0);
    });

    test('a certification is started, and its report opens', async () => {
      const { page } = operator;
      await operator.open('/certification?network=xmpp');
      await page.getByRole('button', { name: 'Start a certification' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Start a certification' }).click();
      await dialog.getByText('Enter the loopback.').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await dialog.getByLabel('Loopback').fill('echo@example.org');
      await dialog.getByRole('button', { name: 'Start a certification' }).click();
      await page.getByRole('region', { name: 'Report', exact: true }).waitFor();
      const [row] = await console.sql<{ id: string }>(
        `SELECT id FROM certification WHERE report->>'loopback' = 'echo@example.org' ORDER BY at DESC LIMIT 1`,
      );
      expect(new URL(page.url()).searchParams.get('run')).toBe(row?.id);
    });

    test('a report is shared by a link that is shown once, until it is revoked', async () => {
      const { page } = admin;
      await admin.open(`/certification?network=xmpp&run=${newer}`);
      await page.getByRole('button', { name: 'Share' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Make a link' }).click();
      const link = (await dialog.getByText(/\/reports\/[\w-]{43}/).textContent()) ?? '';
      expect(await faultsOf(page)).toEqual([]);
      expect((await fetch(link)).status).toBe(200);
      await dialog.getByRole('button', { name: 'Revoke' }).click();
      await dialog.getByText('Revoked', { exact: true }).waitFor();
      expect((await fetch(link)).status).toBe(404);
    });
  });

  describe('numbers and people', () => {
    const search = async ({ page }: ConsolePage, text: string) => {
      await page.getByRole('searchbox', { name: 'Number or address' }).fill(text);
      await page.keyboard.press('Enter');
      await page.locator('.loading').first().waitFor({ state: 'detached' });
    };

    test('an admin finds all addresses of a person by the number, and why the number leads to one of them', async () => {
      const { page } = admin;
      await admin.open('/people');
      await search(admin, '+86 138 0013 8000');
      const number = page.getByRole('region', { name: NUMBER });
      await number.getByText('its owner linked it with a code from each end').waitFor();
      for (const address of [ON_XMPP, ON_MATRIX])
        await page.getByRole('heading', { name: address }).waitFor();
      expect(new URL(page.url()).searchParams.get('q')).toBe('+86 138 0013 8000');
      expect(await faultsOf(page)).toEqual([]);
    });

    test('what is neither a number nor an address is refused in words', async () => {
      await search(admin, HOSTILE);
      await admin.page.getByRole('alert').getByText('neither a number').waitFor();
      expect(await faultsOf(admin.page)).toEqual([]);
    });

    test('an operator finds own subscribers only, and hides a number at once', async () => {
      const { page } = operator;
      await operator.open('/people');
      await search(operator, ON_MATRIX);
      await page.getByRole('alert').getByText('no network matrix').waitFor();
      await search(operator, NUMBER);
      await page.getByRole('heading', { name: ON_XMPP }).waitFor();
      expect(await page.getByText(ON_MATRIX).count()).toBe(0);
      await page.getByRole('button', { name: 'Hide' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Hide' }).click();
      await page.getByText('cannot be found by the number').waitFor();
      const [link] = await console.sql<{ findable: boolean }>(
        'SELECT findable FROM link WHERE address = $1',
        [ON_XMPP],
      );
      expect(link?.findable).toBe(false);
    });

    test('an operator blocks somebody for a subscriber', async () => {
      const { page } = operator;
      await page
        .getByRole('region', { name: ON_XMPP })
        .getByRole('button', { name: 'Show and change' })
        .click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Contacts only').check();
      await dialog.getByLabel('Blocked addresses, one a line').fill(`${ON_MATRIX}\n\n${ON_MATRIX}\n`);
      expect(await faultsOf(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('1 person blocked').waitFor();
      const [consent] = await console.sql('SELECT reach, blocked FROM consent WHERE address = $1', [ON_XMPP]);
      expect(consent).toEqual({ reach: 'contacts', blocked: [ON_MATRIX] });
    });

    test('an admin proposes what an operator does alone, and to port a number', async () => {
      const { page } = admin;
      await admin.open(`/people?q=${encodeURIComponent(ON_MATRIX)}`);
      await page.getByRole('button', { name: 'Remove the link' }).first().click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove the link' }).click();
      await page.getByText('It takes effect when another').waitFor();
      await admin.open('/people?tab=ported');
      await page.getByRole('button', { name: 'Port a number' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Number', { exact: true }).fill('+49 1511 2345678');
      await dialog.getByLabel('New network, or an address in it').fill('matrix');
      await dialog.getByLabel('Reason').fill(HOSTILE);
      expect(await faultsOf(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Port a number' }).click();
      await page.getByText('It takes effect when another').waitFor();
      const rows = await console.sql<{ kind: string }>('SELECT kind FROM change_request');
      expect(rows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['link.remove', 'number.port']));
    });
  });

  describe('the operator of a network', () => {
    test('issues a credential, which is shown once, and revokes it', async () => {
      const { page } = operator;
      await operator.open('/networks?network=xmpp');
      await page.getByRole('button', { name: 'Issue credentials' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Issue credentials' }).click();
      const secret = await dialog.getByRole('textbox', { name: 'Bus credentials' }).inputValue();
      expect(secret).toContain('BEGIN NATS USER JWT');
      expect(await faultsOf(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'I have saved them' }).click();
      await page.getByText('Valid', { exact: true }).waitFor();
      const [line = ''] = secret.split('\n').filter((text) => text.startsWith('SU'));
      expect(line).not.toBe('');
      expect(await page.content()).not.toContain(line);
      await page.getByRole('button', { name: 'Revoke' }).click();
      await dialog.getByLabel('Reason').fill('lost');
      await dialog.getByRole('button', { name: 'Revoke' }).click();
      await page.getByText('Revoked', { exact: true }).waitFor();
    });

    test('changes for how long messages wait for it', async () => {
      const { page } = operator;
      await page.getByRole('button', { name: 'Change the stand-in' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Hours').fill('12');
      await dialog.getByLabel('Reason').fill('our disks are small');
      expect(await faultsOf(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Stores messages for 12 hours').waitFor();
    });

    test('announces that it leaves, and stays after all', async () => {
      const { page } = operator;
      await page.getByRole('button', { name: 'Announce the departure' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Day of the departure').fill('2099-01-31');
      await dialog.getByLabel('Words for people (optional)').fill(HOSTILE);
      await dialog.getByLabel('Reason').fill('contract ends');
      expect(await faultsOf(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Announce the departure' }).click();
      await page.getByText('An admin has to approve the words').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'Withdraw the departure' }).click();
      await dialog.getByLabel('Reason').fill('a new contract');
      await dialog.getByRole('button', { name: 'Withdraw the departure' }).click();
      await page.getByText('No departure is announced.').waitFor();
    });
  });

  test('an admin registers a network, whose admission says who acts next', async () => {
    const { page } = admin;
    await admin.open('/networks');
    await page.getByRole('button', { name: 'Register a network' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name in addresses').fill('yixin');
    await dialog.getByLabel('Name for people').fill(HOSTILE);
    await dialog.getByLabel('Reason').fill('applied in writing');
    expect(await faultsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Register a network' }).click();
    await page.getByRole('heading', { level: 1, name: 'yixin' }).waitFor();
    await page.getByText('An admin acts next').waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    await dialog.getByLabel('Reason').fill('checked');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('The operator acts next').waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });
});
