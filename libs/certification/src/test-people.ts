/** The test people of the network `certify`, who send the messages of the cases. */
import { addressOf, CERTIFY, type Party, type ResolveAnswer, type ResolveRequest } from '#protocol';

export const ANNA: Party = { address: addressOf(CERTIFY, 'anna'), displayName: 'Anna (certification)' };
export const BERT: Party = { address: addressOf(CERTIFY, 'bert'), displayName: 'Bert (certification)' };

export function testPerson({ address }: ResolveRequest): ResolveAnswer {
  const party = [ANNA, BERT].find((one) => one.address === address);
  return party ? { code: '00', party } : { code: '14' };
}
