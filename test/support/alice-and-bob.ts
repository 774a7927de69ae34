/** The environment of most plays: a whole installation, alice with an XMPP client and bob with a Matrix client. */
import type { MatrixPhone } from '../../apps/adapter-matrix/phone/matrix.phone.js';
import { sees, type Phone } from '#phones';
import { StandaloneFixture } from './standalone-fixture.js';
import type { XmppPhone } from '../../apps/adapter-xmpp/phone/xmpp.phone.js';

export let whole: StandaloneFixture;
export let alice: XmppPhone;
export let bob: MatrixPhone;

export async function pickUp(): Promise<void> {
  [alice, bob] = [await whole.xmppPhone(), await whole.matrixPhone()];
}

/** Declares what stands before the first case of a file and goes after the last. */
export function setTheStage({
  acquainted,
  env = {},
}: {
  acquainted: boolean;
  env?: NodeJS.ProcessEnv;
}): void {
  beforeAll(async () => {
    whole = await StandaloneFixture.open(undefined, env);
    await pickUp();
    if (!acquainted) return;
    await alice.write(whole.inXmpp(), 'are you there?');
    await sees(bob, 'her first words', ({ text }) => text === 'are you there?');
    await bob.write(whole.inMatrix(), 'yes');
    await sees(alice, 'the answer of bob', ({ text }) => text === 'yes');
  });

  afterAll(async () => {
    await alice?.hangUp();
    await bob?.hangUp();
    await whole?.close();
  });
}

/** How often a person has read these words. */
export function texts(phone: Phone, text: string): number {
  return phone.timeline.filter((seen) => seen.kind === 'text' && seen.text === text).length;
}
