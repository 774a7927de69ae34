/** What a person sees -> a line to read. Pure. What other people wrote never controls the terminal. */
import { mapLink } from '#protocol';
import type { Sight } from '#simulators';
import type { CallState, PhoneWords, PresenceWord } from './words.js';

const MAX_TEXT = 10_000;
const MAX_NAME = 200;
const MAX_ADDRESS = 2000;
const KB = 1024;

/** Control characters but tab and line feed: an escape sequence in a message would otherwise run in the terminal. */
const CONTROL = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/** Fetion numbers its presence states; other networks have words. */
const PRESENCE: Record<string, PresenceWord> = {
  '-1': 'offline',
  '0': 'offline',
  '100': 'away',
  '150': 'onThePhone',
  '300': 'rightBack',
  '400': 'online',
  '499': 'online',
  '500': 'outToLunch',
  '600': 'busy',
  '800': 'doNotDisturb',
  '850': 'inAMeeting',
  online: 'online',
  available: 'online',
  away: 'away',
  xa: 'longAway',
  busy: 'busy',
  dnd: 'doNotDisturb',
  offline: 'offline',
  unavailable: 'offline',
  unknown: 'unknown',
};

const CALLS: Record<string, CallState> = {
  incoming: 'incoming',
  outgoing: 'outgoing',
  ringing: 'ringing',
  talking: 'talking',
  over: 'over',
};

const MEDIA: Record<string, keyof PhoneWords['media']> = {
  image: 'image',
  PICTURE: 'image',
  voice: 'voice',
  AUDIO: 'voice',
  video: 'video',
  VIDEO: 'video',
  file: 'file',
  FILE: 'file',
  sticker: 'sticker',
};

/** What the server of a file says about it. */
export interface MediaFacts {
  type?: string;
  bytes?: number;
}

export interface Showing {
  words: PhoneWords;
  /** "3" or "+3" for a line of this phone, by the native id of its message; "" if there is none. */
  lineOf: (id: string) => string;
  /** Of the attachment of the entry. */
  facts?: MediaFacts | undefined;
  colours: boolean;
}

export function presenceInWords(state: string | undefined, words: PhoneWords): string {
  if (state === undefined || state === '') return words.presence.unknown;
  const word = PRESENCE[state];
  return word ? words.presence[word] : words.otherPresence(cleaned(state, MAX_NAME, words));
}

/** HH:MM in the time zone of the terminal. */
export function timeOf(at: string | Date): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}

export function sizeInWords(bytes: number): string {
  if (bytes < KB) return `${bytes} B`;
  return bytes < KB * KB ? `${Math.round(bytes / KB)} KB` : `${(bytes / KB / KB).toFixed(1)} MB`;
}

export function shownSight(sight: Sight, showing: Showing): string {
  const { words } = showing;
  const { grey, red, cyan, green } = paints(showing.colours);
  const head = grey(`${timeOf(sight.at)} ${sight.n}`);
  const who = whoOf(sight, showing);
  const text = cleaned(sight.text ?? '', MAX_TEXT, words);
  const line = sight.target === undefined ? '' : showing.lineOf(sight.target);
  const tail = [sight.state === 'sms' ? words.sms : '', lateOf(sight, words)].filter(Boolean).join(' ');
  const end = tail ? ` ${grey(tail)}` : '';
  switch (sight.kind) {
    case 'text':
    case 'link':
      return `${head} ${cyan(who)}: ${text}${end}`;
    case 'media':
      return `${head} ${cyan(who)}: ${mediaInWords(sight, showing)}${end}`;
    case 'location':
      return `${head} ${cyan(who)}: ${placeInWords(sight, showing)}${end}`;
    case 'card':
      return `${head} ${cyan(who)}: [${words.card}] ${text}${end}`;
    case 'failed': {
      const reason = [sight.state ? `(${cleaned(sight.state, MAX_NAME, words)})` : '', text]
        .filter(Boolean)
        .join(' ');
      return `${head} ${red(`${words.notDelivered(line)}: ${reason}`)}${end}`;
    }
    case 'presence': {
      const presence = words.is(who, presenceInWords(sight.state, words));
      return `${head} ${green(text ? `${presence}: ${text}` : presence)}`;
    }
    case 'request':
      return `${head} ${green(words.wantsToBeAContact(who, cleaned(sight.from, MAX_NAME, words)))} ${text}`.trimEnd();
    case 'call': {
      const call = words.calls[CALLS[sight.state ?? ''] ?? 'over'](who);
      return `${head} ${green(text ? `${call} (${text})` : call)}`;
    }
    case 'sent':
      return `${head} ${text}`;
    default: {
      const more = [text, sight.emoji?.map((one) => cleaned(one, MAX_NAME, words)).join(' ') ?? ''];
      return `${head} ${grey([words.told[sight.kind](who, line), ...more].filter(Boolean).join(' '))}${end}`;
    }
  }
}

