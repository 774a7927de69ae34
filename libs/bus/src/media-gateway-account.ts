/**
 * The account of the media gateway, which faces the internet. It imports two reads of the hub's account as services, and
 * one request: one link by its id, one block of an attachment by its subject, and what a person did on a call page. It exports
 * the request by which the switch passes on commands about call pages, and nothing else. As with networks, replies pass through
 * mapped subjects. A user of the hub's account would be unsafe, whatever its permissions: the server publishes a reply to
 * the subject that the request names, which could be one where the hub reads events.
 */
import type { Account, Export, Import, User } from '@nats-io/jwt';
import { ANY, BUCKETS, mediaSubject, MEMBER_API, subjects } from '#protocol';
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
  return [...READS.map((call) => `${HUB_API}.${call}`), subjects.callSignal].map((subject) =>
    service(subject),
  );
}

/** What the hub's account uses of this account. @param gateway public key of this account */
export function mediaGatewayImports(gateway: string): Import[] {
  return [{ name: subjects.callCommand, subject: subjects.callCommand, account: gateway, type: 'service' }];
}

function service(subject: string): Export {
  return { name: subject, subject, type: 'service', response_type: 'Singleton' };
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
  const signal: Import = {
    name: subjects.callSignal,
    subject: subjects.callSignal,
    account: hub,
    type: 'service',
  };
  return {
    limits: { ...UNLIMITED, ...NO_STORAGE, leaf: 0 },
    imports: [...imports, signal],
    exports: [service(subjects.callCommand)],
  };
}

/** Permissions. The account is the security boundary; with these the server reports a wrong subject instead of leaving the request unanswered. */
export function mediaGatewayPermissions(): Pick<Partial<User>, 'pub' | 'sub' | 'resp'> {
  return {
    pub: { allow: [...READS.map((call) => `${MEMBER_API}.${call}`), subjects.callSignal] },
    sub: { allow: ['_INBOX.>', subjects.callCommand] },
    // One reply to each command, within 10 s.
    resp: { max: 1, ttl: 10_000_000_000 },
  };
}
