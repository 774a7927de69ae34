import { apply, byTime, EMPTY_WALL, type Chat, type WallState } from './chats.js';
import type { Body, WallEvent } from './events.js';

const PHONE = 'fetion-0';
const CHAT = 'im:alice@xmpp';
const where = { phone: PHONE, chat: CHAT };
const text = (words: string): Body => ({ kind: 'text', text: words });
const opened: WallEvent = { type: 'opened', phone: PHONE };
const sending = (key: string, words = key): WallEvent => ({
  type: 'sending',
  ...where,
  at: 1,
  key,
  body: text(words),
});
const sent = (key: string): WallEvent => ({ type: 'sent', ...where, key, id: `id of ${key}` });
const arrived = (id: string, at = 2): WallEvent => ({
  type: 'arrived',
  ...where,
  at,
  name: 'Alice',
  id,
  body: text(id),
});

function after(...events: WallEvent[]): WallState {
  return [opened, ...events].reduce(apply, EMPTY_WALL);
}

function chatAfter(...events: WallEvent[]): Chat {
  const chat = after(...events).phones[PHONE]?.[CHAT];
  if (!chat) throw new Error('the phone has no such chat');
  return chat;
}

describe('ticks of an own message', () => {
  const states = (...events: WallEvent[]) => chatAfter(...events).messages.map(({ state }) => state);

  test('it is being sent, sent, delivered, read', () => {
    const mark = (state: 'delivered' | 'read'): WallEvent => ({
      type: 'mark',
      ...where,
      target: 'id of a',
      state,
    });
    expect(states(sending('a'))).toEqual(['sending']);
    expect(states(sending('a'), sent('a'))).toEqual(['sent']);
    expect(states(sending('a'), sent('a'), mark('delivered'))).toEqual(['delivered']);
    expect(states(sending('a'), sent('a'), mark('read'), mark('delivered'))).toEqual(['read']);
  });

  test('a mark counts for the earlier messages too, and not for later ones', () => {
    const mark: WallEvent = { type: 'mark', ...where, target: 'id of b', state: 'read' };
    const all = ['a', 'b', 'c'].flatMap((key) => [sending(key), sent(key)]);
    expect(states(...all, mark)).toEqual(['read', 'read', 'sent']);
  });

  test('a mark for a message that this phone did not send changes nothing', () => {
    expect(
      states(sending('a'), sent('a'), { type: 'mark', ...where, target: 'other', state: 'read' }),
    ).toEqual(['sent']);
  });

  test('what the network refuses has failed, with the reason', () => {
    const [message] = chatAfter(sending('a'), {
      type: 'unsent',
      ...where,
      key: 'a',
      why: 'no such person',
    }).messages;
    expect(message).toMatchObject({ state: 'failed', why: 'no such person' });
  });
});

describe('what is done to a message', () => {
  test('an edit replaces its text, a recall hides it', () => {
    const edited = chatAfter(arrived('m'), {
      type: 'changed',
      ...where,
      target: 'm',
      change: { do: 'edit', text: 'new' },
    });
    expect(edited.messages).toMatchObject([{ body: text('new'), edited: true }]);
    const recalled = chatAfter(arrived('m'), {
      type: 'changed',
      ...where,
      target: 'm',
      change: { do: 'recall' },
    });
    expect(recalled.messages).toMatchObject([{ recalled: true }]);
  });

  const react = (emoji: string[], all: boolean, id?: string): WallEvent => ({
    type: 'changed',
    ...where,
    target: 'id of a',
    ...(id === undefined ? {} : { id }),
    change: { do: 'react', emoji, mine: false, all },
  });
  const emojiAfter = (...events: WallEvent[]) =>
    chatAfter(sending('a'), sent('a'), ...events).messages[0]?.reactions.map(({ emoji }) => emoji);

  test('a set of reactions replaces the earlier set of the same person', () => {
    expect(emojiAfter(react(['👍', '🎉'], true), react(['🎉'], true))).toEqual(['🎉']);
    expect(emojiAfter(react(['👍'], true), react([], true))).toEqual([]);
  });

  test('reactions that are messages of their own add up, and are recalled one by one', () => {
    const both = [react(['👍'], false, 'r1'), react(['🎉'], false, 'r2')];
    expect(emojiAfter(...both)).toEqual(['👍', '🎉']);
    const back: WallEvent = { type: 'changed', ...where, target: 'r1', change: { do: 'recall' } };
    expect(emojiAfter(...both, back)).toEqual(['🎉']);
  });
});

test('a phone rings until its owner answers, and the chat comes first', () => {
  const called = { type: 'call', phone: 'a', chat: 'x', name: 'Bo', at: 5, why: '' } as const;
  const state = [
    { type: 'opened', phone: 'a' } as const,
    { ...called, state: 'incoming' } as const,
    { ...called, state: 'over', why: 'missed', at: 6 } as const,
  ].reduce(apply, EMPTY_WALL);
  expect(state.phones['a']?.['x']).toMatchObject({
    name: 'Bo',
    call: { state: 'over', why: 'missed', at: 6 },
  });
});

test('a message ends the typing of its author', () => {
  const typing: WallEvent = { type: 'typing', ...where, on: true, at: 5 };
  expect(chatAfter(typing).typingSince).toBe(5);
  expect(chatAfter(typing, arrived('m')).typingSince).toBeUndefined();
});

test('chats are sorted by their newest message', () => {
  const other = 'im:bob@matrix';
  const state = after(arrived('old', 1), { ...arrived('new', 9), chat: other } as WallEvent);
  expect(byTime(state.phones[PHONE] ?? {}).map(({ key }) => key)).toEqual([other, CHAT]);
});

test('events of a phone that is not open are ignored; a closed phone is forgotten', () => {
  expect(apply(EMPTY_WALL, arrived('m'))).toBe(EMPTY_WALL);
  expect(after(arrived('m'), { type: 'closed', phone: PHONE }).phones).toEqual({});
});

test('a chat keeps its newest 500 messages', () => {
  const many = Array.from({ length: 600 }, (_, at) => arrived(`m${at}`));
  const { messages } = chatAfter(...many);
  expect([messages.length, messages[0]?.id, messages.at(-1)?.id]).toEqual([500, 'm100', 'm599']);
});

test('the way of a message is shown once, in its newest state', () => {
  const travel = (state: string): WallEvent => ({
    type: 'travel',
    ...where,
    key: 'a',
    at: 1,
    from: 'im:a@x',
    to: 'im:b@y',
    state,
    steps: [],
  });
  expect(after(travel('on the way'), travel('delivered')).travels).toMatchObject([
    { key: 'a', state: 'delivered' },
  ]);
});

test('the way of a message to a group has the name that the phone of the sender shows', () => {
  const travel: WallEvent = {
    type: 'travel',
    ...where,
    key: 'a',
    at: 1,
    from: 'im:a@x',
    to: 'im:g@y',
    state: 'routed',
    steps: [],
  };
  expect(after(arrived('m'), travel).travels).toMatchObject([{ chatName: 'Alice' }]);
});
