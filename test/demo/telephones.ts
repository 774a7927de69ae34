/**
 * The end of the demo, where telephones run: a person calls a number, and a message to another number walks the delivery ladder
 * until a telephone rings and its person says by a key that they have heard it.
 */
import type { NetworkPart } from '#network-manifest';
import { addressOf, network, type Address } from '#protocol';
import { sees, type Phone, type Seen } from '#phones';
import { TELEPHONES, type Actor } from '../support/cast.js';
import type { StandaloneFixture } from '../support/standalone-fixture.js';
import type { Outcomes } from './outcomes.js';
import type { OnTelephone } from './summary.js';

const MESSAGE = 'Dinner is at seven.';
const HEARD = '1';
/** Of an actor, what is needed here. */
type Player = Pick<Actor, 'slug' | 'calls' | 'address' | 'phone' | 'toReach'>;

/** Longer than all steps of the ladder take when each is refused at once. */
const RINGS_WITHIN_MS = 30_000;
const LOOK_MS = 20;

export interface Telephone {
  native: string;
  /** By which others dial it. */
  number: string;
  /** In its own network. */
  address: Address;
  phone: Phone;
}

/** @param telephones the first is called, the second is written to */
export async function playTelephones(
  [called, written]: readonly Telephone[],
  cast: readonly Player[],
  outcomes: Pick<Outcomes, 'count' | 'next'>,
): Promise<OnTelephone[]> {
  const [caller, writer] = [cast.find(({ calls }) => calls), cast[0]];
  if (!called || !written) return [];
  try {
    return [
      ...(caller ? [await call(caller, called)] : []),
      ...(writer ? [await speak(writer, written, outcomes)] : []),
    ];
  } finally {
    await Promise.all([called, written].map(({ phone }) => phone.hangUp()));
  }
}

/** Those of this installation, with a phone for each. */
export async function telephonesOf(whole: StandaloneFixture): Promise<Telephone[]> {
  const parts: Record<string, NetworkPart | undefined> = whole.file.networks;
  const networks = TELEPHONES.flatMap(({ slug, person }) => {
    const part = parts[slug];
    return part ? [{ slug, person, part }] : [];
  });
  return Promise.all(
    networks.flatMap(({ slug, person, part }) =>
      part.accounts.slice(0, 2).map(async (account) => ({
        native: account.native,
        number: account.address,
        address: addressOf(network(slug), account.native),
        phone: (await person.dial(part, account)).phone,
      })),
    ),
  );
}

/** Somebody calls a number, the telephone is answered, and the caller hangs up. */
async function call(caller: Player, { native, number, phone }: Telephone): Promise<OnTelephone> {
  const began = performance.now();
  const peer = caller.toReach({ address: number as Address });
  const [before, atCaller] = [phone.timeline.length, caller.phone.timeline.length];
  await caller.phone.call?.(peer, 'begin');
  await phone.call?.((await isCalled(phone, before)).from, 'accept');
  await sees(
    caller.phone,
    'the talk',
    (seen) => isCall(seen, 'talking') && isAfter(caller.phone, seen, atCaller),
  );
  await caller.phone.call?.(peer, 'end');
  await sees(phone, 'the end', (seen) => isCall(seen, 'over') && isAfter(phone, seen, before));
  const ms = performance.now() - began;
  return {
    what: 'call',
    from: caller.slug,
    number: native,
    end: 'rang, answered, hung up',
    ms,
    isGood: true,
  };
}

/** A message to a number that no app, no 5G message and no SMS reaches: the telephone rings, and speaks. */
async function speak(
  writer: Player,
  telephone: Telephone,
  outcomes: Pick<Outcomes, 'count' | 'next'>,
): Promise<OnTelephone> {
  const { native, number, address, phone } = telephone;
  const [began, heard, before] = [performance.now(), outcomes.count, phone.timeline.length];
  const about = { what: 'message' as const, from: writer.slug, number: native };
  await writer.phone.write(writer.toReach({ address: number as Address }), MESSAGE);
  const outcomeWithin = (ms?: number) => outcomes.next(heard, writer.address, address, ms);
  const rings = await callUnless(phone, before, () => outcomeWithin(LOOK_MS));
  if (rings) {
    await phone.call?.(rings.from, 'accept');
    await sees(phone, 'the talk', (seen) => isCall(seen, 'talking') && isAfter(phone, seen, before));
    await phone.press?.(HEARD);
  }
  const outcome = await outcomeWithin();
  const ms = performance.now() - began;
  if (outcome?.stage === 'delivered')
    return { ...about, end: `rang, spoken, confirmed by key ${HEARD}`, ms, isGood: true };
  // Without espeak-ng nothing is spoken, which `npm start` has said.
  if (outcome?.code === '12') return { ...about, end: 'not spoken: espeak-ng is missing', ms, isGood: true };
  return { ...about, end: `failed ${outcome?.code ?? 'without an outcome'}`, ms, isGood: false };
}

async function isCalled(phone: Phone, before: number): Promise<Seen> {
  return sees(
    phone,
    'a call',
    (seen) => isCall(seen, 'incoming') && isAfter(phone, seen, before),
    RINGS_WITHIN_MS,
  );
}

/** The call that comes. undefined: something else came before. @param ended looks for that, for a moment */
async function callUnless(
  phone: Phone,
  before: number,
  ended: () => Promise<unknown>,
): Promise<Seen | undefined> {
  const deadline = Date.now() + RINGS_WITHIN_MS;
  while (Date.now() < deadline) {
    const call = phone.timeline.find((seen) => isCall(seen, 'incoming') && isAfter(phone, seen, before));
    if (call || (await ended()) !== undefined) return call;
  }
  return undefined;
}

function isCall({ kind, state }: Seen, wanted: string): boolean {
  return kind === 'call' && state === wanted;
}

/** Timelines of simulated people are made anew at every look. */
function isAfter({ timeline }: Phone, { id }: Seen, before: number): boolean {
  return timeline.findIndex((seen) => seen.id === id) >= before;
}
