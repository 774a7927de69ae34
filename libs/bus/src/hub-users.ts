/** Users of the hub's account that have less than all of it. */
import { ANY, BUCKETS, mediaSubject } from '#protocol';

export interface UserPermissions {
  pub: { allow: string[] };
  sub: { allow: string[] };
}

/** Replies to the media gateway come under this prefix: with `_INBOX.>` it could hear the replies to every process of the hub. */
export const MEDIA_GATEWAY_INBOX = '_INBOX_MEDIA_GATEWAY';

/**
 * The media gateway reads links by their id, and blocks of attachments by their subject. It can list neither, and it can
 * write nothing: no event, no outcome, no link.
 */
export function mediaGatewayPermissions(): UserPermissions {
  const read = (stream: string, subject: string) => `$JS.API.DIRECT.GET.${stream}.${subject}`;
  return {
    pub: {
      allow: [
        read(ANY, mediaSubject({ network: ANY, object: ANY }, ANY)),
        read(`KV_${BUCKETS.links}`, `$KV.${BUCKETS.links}.link.*`),
      ],
    },
    sub: { allow: [`${MEDIA_GATEWAY_INBOX}.>`] },
  };
}
