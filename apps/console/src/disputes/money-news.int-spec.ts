/**
 * Both sides of a dispute learn of every step, and of all money that it moves. The steps come from the lifecycle: the
 * first test fails if a step of it is missing here.
 */
import {
  admin,
  alpha,
  auditor,
  beta,
  disputeStage,
  gamma,
  secondAdmin,
  SHOWS,
  type Person,
} from '../../../../test/support/dispute-stage.js';
import type { DisputeDetail } from './disputes.dto.js';
import {
  act,
  ACTIONS,
  ACTOR_OF,
  daysOf,
  REMINDER_DAYS,
  silence,
  STATES,
  type Action,
  type OpenState,
  type Position,
} from './lifecycle.js';

const { approves, call, chargedBack, climbs, does, later, opened, rules, shown, sweeps } = disputeStage();

const OPEN = STATES.filter((state): state is OpenState => state !== 'closed');
const NOW = new Date('2026-03-01T12:00:00Z');

interface Move {
  state: OpenState;
  how: Action | 'silence';
}

/** Every end of the lifecycle for the claimant, after which the respondent pays. */
function moneyMoves(): Move[] {
  return OPEN.flatMap((state) => {
    const lapsed = state === 'default_pending_review' ? 'charged_back' : null;
    const at: Position = {
      state,
      reminded: true,
      ruling: 'claimant',
      deadline: NOW,
      lapsed,
      outcome: null,
      ground: null,
    };
    const before = new Date(NOW.getTime() - 1);
    const acts = ACTIONS.filter((action) => {
      try {
        return act(at, action, ACTOR_OF[action], before, 'claimant').outcome === 'claimant';
      } catch {
        return false;
      }
    });
    const silent = silence(at, NOW)?.outcome === 'claimant' ? (['silence'] as const) : [];
    return [...acts, ...silent].map((how) => ({ state, how }));
  });
}

/** How a play gets there. */
const REACH: Record<OpenState, () => Promise<DisputeDetail>> = {
  opened: () => opened(),
  evidence_requested: async () => climbs(await opened(), [alpha, 'request-evidence']),
  answered: async () => climbs(await opened(), [alpha, 'request-evidence'], [beta, 'answer', SHOWS]),
  charged_back: () => chargedBack(),
  represented: async () => climbs(await chargedBack(), [beta, 'represent', SHOWS]),
  arbitrated: async () => rules(await REACH.represented(), { for: 'claimant', text: 'Not shown.' }),
  default_pending_review: async () => {
    const { id } = await chargedBack();
    for (const days of [daysOf('charged_back'), REMINDER_DAYS]) {
      later(days);
      await sweeps();
    }
    return shown(id);
  },
};

async function plays(dispute: DisputeDetail, { state, how }: Move): Promise<void> {
  if (how === 'silence') {
    later(daysOf(state));
    await sweeps();
  } else if (ACTOR_OF[how] === 'admin') {
    const body = { decision: how.replace('-default', ''), text: 'We looked at it.' };
    const proposed = await does<{ id: string }>(admin, dispute, 'review', body);
    expect(await approves(secondAdmin, proposed.body.id)).toMatchObject({ status: 200 });
  } else {
    await climbs(dispute, [ACTOR_OF[how] === 'claimant' ? alpha : beta, how]);
  }
}

type Page<Item> = { items: Item[]; next: string | null };
interface Told {
  kind: string;
  subject: string;
  words: string;
}
interface Adjustment {
  id: string;
  dispute: string | null;
}

/** Of all pages. */
async function all<Item>(who: Person, path: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor = ''; ;) {
    const { body } = await call<Page<Item>>(who, 'GET', `${path}?limit=200${cursor}`);
    items.push(...body.items);
    if (body.next === null) return items;
    cursor = `&cursor=${body.next}`;
  }
}

const told = async (who: Person, subject: string) =>
  (await all<Told>(who, '/v1/announcements')).filter((one) => one.subject === subject);
const adjustmentsOf = async (who: Person, { id }: DisputeDetail) =>
  (await all<Adjustment>(who, '/v1/adjustments')).filter(({ dispute }) => dispute === id);

test('the moves in this file are those of the lifecycle', () => {
  expect(moneyMoves().map(({ state, how }) => `${state}: ${how}`)).toEqual(
    OPEN.flatMap((state) => [
      ...(state === 'default_pending_review' ? [`${state}: confirm-default`] : []),
      `${state}: accept`,
      ...(state === 'default_pending_review' || state === 'arbitrated' ? [`${state}: silence`] : []),
    ]),
  );
});

test.each(moneyMoves())(
  '$state: $how makes one entry that both sides see, and both are told',
  async (move) => {
    const dispute = await REACH[move.state]();
    await plays(dispute, move);
    const end = await shown(dispute.id);
    expect(end).toMatchObject({ state: 'closed', outcome: 'claimant' });

    const [entry] = await adjustmentsOf(auditor, dispute);
    expect(entry).toMatchObject({
      from: 'matrix',
      to: 'xmpp',
      amount: '0.05',
      reference: dispute.reference,
      text: expect.stringContaining(`ended by ${end.ground}`) as string,
      businessDate: null,
    });
    for (const side of [alpha, beta] as const) {
      expect(await adjustmentsOf(side, dispute)).toEqual([entry]);
      expect(await told(side, `adjustment/${entry?.id}`)).toMatchObject([
        {
          kind: 'adjustment',
          words: expect.stringMatching(/^matrix pays 0.05 yuan to xmpp .*dispute/) as string,
        },
      ]);
      // One for each step, from the opening on.
      const steps = await told(side, `dispute/${dispute.id}`);
      expect(steps.map(({ kind }) => kind)).toEqual(end.history.map(() => 'dispute'));
      for (const { action, state } of end.history)
        expect(steps.filter(({ words }) => words.includes(`Step: ${action}, by`))).toContainEqual(
          expect.objectContaining({ words: expect.stringContaining(`state: ${state}.`) as string }),
        );
    }
    expect(await adjustmentsOf(gamma, dispute)).toEqual([]);
    expect(await told(gamma, `dispute/${dispute.id}`)).toEqual([]);
    expect(await told(gamma, `adjustment/${entry?.id}`)).toEqual([]);
  },
);

test('a dispute that ends for the respondent moves no money, and both sides are notified', async () => {
  const dispute = await opened();
  await climbs(dispute, [alpha, 'withdraw']);
  for (const side of [alpha, beta] as const) {
    expect(await adjustmentsOf(side, dispute)).toEqual([]);
    const [last] = await told(side, `dispute/${dispute.id}`);
    expect(last?.words).toMatch(/state: closed\. It ended for the respondent \(withdrawn\): nobody pays/);
  }
});
