/**
 * Speaks a message by a call: the last step of a delivery ladder. Who answers hears it twice, and presses 1 to say so; only then
 * it counts as delivered. A long text is spoken in parts, one after the other, in the same call.
 */
import type { Delivered } from '#adapter-kit';
import type { Clock } from '#adapter-session';
import { HubError, toHubError, type Address, type MessageEvent, type Party } from '#protocol';
import { runInBackground, type Log } from '#service';
import { splitText } from '#text';
import type { Act } from '../calls/leg.js';
import { textOf } from '../from-canonical.js';
import { SoundLine } from './sound-line.js';
import type { Speech } from './speech.js';

/** How long is waited for the key after the last word. */
const ANSWER_MS = 8000;
const TIMES = 2;
const HEARD = '1';
/** Of one part. */
const PART = { textBytes: 700 };
const MOST_PARTS = 20;
/** What is spoken in one call. Longer texts come in several ones. */
export const SPOKEN = { textBytes: 6000 };

export interface SpokenMessagesOptions {
  speech: Pick<Speech, 'of'>;
  /** IPv4 address at which the sound of the other end arrives. */
  address: string;
  clock: Clock;
  log: Log;
  nameOf(party: Party): string;
  /** Calls somebody. @returns hangs up. @throws HubError 14, 65, 91, 92 */
  call(
    from: Party,
    to: Address,
    id: string,
    offer: string,
    did: (act: Act) => void,
    pressed: (key: string) => void,
  ): Promise<{ hangUp(): void }>;
}

export class SpokenMessages {
  constructor(private readonly options: SpokenMessagesOptions) {}

  /**
   * @param key identity of the call
   * @throws HubError 12: too long; 68: nobody answered; 103: somebody answered, and did not say whether they heard it
   */
  async deliver(event: MessageEvent, key: string): Promise<Delivered> {
    const { from, to } = event.data;
    await this.spoken(from, to, key, await this.sounds(sentences(this.options.nameOf(from), textOf(event))));
    return { native: [key], basis: 'user-device' };
  }

  private async sounds(parts: readonly string[]): Promise<Buffer[]> {
    if (parts.length > MOST_PARTS) throw new HubError('12', 'a text of this length is not spoken');
    const sounds: Buffer[] = [];
    for (const part of parts) sounds.push(await this.options.speech.of(part));
    return sounds;
  }

  private async spoken(from: Party, to: Address, key: string, sounds: readonly Buffer[]): Promise<void> {
    /** How it ended; undefined: they have heard it. */
    const ended = Promise.withResolvers<HubError | undefined>();
    const { clock, log, address } = this.options;
    let stopWaiting = (): void => undefined;
    const pressed = (which: string): void => {
      if (which === HEARD) ended.resolve(undefined);
    };
    const line = await SoundLine.open(address, pressed);
    const play = async (): Promise<void> => {
      try {
        for (let time = 0; time < TIMES; time++) for (const sound of sounds) await line.play(sound);
        if (!line.isClosed) stopWaiting = clock.after(ANSWER_MS, () => ended.resolve(UNCONFIRMED()));
      } catch (error) {
        ended.resolve(toHubError(error));
      }
    };
    const did = (act: Act): void => {
      if (act.action === 'ringing') return;
      if (act.action !== 'accepted')
        return ended.resolve(act.action === 'ended' ? UNCONFIRMED() : UNANSWERED());
      if (!line.connect(act.session)) return ended.resolve(new HubError('12', 'the telephone has no PCMU'));
      runInBackground('a spoken message', log, play);
    };
    try {
      const call = await this.options.call(from, to, key, line.offer, did, pressed);
      const failure = await ended.promise;
      call.hangUp();
      if (failure) throw failure;
      log.info({ key }, 'a message was spoken and heard');
    } finally {
      line.close();
      stopWaiting();
    }
  }
}

const UNANSWERED = () => new HubError('68', 'nobody answered the telephone');
const UNCONFIRMED = () => new HubError('103', 'the telephone was answered, and nobody pressed 1');

/** What is spoken, part by part, in the language of the words, as far as it can be seen. */
function sentences(name: string, text: string): string[] {
  const [before, after] = /\p{Script=Han}/u.test(text)
    ? [`您好，${name}给您发来消息：`, '。听到请按一。']
    : [`Hello. A message from ${name}: `, '. Press 1 if you heard this.'];
  return splitText(`${before}${text}${after}`, PART);
}
