/** Members: numbers and people, and what an operator does with a network. */
import { FIRST_ADMIN, type ConsoleFixture } from '../support/console-fixture.js';
import { ConsolePage } from '../support/console-page.js';
import { newKey } from '../support/people.js';
import { certificationPlays } from './certification.plays.js';
import { faultsOf } from './faults.js';
import { HOSTILE, visitorOf, type Stage } from './stage.js';

const NUMBER = '+8613800138000';
const ON_XMPP = 'im:anna@xmpp';
const ON_MATRIX = 'im:anna@matrix';
/** Another operator of xmpp. */
const COLLEAGUE = 'Bo Wen';

export function memberPlays(stage: () => Stage): void {
  let house: ConsoleFixture;
  let admin: ConsolePage;
  /** In dark colours. */
  let operator: ConsolePage;

  beforeAll(async () => {
    ({ house, admin } = stage());
    await house.call(FIRST_ADMIN, 'POST', '/v1/networks/xmpp/enable', { reason: 'a test' });
    await house.sql(
      `INSERT INTO link (number, address, preferred, findable, since)
       VALUES (8613800138000, $1, true, true, now()), (8613800138000, $2, false, true, now())`,
      [ON_XMPP, ON_MATRIX],
    );
    await house.key(COLLEAGUE, 'operator', 'xmpp');
    const visitor = await visitorOf(house, house.keys.operator);
    operator = await ConsolePage.signIn(stage().browser, house.url, visitor, { colorScheme: 'dark' });
  });
  afterAll(() => operator?.close());

  const members = () => ({ house, admin, operator });
  describe('certification', () => certificationPlays(members));

  describe('numbers and people', () => {
    const search = async ({ page }: ConsolePage, text: string) => {
      await page.getByRole('searchbox', { name: 'Number or address' }).fill(text);
      await page.keyboard.press('Enter');
      await page.locator('.loading').first().waitFor({ state: 'detached' });
    };

    test('an admin finds all addresses of a person by the number, and why the number leads to one of them', async () => {
      const { page } = admin;
      await admin.go('/people');
      await search(admin, '+86 138 0013 8000');
      const number = page.getByRole('region', { name: NUMBER });
      await number.getByText('its owner linked it with a code from each end').waitFor();
      for (const address of [ON_XMPP, ON_MATRIX])
        await page.getByRole('heading', { name: address }).waitFor();
      expect(new URL(page.url()).searchParams.get('q')).toBe('+86 138 0013 8000');
      expect(await faultsOf(admin)).toEqual([]);
    });

    test('what is neither a number nor an address is refused in words', async () => {
      await search(admin, HOSTILE);
      await admin.page.getByRole('alert').getByText('neither a number').waitFor();
      expect(await faultsOf(admin)).toEqual([]);
    });

    test('an operator finds own subscribers only, and hides a number at once', async () => {
      const { page } = operator;
      await operator.go('/people');
      await search(operator, ON_MATRIX);
      await page.getByRole('alert').getByText('no network matrix').waitFor();
      await search(operator, NUMBER);
      await page.getByRole('heading', { name: ON_XMPP }).waitFor();
      expect(await page.getByText(ON_MATRIX).count()).toBe(0);
      await page.getByRole('button', { name: 'Hide' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Hide' }).click();
      await page.getByText('cannot be found by the number').waitFor();
      const [link] = await house.sql<{ findable: boolean }>('SELECT findable FROM link WHERE address = $1', [
        ON_XMPP,
      ]);
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
      expect(await faultsOf(operator, '[role=dialog]')).toEqual([]);
      // What others change meanwhile is shown behind the form, and what was entered stays.
      const link = { number: NUMBER, address: ON_XMPP, findable: true };
      await house.call(house.keys.operator, 'PATCH', '/v1/subscribers/links', link);
      await page.getByText('can be found by the number', { exact: true }).waitFor();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('1 person blocked').waitFor();
      const [consent] = await house.sql('SELECT reach, blocked FROM consent WHERE address = $1', [ON_XMPP]);
      expect(consent).toEqual({ reach: 'contacts', blocked: [ON_MATRIX] });
    });

    test('an admin proposes what an operator does alone, and to port a number', async () => {
      const { page } = admin;
      await admin.go(`/people?q=${encodeURIComponent(ON_MATRIX)}`);
      await page.getByRole('button', { name: 'Remove the link' }).first().click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove the link' }).click();
      await page.getByText('It takes effect when another').waitFor();
      await admin.go('/people?tab=ported');
      await page.getByRole('button', { name: 'Port a number' }).waitFor();
      expect(await faultsOf(admin)).toEqual([]);
      await page.getByRole('button', { name: 'Port a number' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Number', { exact: true }).fill('+49 1511 2345678');
      await dialog.getByLabel('New network, or an address in it').fill('matrix');
      await dialog.getByLabel('Reason').fill(HOSTILE);
      expect(await faultsOf(admin, '[role=dialog]')).toEqual([]);
      await dialog.getByRole('button', { name: 'Port a number' }).click();
      await page.getByText('It takes effect when another').waitFor();
      const rows = await house.sql<{ kind: string }>('SELECT kind FROM change_request');
      expect(rows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['link.remove', 'number.port']));
    });
  });

  describe('the operator of a network', () => {
    test('issues a credential, which is shown once, and revokes it', async () => {
      const { page } = operator;
      await operator.go('/networks?network=xmpp');
      await page.getByRole('button', { name: 'Issue credentials' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Issue credentials' }).click();
      const secret = await dialog.getByRole('textbox', { name: 'Bus credentials' }).inputValue();
      expect(secret).toContain('BEGIN NATS USER JWT');
      expect(await faultsOf(operator, '[role=dialog]')).toEqual([]);
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
      await dialog.getByLabel('waits until they do').check();
      await dialog.getByLabel('Reason').fill('our disks are small');
      expect(await faultsOf(operator, '[role=dialog]')).toEqual([]);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Stores messages for 12 hours').waitFor();
      await page.getByText('messages wait until it opens').waitFor();
    });

    test('what a colleague changed meanwhile is not overwritten', async () => {
      const { page } = operator;
      await page.getByRole('button', { name: 'Change the stand-in' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Hours').fill('6');
      await dialog.getByLabel('Reason').fill('our disks are even smaller');
      const colleague = { hours: 20, messages: 1000, closedWindow: 'refuse', reason: 'new disks' };
      const path = '/v1/networks/xmpp/stand-in';
      expect(
        await house.call(house.keys.operator, 'PUT', path, colleague, { 'if-match': '*' }),
      ).toMatchObject({ status: 200 });
      await page.getByText('Stores messages for 20 hours').waitFor();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('Somebody else has just changed this').waitFor();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      const { body } = await house.call(house.keys.operator, 'GET', path);
      expect(body).toMatchObject({ hours: 20, closedWindow: 'refuse' });
    });

    test('announces that it leaves, and stays after all', async () => {
      const { page } = operator;
      await page.getByRole('button', { name: 'Announce the departure' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Day of the departure').fill('2099-01-31');
      await dialog.getByLabel('Words for people (optional)').fill(HOSTILE);
      await dialog.getByLabel('Reason').fill('contract ends');
      expect(await faultsOf(operator, '[role=dialog]')).toEqual([]);
      await dialog.getByRole('button', { name: 'Announce the departure' }).click();
      await page.getByText('An admin has to approve the words').waitFor();
      expect(await faultsOf(operator)).toEqual([]);
      await page.getByRole('button', { name: 'Withdraw the departure' }).click();
      await dialog.getByLabel('Reason').fill('a new contract');
      await dialog.getByRole('button', { name: 'Withdraw the departure' }).click();
      await page.getByText('No departure is announced.').waitFor();
    });

    test('issues a key that a colleague made, and revokes it', async () => {
      const { page } = operator;
      const { key, sha256 } = newKey();
      await operator.go('/settings?tab=keys');
      const dialog = await operator.openDialog('New key');
      await dialog.getByLabel('Name').fill('for the night shift');
      await operator.choose('Owner', COLLEAGUE);
      await dialog.getByLabel('SHA-256 of the key').fill(sha256);
      await dialog.getByLabel('Reason').fill('a new colleague');
      expect(await faultsOf(operator, '[role=dialog]')).toEqual([]);
      await dialog.getByRole('button', { name: 'Make it' }).click();
      const row = page.getByRole('row', { name: 'for the night shift' });
      await row.getByText(COLLEAGUE).waitFor();
      const me = () => house.call<{ person: { name: string } }>(key, 'GET', '/v1/me');
      expect((await me()).body.person.name).toBe(COLLEAGUE);
      await row.getByRole('button', { name: 'Revoke' }).click();
      await dialog.getByLabel('Reason').fill('the shift is over');
      await dialog.getByRole('button', { name: 'Revoke' }).click();
      await row.waitFor({ state: 'detached' });
      expect((await me()).status).toBe(401);
    });
  });

  test('an admin proposes a key for somebody else, which another admin has to approve', async () => {
    const { key, sha256 } = newKey();
    await admin.go('/settings?tab=keys');
    const dialog = await admin.openDialog('New key');
    await dialog.getByLabel('Name').fill('for the day shift');
    await admin.choose('Owner', COLLEAGUE);
    await dialog.getByLabel('SHA-256 of the key').fill(sha256);
    await dialog.getByLabel('Reason').fill('asked for by mail');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await admin.page.getByText('It takes effect when another').waitFor();
    const me = () => house.call<{ person: { name: string } }>(key, 'GET', '/v1/me');
    expect((await me()).status).toBe(401);
    const [change] = await house.sql<{ id: string }>(
      `SELECT id FROM change_request WHERE body::text LIKE '%for the day shift%'`,
    );
    expect(await house.approve(change?.id ?? '')).toMatchObject({ body: { state: 'applied' } });
    expect((await me()).body.person.name).toBe(COLLEAGUE);
    await admin.reload();
    await admin.page.getByRole('row', { name: 'for the day shift' }).getByText(COLLEAGUE).waitFor();
  });

  test('an admin registers a network, whose admission says who acts next', async () => {
    const { page } = admin;
    await admin.go('/networks');
    await page.getByRole('button', { name: 'Register a network' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name in addresses').fill('yixin');
    await dialog.getByLabel('Name for people').fill(HOSTILE);
    await dialog.getByLabel('Reason').fill('applied in writing');
    expect(await faultsOf(admin, '[role=dialog]')).toEqual([]);
    await dialog.getByRole('button', { name: 'Register a network' }).click();
    await page.getByRole('heading', { level: 1, name: 'yixin' }).waitFor();
    await page.getByText('An admin acts next').waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    await dialog.getByLabel('Reason').fill('checked');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('The operator acts next').waitFor();
    expect(await faultsOf(admin)).toEqual([]);

    // What was recorded by mistake is put right.
    await page.getByRole('button', { name: 'Edit' }).click();
    await dialog.getByLabel('Name for people').fill('Yixin, to try');
    await dialog.getByLabel('Test network').check();
    await dialog.getByLabel('Reason').fill('a wrong name');
    expect(await faultsOf(admin, '[role=dialog]')).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Yixin, to try').waitFor();
    await page.getByText('Test network', { exact: true }).waitFor();
  });
}
