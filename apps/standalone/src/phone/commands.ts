/** A line that somebody typed into their terminal phone -> what to do. Pure. */
import type { Act, Sight } from '#simulators';
import type { CommandName, PhoneWords } from './words.js';

/** A line that the person sent with this phone. */
export interface OwnLine {
  to: string;
  id: string;
  text: string;
}

/** What the phone knows when a line is typed. */
export interface Situation {
  peer: string | undefined;
  /** By the number before a line that was received. */
  sightOf: (n: number) => Sight | undefined;
  /** By the number after the + before a line that was sent. */
  ownOf: (n: number) => OwnLine | undefined;
  /** Of whomever was typed, as the network's client addresses them. */
  addressed: (who: string) => string;
  words: PhoneWords;
}

export type Command =
  | { do: 'nothing' | 'help' | 'quit' | 'contacts' | 'pair' }
  | { do: 'wrong'; why: string }
  | { do: 'to'; peer: string }
  | { do: 'file'; what: 'image' | 'voice'; to: string; path: string }
  | { do: 'act'; act: Act };

const MAX_PLACE_NAME = 100;
const COORDINATE = /^[+-]?\d{1,3}(?:\.\d{1,15})?$/;

const HOW = { call: 'begin', accept: 'accept', decline: 'decline', hangup: 'end', press: 'press' } as const;
type CallCommand = keyof typeof HOW;

/** Words that stand for a command in other languages. */
const ALIASES: Record<string, CommandName> = { 帮助: 'help' };

export function usageOf(name: CommandName, { commands }: PhoneWords): string {
  return `/${name} ${commands[name].takes}`.trimEnd();
}

export function helpText(words: PhoneWords): string {
  const names = Object.keys(words.commands) as CommandName[];
  const usages = names.map((name) => usageOf(name, words));
  const width = Math.max(...usages.map(columns)) + 2;
  const lines = names.map((name, at) => {
    const usage = usages[at] ?? '';
    return `  ${usage}${' '.repeat(width - columns(usage))}${words.commands[name].does}`;
  });
  return [...lines, words.helpEnd].join('\n');
}

