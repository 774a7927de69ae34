/** A line that somebody typed into his terminal phone -> what to do; a sight -> a line to read. Pure. */
import type { Act, Sight } from '#simulators';

export type Command =
  | { do: 'nothing' | 'help' | 'quit' | 'contacts' }
  | { do: 'wrong'; why: string }
  | { do: 'to'; peer: string }
  | { do: 'act'; act: Act };

export const HELP_IN_CHAT = `  text                 to the one you write to
  /to <who>            choose whom you write to
  /contacts            the people you know, with their presence
  /add <who> [words]   ask to be a contact      /yes <who>  /no <who>  /remove <who>
  /reply <n> <text>    answer line n            /edit <n> <text>  /recall <n>  /react <n> 👍
  /read <n>            tell that you read it    /nudge  /typing
  /online /away        your presence            /quit`;

/** @param sightOf finds a line by the number before it */
export function readCommand(
  line: string,
  peer: string | undefined,
  sightOf: (n: number) => Sight | undefined,
): Command {
  const text = line.trim();
  if (text === '') return { do: 'nothing' };
  if (!text.startsWith('/'))
    return peer === undefined
      ? { do: 'wrong', why: 'To whom? /to <who> first.' }
      : { do: 'act', act: { do: 'write', to: peer, text: line } };
  const [name = '', first = '', ...rest] = text.slice(1).split(/\s+/);
  const words = rest.join(' ');
  switch (name) {
    case 'help':
    case 'quit':
    case 'contacts':
      return { do: name };
    case 'to':
      return first === '' ? { do: 'wrong', why: '/to <who>' } : { do: 'to', peer: first };
    case 'add':
      return { do: 'act', act: { do: 'add', who: first, ...(words ? { note: words } : {}) } };
    case 'yes':
    case 'no':
      return { do: 'act', act: { do: 'answer', who: first, yes: name === 'yes' } };
    case 'remove':
      return { do: 'act', act: { do: 'remove', who: first } };
    case 'online':
    case 'away':
      return {
        do: 'act',
        act: { do: 'appear', state: name === 'away' ? '100' : '400', ...(first ? { mood: first } : {}) },
      };
    case 'nudge':
      return to(peer, (who) => ({ do: 'nudge', to: who }));
    case 'typing':
      return to(peer, (who) => ({ do: 'type', to: who, on: true }));
    default:
      return aboutLine(name, sightOf(Number(first)), words);
  }
}

function to(peer: string | undefined, act: (who: string) => Act): Command {
  return peer === undefined
    ? { do: 'wrong', why: 'To whom? /to <who> first.' }
    : { do: 'act', act: act(peer) };
}

function aboutLine(name: string, sight: Sight | undefined, words: string): Command {
  const known = ['reply', 'edit', 'recall', 'react', 'read'];
  if (!known.includes(name)) return { do: 'wrong', why: `There is no /${name}: see /help.` };
  if (!sight) return { do: 'wrong', why: `/${name} <n>: n is the number before a line` };
  const about = { to: sight.from, target: sight.id };
  const acts: Record<string, Act> = {
    reply: { do: 'write', to: sight.from, text: words, quote: sight.id },
    edit: { do: 'edit', ...about, text: words },
    recall: { do: 'recall', ...about },
    react: { do: 'react', ...about, emoji: words === '' ? ['👍'] : words.split(' ') },
    read: { do: 'read', ...about },
  };
  const act = acts[name];
  return act ? { do: 'act', act } : { do: 'wrong', why: HELP_IN_CHAT };
}

const GREY = '\u001B[90m';
const GREEN = '\u001B[32m';
const RED = '\u001B[31m';
const CYAN = '\u001B[36m';
const END = '\u001B[0m';

/** As Fetion numbers them; other networks have words already. */
const PRESENCE: Record<string, string> = { '0': 'offline', '100': 'away', '400': 'online', '600': 'busy' };

export function presenceInWords(state: string | undefined): string {
  return state === undefined ? 'of unknown presence' : (PRESENCE[state] ?? state);
}

export function shownSight({ n, kind, from, name, text, state, target, emoji, since }: Sight): string {
  const who = name && name !== from ? `${name} ${GREY}${from}${END}` : from;
  const late = since ? ` ${GREY}(sent ${since})${END}` : '';
  switch (kind) {
    case 'text':
      return `${GREY}${n}${END} ${CYAN}${who}${END}: ${text ?? ''}${state === 'sms' ? ` ${GREY}(SMS)${END}` : ''}${late}`;
    case 'failed':
      return `${GREY}${n}${END} ${RED}not delivered: ${text ?? state ?? ''}${END}`;
    case 'presence':
      return `${GREY}${n}${END} ${GREEN}${who} is ${presenceInWords(state)}${END}`;
    case 'request':
      return `${GREY}${n}${END} ${GREEN}${who} wants to be a contact: /yes ${from} or /no ${from}${END} ${text ?? ''}`;
    default:
      return `${GREY}${n} ${kind} ${who} ${text ?? emoji?.join(' ') ?? state ?? ''}${target ? ` (${target})` : ''}${END}`;
  }
}
