/** What the phones on the wall show, computed from the events of the server. Pure. */
import type { Body, CallState, Change, ChatKey, PhoneId, Step, WallEvent } from './events.js';

export type Sending = 'sending' | 'sent' | 'delivered' | 'read' | 'failed';
const ORDER: readonly Sending[] = ['sending', 'failed', 'sent', 'delivered', 'read'];

export interface Message {
  /** Of this wall: stays the same when the network gives the message its id. */
  key: string;
  /** Native id; empty until the network has given one. */
  id: string;
  mine: boolean;
  at: number;
  body: Body;
  edited?: true;
  recalled?: true;
  reply?: string;
  quote?: string;
  reactions: readonly Reaction[];
  state?: Sending;
  why?: string;
}

export interface Reaction {
  emoji: string;
  mine: boolean;
  /** Native id of the reaction, where it is one message: it can be taken back. */
  id?: string;
}

export interface Chat {
  key: ChatKey;
  /** Name that the client showed last. */
  name?: string;
  messages: readonly Message[];
  /** The peer types, since this time. */
  typingSince?: number;
  presence?: { state: 'available' | 'away' | 'offline'; mood: string };
  asked?: true;
  /** The last call. */
  call?: { state: CallState; why: string; at: number };
  isContact?: boolean;
}

export interface Travel {
  key: string;
  phone: PhoneId;
  at: number;
  from: string;
  to: string;
  /** Name that the phone of the sender shows for the chat: that of a group, or of a stranger. */
  chatName?: string;
  state: string;
  steps: readonly Step[];
}

export interface WallState {
  ready: boolean;
  playing: boolean;
  phones: Readonly<Record<PhoneId, Readonly<Record<ChatKey, Chat>>>>;
  /** Newest first. */
  travels: readonly Travel[];
}

const MOST_MESSAGES = 500;
const MOST_TRAVELS = 30;

export const EMPTY_WALL: WallState = { ready: false, playing: false, phones: {}, travels: [] };

export function apply(state: WallState, event: WallEvent): WallState {
  switch (event.type) {
    case 'hello':
      return EMPTY_WALL;
    case 'ready':
      return { ...state, ready: true };
    case 'play':
      return { ...state, playing: event.on };
    case 'opened':
      return { ...state, phones: { ...state.phones, [event.phone]: state.phones[event.phone] ?? {} } };
    case 'closed': {
      const { [event.phone]: _closed, ...phones } = state.phones;
      return { ...state, phones };
    }
    case 'travel': {
      const { key, phone, chat, at, from, to, state: reached, steps } = event;
      const others = state.travels.filter((travel) => travel.key !== key);
      const name = state.phones[phone]?.[chat]?.name;
      const known = name === undefined ? {} : { chatName: name };
      const travels = [{ key, phone, at, from, to, ...known, state: reached, steps }, ...others]
        .toSorted((one, other) => other.at - one.at)
        .slice(0, MOST_TRAVELS);
      return { ...state, travels };
    }
    default: {
      const chats = state.phones[event.phone];
      if (!chats) return state;
      const chat = chats[event.chat] ?? { key: event.chat, messages: [] };
      const phone = { ...chats, [event.chat]: inChat(chat, event) };
      return { ...state, phones: { ...state.phones, [event.phone]: phone } };
    }
  }
}

type ChatEvent = Extract<WallEvent, { chat: ChatKey }>;

