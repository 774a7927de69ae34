/** How one block of an attachment is read: by the hub from the stream, by a network from the media service. */
import {
  HubError,
  MEDIA_REPLY,
  mediaStream,
  mediaSubject,
  mediaUrl,
  parseJson,
  problemOfReply,
  RequestError,
  subjects,
  type MediaPlace,
  type MediaRequest,
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

/**
 * For the adapter of a network, whose account cannot see the stream.
 * @throws HubError 107 for a refusal, with its text; 91 when the attachment can be read later
 */
export function readFromService(network: Network): ReadBlock {
  return async ({ nc }, place, block) => {
    const request: MediaRequest = {
      url: mediaUrl(place),
      part: block,
      ...(place.grant === undefined ? {} : { grant: place.grant }),
    };
    const reply = await nc.request(subjects.control('media', network), JSON.stringify(request), {
      timeout: ANSWER_MS,
    });
    if (reply.headers?.get(MEDIA_REPLY.code) === '00')
      return { data: reply.data, storedAt: new Date(reply.headers.get(MEDIA_REPLY.storedAt)) };
    const error = RequestError.safeParse(parseJson(reply.data));
    if (!error.success) throw new HubError('91', 'the media service is away, or its reply cannot be read');
    const { code, text } = error.data;
    if (code === '107') return undefined;
    const cause = problemOfReply(error.data);
    if (cause.verdict === 'retry') throw new HubError('91', `the media service: ${code} ${text}`, { cause });
    throw new HubError('107', text, { cause });
  };
}
