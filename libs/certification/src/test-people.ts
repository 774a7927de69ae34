/** The test people of the network `certify`, who send the messages of the cases. */
import { addressOf, CERTIFY, type Party, type ResolveAnswer, type ResolveRequest } from '#protocol';

export const ANNA: Party = { address: addressOf(CERTIFY, 'anna'), displayName: 'Anna (certification)' };
export const BERT: Party = { address: addressOf(CERTIFY, 'bert'), displayName: 'Bert (certification)' };

/**
 * Ids are exact in this network: each of these is another person. They write in this order, so that an id that is folded or
 * normalised is that of nobody who has written before.
 */
export const ODD_PEOPLE: readonly Party[] = [
  'Kim',
  'ｋｉｍ',
  'kim',
  'Zoe\u0308',
  'Zo\u00eb',
  'Ana\u00efs',
  'a b/c?d#e&f%41+g@h:i',
  '李雷😀',
].map((native, at) => ({ address: addressOf(CERTIFY, native), displayName: `Odd ${at} (certification)` }));

export const LONG_NAMED: Party = {
  address: addressOf(CERTIFY, `long-${'x'.repeat(2000)}`),
  displayName: 'Long (certification)',
};

export function testPerson({ address }: ResolveRequest): ResolveAnswer {
  const party = [ANNA, BERT, ...ODD_PEOPLE, LONG_NAMED].find((one) => one.address === address);
  return party ? { code: '00', party } : { code: '14' };
}
