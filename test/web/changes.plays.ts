/**
 * One admin proposes, a second one approves in a browser of their own, the operator of a bound network confirms. Each sees what
 * they may do and nothing else, and sees what the others did without loading the page again.
 */
import { FIRST_ADMIN, type ConsoleFixture } from '../support/console-fixture.js';
import { ConsolePage, type Visitor } from '../support/console-page.js';
import { agreeAndPrice, SECOND, visitorOf, type Stage } from './stage.js';

const reason = 'a test';

export function changePlays(stage: () => Stage): void {
  let house: ConsoleFixture;
  let first: ConsolePage;
  let second: ConsolePage;
  let ofMatrix: ConsolePage;

  beforeAll(async () => {
    ({ house, admin: first } = stage());
    for (const network of ['xmpp', 'matrix'])
      await house.call(FIRST_ADMIN, 'POST', `/v1/networks/${network}/enable`, { reason });
    await agreeAndPrice(house);
    await house.sql(
      `INSERT INTO detail_record (reference, from_network, to_network, class, units, outcome, code, accepted_at, ended_at, from_party, to_party)
       SELECT 'seeded-' || n, 'xmpp', 'matrix', 'message', 1, 'delivered', '00', now() - interval '1 hour', now() - interval '1 hour', 'p', 'q'
       FROM generate_series(1, 1204) n`,
    );
    // The operator of xmpp accepts by a rule, that of matrix confirms in a browser.
    await house.acceptAll(house.keys.operator);
    const matrixPerson = await visitorOf(house, await house.key('matrix people', 'operator', 'matrix'));
    [second, ofMatrix] = [await signedIn(SECOND), await signedIn(matrixPerson)];
    await first.go('/changes');
  });
  afterAll(async () => {
    for (const someone of [second, ofMatrix]) await someone?.close();
  });

  /** In a browser of their own, at the changes. */
  async function signedIn(visitor: Visitor): Promise<ConsolePage> {
    const person = await ConsolePage.signIn(stage().browser, house.url, visitor);
    await person.open('/changes');
    return person;
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
      expect(await first.findingsInDialog()).toEqual([]);
    });

    it('the effect is shown before it is proposed', async () => {
      await first.dialog().getByLabel('Valid to (optional)').fill('');
      await first.dialog().getByRole('button', { name: 'Preview the effect' }).click();
      await first
        .dialog()
        .getByText('Would have stopped 1,204 messages in the last 24 hours, ¥61.404')
        .waitFor();
      expect(await first.findingsInDialog()).toEqual([]);
    });

    it('the proposer waits for another admin, and cannot approve it', async () => {
      await first.dialog().getByRole('button', { name: 'Propose', exact: true }).click();
      const panel = panelOf(first, AGREEMENT);
      await panel.getByText('Waits for another admin').waitFor();
      await panel.getByRole('button', { name: 'Withdraw' }).waitFor();
      expect(await panel.getByRole('button', { name: 'Approve' }).count()).toBe(0);
      expect(await first.findings({ within: 'main' })).toEqual([]);
    });

    it('the member is not asked before two admins have agreed', async () => {
      const panel = panelOf(ofMatrix, AGREEMENT);
      await panel.getByText('Waits for an admin').waitFor();
      expect(await panel.getByRole('button', { name: /Confirm|Decline/ }).count()).toBe(0);
    });

    it('the second admin sees the effect and approves in another browser', async () => {
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
      await ofMatrix.page.getByText('Waits for you: 1').waitFor();
      await ofMatrix.decide(panelOf(ofMatrix, AGREEMENT), 'Confirm', 'we agree');
      for (const someone of [first, second, ofMatrix]) {
        await someone.go('/changes?view=all');
        const panel = panelOf(someone, AGREEMENT);
        await panel.getByText('Applied', { exact: true }).waitFor();
        await panel.getByText('Approved by second admin').waitFor();
        expect(await panel.getByRole('button').count()).toBe(0);
      }
      const { body } = await house.call<{ items: { from: string; classes: string[] }[] }>(
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
      expect(await first.findingsInDialog()).toEqual([]);
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
      expect(await first.findingsInDialog()).toEqual([]);
      await first.dialog().getByRole('button', { name: 'Propose', exact: true }).click();
      await panelOf(first, TARIFF).getByText('Waits for another admin').waitFor();
    });

    it('the second admin rejects it with a reason, and the proposer sees who did', async () => {
      await second.go('/changes');
      await second.decide(panelOf(second, TARIFF), 'Reject', 'too expensive');
      const panel = panelOf(first, TARIFF);
      await panel.getByText('Rejected', { exact: true }).waitFor();
      await panel.getByText('Rejected by second admin').waitFor();
    });
  });

  describe('a route', () => {
    it('to another network: the preview says how many messages would have taken it, and at what price', async () => {
      await house.sql(
        `WITH message AS (SELECT 'routed-' || n AS id FROM generate_series(1, 6) n),
           accepted AS (INSERT INTO checkpoint (id, event_id, stage, network, kind, conversation, from_address, to_address, code, at)
             SELECT id || ':0', id, 'accepted', 'fetion', 'message', 'c', 'im:a@fetion', 'tel:+8615000000001', '00', now() - interval '1 hour'
             FROM message)
         INSERT INTO detail_record (reference, from_network, to_network, class, units, outcome, code, accepted_at, ended_at, from_party, to_party)
         SELECT id, 'fetion', 'matrix', 'message', 1, 'delivered', '00', now() - interval '1 hour', now() - interval '1 hour', 'p', 'q'
         FROM message`,
      );
      await house.sql(
        `INSERT INTO route (kind, key, network, since) VALUES ('prefix', '86150', 'matrix', now())`,
      );
      await first.go('/agreements?tab=routes');
      const dialog = await first.openDialog('Change: Prefix 86150');
      await first.choose('Network', 'xmpp');
      await dialog.getByLabel('Reason').fill('its subscribers moved');
      await dialog.getByRole('button', { name: 'Preview the effect' }).click();
      await dialog.getByText('Would have rerouted 6 messages of the last 24 hours').waitFor();
      expect(await first.findingsInDialog()).toEqual([]);
      await first.page.keyboard.press('Escape');
    });
  });

  describe('the phase of the federation', () => {
    const PHASE = 'Phase of the federation';

    it('is proposed, agreed, and stands in its history with who agreed', async () => {
      await first.enter('Agreements');
      const dialog = await first.openDialog('Propose another phase');
      await dialog.getByLabel('Anchor: one side is always the anchor').check();
      await first.choose('Anchor network', 'xmpp');
      await dialog.getByLabel('Reason').fill('one side bridges');
      await dialog.getByRole('button', { name: 'Preview the effect' }).click();
      await dialog.getByRole('button', { name: 'Propose', exact: true }).click();
      await second.decide(panelOf(second, PHASE), 'Approve', 'agreed');
      await ofMatrix.decide(panelOf(ofMatrix, PHASE), 'Confirm', 'we agree');
      await panelOf(first, PHASE).getByText('Applied', { exact: true }).waitFor();
      await first.enter('Agreements');
      await first.page.getByText('Phase: anchor. One side of every agreement is xmpp.').waitFor();
      const history = await first.openDialog('History of the phase');
      await history
        .getByText('Proposed by first admin · approved by second admin · confirmed by matrix, xmpp')
        .waitFor();
      await history.getByText('one side bridges').waitFor();
      await history.getByRole('row', { name: /^Phase/ }).waitFor();
      expect(await first.findingsInDialog()).toEqual([]);
      await first.page.keyboard.press('Escape');
    });
  });

  it('on a phone the form fits, also in the dark', async () => {
    await first.colours('dark');
    await first.asPhone(async () => {
      await first.go('/agreements');
      await first.openDialog('Propose an agreement');
      await first.dialog().getByLabel('Reason').waitFor();
      expect(await first.findings({ rules: ['color-contrast'], within: '[role=dialog]' })).toEqual([]);
    });
    await first.page.keyboard.press('Escape');
    await first.colours('light');
  });
}
