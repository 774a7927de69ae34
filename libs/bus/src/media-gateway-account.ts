/**
 * The account of the media gateway, which faces the internet. It imports two reads of the hub's account as services, and
 * nothing else: one link by its id, one block of an attachment by its subject. As with networks, replies pass through
 * mapped subjects. A user of the hub's account would be unsafe, whatever its permissions: the server publishes a reply to
 * the subject that the request names, which could be one where the hub reads events.
 */
import type { Account, Export, Import } from '@nats-io/jwt';
import { ANY, BUCKETS, mediaSubject, MEMBER_API } from '#protocol';
import { HUB_API, NO_STORAGE, UNLIMITED } from './bus-accounts.js';

/** JetStream API calls, without their prefix. The subject that is read is part of the call's own subject. */
const READS = [
  `DIRECT.GET.*.${mediaSubject({ network: ANY, object: ANY }, ANY)}`,
  `DIRECT.GET.KV_${BUCKETS.links}.$KV.${BUCKETS.links}.link.*`,
];

/** No slug of a network has a dot. */
export const MEDIA_GATEWAY_ACCOUNT = 'hub.media-gateway';

/** What the hub's account offers to this account. */
export function mediaGatewayExports(): Export[] {
  return READS.map((call) => {
    const subject = `${HUB_API}.${call}`;
    return { name: subject, subject, type: 'service', response_type: 'Singleton' };
  });
}

/** @param hub public key of the hub's account */
export function mediaGatewayAccount(hub: string): Partial<Account> {
  const imports = READS.map((call): Import => ({
    name: call,
    subject: `${HUB_API}.${call}`,
    local_subject: `${MEMBER_API}.${call}`,
    account: hub,
    type: 'service',
  }));
  return { limits: { ...UNLIMITED, ...NO_STORAGE, leaf: 0, exports: 0 }, imports };
}

/** Permissions. The account is the security boundary; with these the server reports a wrong subject instead of leaving the request unanswered. */
export function mediaGatewayPermissions(): { pub: { allow: string[] }; sub: { allow: string[] } } {
  return { pub: { allow: READS.map((call) => `${MEMBER_API}.${call}`) }, sub: { allow: ['_INBOX.>'] } };
}