export function readCommand(line: string, situation: Situation): Command {
  const { words } = situation;
  const text = line.trim();
  if (text === '') return { do: 'nothing' };
  if (!/^[/／]/.test(text)) return write(line, situation);
  if (/^[/／]{2}/.test(text)) return write(text.slice(1), situation);
  const [, typed = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(text.slice(1)) ?? [];
  const word = typed.normalize('NFKC').toLowerCase();
  const name = ALIASES[word] ?? word;
  if (!isCommand(name, words)) return wrong(words.noSuchCommand(typed));
  return isCallCommand(name) ? callCommand(name, rest, situation) : command(name, rest, situation);
}

function isCommand(name: string, { commands }: PhoneWords): name is CommandName {
  return Object.hasOwn(commands, name);
}

function wrong(why: string): Command {
  return { do: 'wrong', why };
}

/** @param rest what follows the name, exactly as typed */
function command(name: Exclude<CommandName, CallCommand>, rest: string, situation: Situation): Command {
  const [first, more] = firstWord(rest);
  switch (name) {
    case 'help':
    case 'quit':
    case 'contacts':
    case 'pair':
      return { do: name };
    case 'picture':
    case 'voice':
    case 'place':
    case 'nudge':
    case 'typing':
      return toPeer(situation, (to) => forPeer(name, to, rest, situation.words));
    case 'online':
    case 'away':
      return appear(name, rest);
    case 'to':
    case 'add':
    case 'yes':
    case 'no':
    case 'remove':
      return aboutPerson(name, first, more, situation);
    case 'reply':
    case 'react':
    case 'read':
      return aboutReceived(name, first, more, situation);
    case 'edit':
    case 'recall':
      return aboutOwn(name, first, more, situation);
  }
}

/** A phone has one call at a time: only its beginning needs to know with whom. */
function callCommand(name: CallCommand, key: string, situation: Situation): Command {
  const { words } = situation;
  if (name === 'press' && !/^[0-9*#]$/.test(key)) return wrong(words.usage(usageOf(name, words)));
  const pressed = name === 'press' ? { key } : {};
  const act = (who: string): Command => ({ do: 'act', act: { do: 'call', who, how: HOW[name], ...pressed } });
  return name === 'call' ? toPeer(situation, act) : act(situation.peer ?? '');
}

function isCallCommand(name: CommandName): name is CallCommand {
  return Object.hasOwn(HOW, name);
}

function appear(state: 'online' | 'away', mood: string): Command {
  return { do: 'act', act: { do: 'appear', state, ...(mood ? { mood } : {}) } };
}

function write(text: string, situation: Situation): Command {
  return toPeer(situation, (to) => ({ do: 'act', act: { do: 'write', to, text } }));
}

function toPeer({ peer, words }: Situation, then: (peer: string) => Command): Command {
  return peer === undefined ? wrong(words.toWhom) : then(peer);
}

function forPeer(
  name: 'picture' | 'voice' | 'place' | 'nudge' | 'typing',
  to: string,
  rest: string,
  words: PhoneWords,
): Command {
  switch (name) {
    case 'picture':
    case 'voice':
      return rest === ''
        ? wrong(words.usage(usageOf(name, words)))
        : { do: 'file', what: name === 'picture' ? 'image' : 'voice', to, path: rest };
    case 'place':
      return place(to, rest, words);
    case 'nudge':
      return { do: 'act', act: { do: 'nudge', to } };
    case 'typing':
      return { do: 'act', act: { do: 'type', to, on: true } };
  }
}

/** The number of a line stands for its sender; nobody has a number as short as that. */
function whoIs(typed: string, { sightOf, addressed }: Situation): string {
  const sight = /^\d{1,4}$/.test(typed.normalize('NFKC')) ? sightOf(lineNumber(typed)) : undefined;
  return sight?.from ?? addressed(typed);
}

/** Degrees with a space or a comma between them; full-width digits and signs count as the usual ones. */
function place(to: string, rest: string, words: PhoneWords): Command {
  const [, lat = '', lon = '', typed = ''] =
    /^([^\s,，]+)(?:\s*[,，]\s*|\s+)([^\s,，]+)\s*([\s\S]*)$/.exec(rest) ?? [];
  const [latitude, longitude] = [degrees(lat, 90), degrees(lon, 180)];
  if (latitude === undefined || longitude === undefined) return wrong(words.notACoordinate);
  const name = typed.trim();
  if (Array.from(name).length > MAX_PLACE_NAME) return wrong(words.placeNameTooLong(MAX_PLACE_NAME));
  return { do: 'act', act: { do: 'place', to, latitude, longitude, ...(name ? { name } : {}) } };
}

function degrees(typed: string, max: number): number | undefined {
  const plain = typed.normalize('NFKC').replace('\u2212', '-');
  const value = COORDINATE.test(plain) ? Number(plain) : Number.NaN;
  return Math.abs(value) <= max ? value : undefined;
}

function aboutPerson(
  name: 'to' | 'add' | 'yes' | 'no' | 'remove',
  typed: string,
  more: string,
  situation: Situation,
): Command {
  if (typed === '') return wrong(situation.words.usage(usageOf(name, situation.words)));
  const who = whoIs(typed, situation);
  switch (name) {
    case 'to':
      return { do: 'to', peer: who };
    case 'add':
      return { do: 'act', act: { do: 'add', who, ...(more ? { note: more } : {}) } };
    case 'yes':
    case 'no':
      return { do: 'act', act: { do: 'answer', who, yes: name === 'yes' } };
    case 'remove':
      return { do: 'act', act: { do: 'remove', who } };
  }
}

function aboutReceived(
  name: 'reply' | 'react' | 'read',
  number: string,
  more: string,
  { sightOf, words }: Situation,
): Command {
  const sight = sightOf(lineNumber(number));
  const usage = usageOf(name, words);
  if (!sight) return wrong(words.notALine(usage));
  const about = { to: sight.from, target: sight.id };
  switch (name) {
    case 'reply':
      return more === ''
        ? wrong(words.usage(usage))
        : { do: 'act', act: { do: 'write', to: sight.from, text: more, quote: sight.id } };
    case 'react':
      return { do: 'act', act: { do: 'react', ...about, emoji: more === '' ? ['👍'] : more.split(/\s+/) } };
    case 'read':
      return { do: 'act', act: { do: 'read', ...about } };
  }
}

function aboutOwn(
  name: 'edit' | 'recall',
  number: string,
  more: string,
  { ownOf, words }: Situation,
): Command {
  const usage = usageOf(name, words);
  const own = /^[+＋]/.test(number) ? ownOf(lineNumber(number.slice(1))) : undefined;
  if (!own) return wrong(words.notYourLine(usage));
  const about = { to: own.to, target: own.id };
  if (name === 'recall') return { do: 'act', act: { do: 'recall', ...about } };
  return more === '' ? wrong(words.usage(usage)) : { do: 'act', act: { do: 'edit', ...about, text: more } };
}

function lineNumber(typed: string): number {
  const plain = typed.normalize('NFKC');
  return /^\d{1,9}$/.test(plain) ? Number(plain) : Number.NaN;
}

function firstWord(text: string): [string, string] {
  const [, first = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  return [first, rest];
}

/** Columns of a terminal: Chinese characters and signs take two. */
function columns(text: string): number {
  return Array.from(text).reduce((sum, char) => sum + (/[\u2e80-\uffef]/.test(char) ? 2 : 1), 0);
}
