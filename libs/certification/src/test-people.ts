/** The people of the network `certify`: who writes in the cases, and who can be asked for. */
import { answer, type BusConnection } from '#bus';
import {
  addressOf,
  CERTIFY,
  ResolveRequest,
  subjects,
  toHubError,
  type Party,
  type ResolveReply,
} from '#protocol';

export const ANNA: Party = { address: addressOf(CERTIFY, 'anna'), displayName: 'Anna (certification)' };
export const BERT: Party = { address: addressOf(CERTIFY, 'bert'), displayName: 'Bert (certification)' };

/** An adapter may ask who writes there before it lets anybody in. */
export async function answerForTestPeople(link: BusConnection): Promise<void> {
  await answer(
    link,
    subjects.ask('resolve', CERTIFY),
    (body) => Promise.resolve(replyTo(ResolveRequest.parse(body))),
    (error): ResolveReply => ({ code: toHubError(error).code }),
  );
}

function replyTo({ address }: ResolveRequest): ResolveReply {
  const party = [ANNA, BERT].find((one) => one.address === address);
  return party ? { code: '00', party } : { code: '14' };
}
