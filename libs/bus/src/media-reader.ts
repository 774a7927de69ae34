/** How one block of an attachment is read: by the hub from the stream, by a network from the media service. */
import {
  HubError,
  MEDIA_REPLY,
  mediaStream,
  mediaSubject,
  mediaUrl,
  subjects,
  type MediaPlace,
  type Network,
} from '#protocol';
import type { BusSession } from './bus-connection.js';
import { lastMessage } from './direct-read.js';

export type MediaBlock = number | 'info';

export interface StoredBlock {
  data: Uint8Array;
  storedAt: Date;
}

/** @returns undefined when it is not there */
export type ReadBlock = (
  session: BusSession,
  place: MediaPlace,
  block: MediaBlock,
) => Promise<StoredBlock | undefined>;

/** For the hub's own processes. */
export const readFromStream: ReadBlock = async ({ jsm }, place, block) => {
  const found = await jsm.streams.getMessage(mediaStream(place.network), {
    last_by_subj: mediaSubject(place, block),
  });
  return found ? { data: found.data, storedAt: found.time } : undefined;
};

/**
 * For the media gateway, whose account reads single messages by their subject and cannot ask the stream anything else
 * (media-gateway-account.ts).
 */
export const readDirectly: ReadBlock = async (session, place, block) => {
  const found = await lastMessage(session, mediaStream(place.network), mediaSubject(place, block));
  return found ? { data: found.data, storedAt: found.time } : undefined;
};

const ANSWER_MS = 10_000;

/** For the adapter of a network, whose account cannot see the stream. @throws HubError 36, 65, 91 */
export function readFromService(network: Network): ReadBlock {
  return async ({ nc }, place, block) => {
    const request = {
      url: mediaUrl(place),
      part: block,
      ...(place.grant === undefined ? {} : { grant: place.grant }),
    };
    const reply = await nc.request(subjects.control('media', network), JSON.stringify(request), {
      timeout: ANSWER_MS,
    });
    switch (reply.headers?.get(MEDIA_REPLY.code)) {
      case '00':
        return { data: reply.data, storedAt: new Date(reply.headers.get(MEDIA_REPLY.storedAt)) };
      case '107':
        return undefined;
      case '36':
        throw new HubError('107', 'the attachment was not addressed to this network');
      default:
        throw new HubError('91', 'the media service is busy or away');
    }
  };
}