function whoOf({ name, from }: Sight, { words, colours }: Showing): string {
  const id = cleaned(from, MAX_NAME, words).replace(/\s+/g, ' ');
  const shown = cleaned(name ?? '', MAX_NAME, words)
    .replace(/\s+/g, ' ')
    .trim();
  return shown === '' || shown === id ? id : `${shown} ${paints(colours).grey(`<${id}>`)}`;
}

function mediaInWords({ state, text, media }: Sight, { words, facts }: Showing): string {
  const kind = words.media[MEDIA[state ?? ''] ?? 'file'];
  const name = cleaned(media?.name ?? '', MAX_NAME, words).replace(/\s+/g, ' ');
  const caption = text && text !== media?.name ? cleaned(text, MAX_TEXT, words) : '';
  const about = [
    name,
    facts?.type === undefined ? '' : cleaned(facts.type, MAX_NAME, words),
    facts?.bytes === undefined ? words.unknownSize : sizeInWords(facts.bytes),
    media?.seconds === undefined ? '' : words.seconds(Math.round(media.seconds)),
  ].filter(Boolean);
  const url = cleaned(media?.url ?? '', MAX_ADDRESS, words);
  return [`[${kind}] ${about.join(', ')}`, url, caption].filter(Boolean).join('  ');
}

function placeInWords({ place, text }: Sight, { words }: Showing): string {
  if (!place) return `[${words.place}] ${cleaned(text ?? '', MAX_TEXT, words)}`;
  const name = cleaned(place.name ?? '', MAX_NAME, words).replace(/\s+/g, ' ');
  const { latitude, longitude } = place;
  return [`[${words.place}]`, name, `${latitude}, ${longitude}`, mapLink({ latitude, longitude })]
    .filter(Boolean)
    .join('  ');
}

/** The date too, unless it was on the day on which it was seen. */
function lateOf({ since, at }: Sight, words: PhoneWords): string {
  const date = new Date(since ?? '');
  if (Number.isNaN(date.getTime())) return '';
  const sameDay = date.toDateString() === new Date(at).toDateString();
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  return words.sentAt(sameDay ? timeOf(date) : `${day} ${timeOf(date)}`);
}

/** Without what controls a terminal, and of bounded length. */
export function cleaned(text: string, max: number, words: PhoneWords): string {
  const clean = text.replace(/\r\n?/g, '\n').replace(CONTROL, '');
  const chars = Array.from(clean.slice(0, 2 * max));
  if (chars.length <= max && clean.length <= 2 * max) return clean;
  const shown = chars.slice(0, max).join('');
  return `${shown}${words.cut(clean.length - shown.length)}`;
}

interface Paints {
  grey: (text: string) => string;
  red: (text: string) => string;
  cyan: (text: string) => string;
  green: (text: string) => string;
}

export function paints(colours: boolean): Paints {
  const paint = (code: number) => (text: string) => (colours ? `\u001B[${code}m${text}\u001B[0m` : text);
  return { grey: paint(90), red: paint(31), cyan: paint(36), green: paint(32) };
}