function inChat(chat: Chat, event: Exclude<ChatEvent, { type: 'travel' }>): Chat {
  switch (event.type) {
    case 'sending': {
      const { key, at, body, reply } = event;
      const message: Message = { key, id: '', mine: true, at, body, reactions: [], state: 'sending' };
      return added(chat, reply === undefined ? message : { ...message, reply });
    }
    case 'sent':
      return changed(
        chat,
        ({ key }) => key === event.key,
        (message) => ({
          ...message,
          id: event.id,
          ...forward(message, 'sent'),
        }),
      );
    case 'unsent':
      return changed(
        chat,
        ({ key }) => key === event.key,
        (message) => ({ ...message, state: 'failed', why: event.why }),
      );
    case 'arrived': {
      const { at, id, body, reply, quote } = event;
      const message: Message = {
        key: `${id}-${chat.messages.length}`,
        id,
        mine: false,
        at,
        body,
        reactions: [],
      };
      const { typingSince: _typed, ...rest } = chat;
      return added(
        { ...rest, name: event.name },
        { ...message, ...(reply === undefined ? {} : { reply }), ...(quote === undefined ? {} : { quote }) },
      );
    }
    case 'mark': {
      const last = chat.messages.findLastIndex(({ mine, id }) => mine && id === event.target);
      return {
        ...chat,
        messages: chat.messages.map((message, at) =>
          message.mine && at <= last ? { ...message, ...forward(message, event.state) } : message,
        ),
      };
    }
    case 'failed':
      return changed(
        chat,
        ({ mine, id }) => mine && id === event.target,
        (message) => ({
          ...message,
          state: 'failed',
          why: event.why,
        }),
      );
    case 'changed':
      return applyChange(chat, event.target, event.change, event.id);
    case 'typing': {
      const { typingSince: _before, ...rest } = chat;
      return event.on ? { ...rest, typingSince: event.at } : rest;
    }
    case 'presence':
      return { ...chat, presence: { state: event.state, mood: event.mood } };
    case 'call': {
      const { state, why, at } = event;
      return { ...chat, name: event.name, call: { state, why, at } };
    }
    case 'asked':
      return { ...chat, name: event.name, asked: true };
    case 'contact': {
      const { asked: _asked, ...rest } = chat;
      return { ...rest, isContact: event.is };
    }
  }
}

/** A state only moves forward. */
function forward(message: Message, state: Sending): Pick<Message, 'state'> {
  const before = message.state ?? 'sending';
  return { state: ORDER.indexOf(state) > ORDER.indexOf(before) ? state : before };
}

function added(chat: Chat, message: Message): Chat {
  return { ...chat, messages: [...chat.messages, message].slice(-MOST_MESSAGES) };
}

function changed(chat: Chat, which: (message: Message) => boolean, how: (message: Message) => Message): Chat {
  return { ...chat, messages: chat.messages.map((message) => (which(message) ? how(message) : message)) };
}

function applyChange(chat: Chat, target: string, change: Change, id?: string): Chat {
  const isTarget = (message: Message) => message.id === target && target !== '';
  switch (change.do) {
    case 'edit':
      return changed(chat, isTarget, (message) => ({
        ...message,
        body: { kind: 'text', text: change.text },
        edited: true,
      }));
    case 'recall': {
      // A reaction that is a message of its own is taken back by recalling it.
      const reacted = chat.messages.some(({ reactions }) => reactions.some((one) => one.id === target));
      if (reacted)
        return changed(
          chat,
          () => true,
          (message) => ({
            ...message,
            reactions: message.reactions.filter((one) => one.id !== target),
          }),
        );
      return changed(chat, isTarget, (message) => ({ ...message, recalled: true }));
    }
    case 'react':
      return changed(chat, isTarget, (message) => ({
        ...message,
        reactions: reactionsAfter(message, change, id),
      }));
  }
}

function reactionsAfter(
  { reactions }: Message,
  { emoji, mine, all }: Extract<Change, { do: 'react' }>,
  id?: string,
): readonly Reaction[] {
  const kept = all ? reactions.filter((one) => one.mine !== mine) : reactions;
  const fresh = emoji
    .filter((one) => !kept.some((known) => known.mine === mine && known.emoji === one))
    .map((one) => ({ emoji: one, mine, ...(id === undefined ? {} : { id }) }));
  return [...kept, ...fresh];
}

/** Newest conversation first. */
export function byTime(chats: Readonly<Record<ChatKey, Chat>>): Chat[] {
  const last = ({ messages, call }: Chat) => Math.max(messages.at(-1)?.at ?? 0, call?.at ?? 0);
  return Object.values(chats).toSorted((one, other) => last(other) - last(one));
}
