/** A network that declares a kind of medium and then refuses one when it is handed over. */
import { MediaFile } from '#media';
import {
  HubError,
  levels,
  network,
  plainText,
  wordsOf,
  type ExternalPart,
  type MessageEvent,
} from '#protocol';
import { aMessage } from '../../../protocol/test/a-message.js';
import type { AnyAdapter } from '../adapter.contract.js';
import { Correlation } from '../correlation.js';
import { Delivery } from '../delivery.js';
import type { InWords } from './outgoing.js';
import type { AttachmentPreparer } from '../message-pieces.js';

const FILM: ExternalPart = {
  kind: 'external',
  disposition: 'attachment',
  contentType: 'video/mp4',
  filename: 'film.mp4',
  url: `hub-media:xmpp/${'a'.repeat(43)}` as NonNullable<ExternalPart['url']>,
  size: 1,
};
const LINK = 'https://hub.example/m/abc';

async function delivered(refusal: '105' | '106', instead: InWords) {
  const said: string[] = [];
  const adapter = {
    network: network('south'),
    capabilities: () => ({
      version: '1',
      language: 'en',
      features: levels(2),
      media: { video: {}, captions: true },
      limits: {},
    }),
    deliver: (event: MessageEvent) => {
      said.push(wordsOf(event.data.content.body));
      return Promise.resolve({ native: [`native-${said.length}`] });
    },
    deliverAttachment: () => Promise.reject(new HubError(refusal, 'the network says no')),
  } as unknown as AnyAdapter;
  const media: AttachmentPreparer = {
    pauseTransfersForText: () => undefined,
    ofText: () => Promise.reject(new Error('there are no cards in this play')),
    instead: () => Promise.resolve(instead),
    prepare: () => {
      const file = new MediaFile('/nowhere', { contentType: 'video/mp4', size: 1, sha256: '', meta: {} });
      file[Symbol.asyncDispose] = () => Promise.resolve();
      return Promise.resolve({ act: 'medium', medium: { file, as: 'video', part: FILM }, degradations: [] });
    },
  };
  const kept = new Map<string, unknown>();
  const bucket = {
    get: (key: string) => Promise.resolve(kept.get(key)),
    put: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  };
  const delivery = new Delivery({
    adapter,
    capabilities: () => adapter.capabilities(),
    correlation: new Correlation(network('south'), bucket),
    attachments: media,
  });
  const now = new Date().toISOString();
  const event = aMessage('x', {
    time: now,
    data: { ...aMessage().data, sentAt: now, content: { body: FILM } },
  });
  const result = await delivery.deliver(event, false, () => false);
  return { said, code: result.code, degradations: result.degradations };
}

const note = { feature: 'media', level: 0, rule: 'a link to it', by: network('south') } as const;

describe('a medium that is refused at its handover', () => {
  test.each(['105', '106'] as const)('%s: goes as a link, and that is no failure', async (refusal) => {
    const words = plainText(`(video: film.mp4) ${LINK}`);
    const { said, code, degradations } = await delivered(refusal, {
      act: 'words',
      words,
      degradations: [note],
    });
    expect(said).toEqual([`(video: film.mp4) ${LINK}`]);
    expect(code).toBeUndefined();
    expect(degradations).toEqual([note]);
  });

  test.each(['105', '106'] as const)('%s: in words, where the hub makes no links', async (refusal) => {
    const words = plainText('(video: film.mp4; too large for this network)');
    const { said, code } = await delivered(refusal, {
      act: 'words',
      words,
      failure: refusal,
      degradations: [],
    });
    expect(said).toEqual([words.content]);
    expect(code).toBe(refusal);
  });
});
