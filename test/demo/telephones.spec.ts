/** The end of the demo, with people and telephones that are not there. */
import { Shown, type Phone, type Seen } from '#phones';
import type { Address, Outcome } from '#protocol';
import { playTelephones, type Telephone } from './telephones.js';

const ANN = 'im:ann@north' as Address;
type Cast = Parameters<typeof playTelephones>[1];

/** What everybody did, in order. */
let did: string[];
beforeEach(() => {
  did = [];
});

interface Line {
  shown: Shown;
  phone: Phone;
}

/** @param acts what follows from an act of this person */
function aPhone(native: string, acts: (act: string) => void = () => undefined): Line {
  const shown = new Shown();
  const does = async (act: string) => {
    did.push(`${native} ${act}`);
    acts(act);
  };
  const phone = {
    native,
    timeline: shown.entries,
    write: (peer: string, text: string) => does(`write ${peer} ${text}`),
    call: (peer: string, how: string) => does(`${how} ${peer}`),
    press: (key: string) => does(`press ${key}`),
    hangUp: () => does('hang up'),
  } as unknown as Phone;
  return { shown, phone };
}

let seen = 0;
const call = (state: string, from: string): Seen => ({ kind: 'call', id: `c${++seen}`, from, state });
const telephone = (native: string, { phone }: Line): Telephone => ({
  native,
  number: `im:${native}@tel`,
  address: `im:${native}@telephone` as Address,
  phone,
});
const actor = (slug: string, { phone }: Line, calls: boolean) => ({
  slug,
  calls,
  address: ANN,
  phone,
  toReach: ({ address }: { address: Address }) => `<${address}>`,
});
const outcome = (stage: Outcome['stage'], code: Outcome['code']) => ({ stage, code }) as Outcome;

/** Outcomes as the bus tells them: none before `end` has one. */
function anEnd() {
  const end: { outcome?: Outcome } = {};
  const next = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return end.outcome;
  };
  return { end, outcomes: { count: 0, next } };
}

/** The caller, the called telephone, and one that is written to, which are joined by a line. */
function aPlay(): { cast: Cast; telephones: Telephone[]; written: Line; onWritten: (act: string) => void } {
  const play = { onWritten: (_act: string) => undefined as void };
  const called = aPhone('+1', (act) => {
    if (act.startsWith('accept')) caller.shown.add(call('talking', '+1'));
  });
  const caller = aPhone('ann', (act) => {
    if (act.startsWith('begin')) called.shown.add(call('incoming', 'ann'));
    if (act.startsWith('end')) called.shown.add(call('over', 'ann'));
    if (act.startsWith('write')) play.onWritten(act);
  });
  const written = aPhone('+2', (act) => play.onWritten(act));
  const telephones = [telephone('+1', called), telephone('+2', written)];
  return Object.assign(play, { cast: [actor('north', caller, true)], telephones, written });
}

test('somebody calls a telephone and hangs up, and another one hears a message and says so by a key', async () => {
  const play = aPlay();
  const { end, outcomes } = anEnd();
  play.onWritten = (act) => {
    if (act.startsWith('write')) play.written.shown.add(call('incoming', 'north'));
    if (act.startsWith('accept')) play.written.shown.add(call('talking', 'north'));
    if (act.startsWith('press')) end.outcome = outcome('delivered', '00');
  };
  expect(await playTelephones(play.telephones, play.cast, outcomes)).toMatchObject([
    { what: 'call', from: 'north', number: '+1', end: 'rang, answered, hung up', isGood: true },
    { what: 'message', number: '+2', end: 'rang, spoken, confirmed by key 1', isGood: true },
  ]);
  expect(did).toEqual([
    'ann begin <im:+1@tel>',
    '+1 accept ann',
    'ann end <im:+1@tel>',
    'ann write <im:+2@tel> Dinner is at seven.',
    '+2 accept north',
    '+2 press 1',
    '+1 hang up',
    '+2 hang up',
  ]);
});

test.each([
  ['12', 'not spoken: espeak-ng is missing', true],
  ['68', 'failed 68', false],
] as const)('a message that ends with %s before the telephone rings: %s', async (code, words, isGood) => {
  const play = aPlay();
  const { end, outcomes } = anEnd();
  play.onWritten = () => {
    end.outcome = outcome('failed', code);
  };
  const [, message] = await playTelephones(play.telephones, play.cast, outcomes);
  expect(message).toMatchObject({ end: words, isGood });
  expect(did).not.toContain('+2 press 1');
});

test('a call of an earlier play is not answered', async () => {
  const play = aPlay();
  const { end, outcomes } = anEnd();
  play.written.shown.add(call('incoming', 'earlier'));
  play.onWritten = () => {
    end.outcome = outcome('failed', '91');
  };
  await playTelephones(play.telephones, play.cast, outcomes);
  expect(did).not.toContain('+2 accept earlier');
});

test('where nobody can call, a message is written alone', async () => {
  const play = aPlay();
  const { end, outcomes } = anEnd();
  play.onWritten = () => {
    end.outcome = outcome('failed', '12');
  };
  const cast = play.cast.map((one) => ({ ...one, calls: false }));
  expect((await playTelephones(play.telephones, cast, outcomes)).map(({ what }) => what)).toEqual([
    'message',
  ]);
});

test('without two telephones nothing is played', async () => {
  const { telephones, cast } = aPlay();
  expect(await playTelephones(telephones.slice(0, 1), cast, anEnd().outcomes)).toEqual([]);
  expect(did).toEqual([]);
});

test('the telephones are put down though the play failed', async () => {
  const play = aPlay();
  play.onWritten = () => {
    throw new Error('the network refuses it');
  };
  await expect(playTelephones(play.telephones, play.cast, anEnd().outcomes)).rejects.toThrow('refuses it');
  expect(did.slice(-2)).toEqual(['+1 hang up', '+2 hang up']);
});
