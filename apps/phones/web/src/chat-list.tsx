/** The conversations of a phone, newest first, and below them everybody else whom its owner can write to. */
import { useState, type DOMAttributes } from 'react';
import type { Chat } from '../../shared/chats.js';
import type { Body, ChatKey, ContactView, PhoneView } from '../../shared/events.js';
import { Avatar } from './avatar.js';
import { usePage } from './context.js';
import { PresenceBar } from './presence.js';
import type { Words } from './words.js';

export function ChatList({
  phone,
  chats,
  seen,
  onOpen,
}: {
  phone: PhoneView;
  chats: readonly Chat[];
  seen: Readonly<Record<ChatKey, number>>;
  onOpen: (chat: ChatKey) => void;
}) {
  const { words, language } = usePage();
  const { order, hold } = useOrder(chats);
  const begun = order.filter(({ messages, asked }) => messages.length > 0 || asked);
  const others = phone.contacts.filter(({ chat }) => !begun.some(({ key }) => key === chat));
  return (
    <>
      <div className="bar">
        <h2>{words.chats}</h2>
        {phone.abilities.includes('appear') && <PresenceBar phone={phone} />}
      </div>
      <div className="list" {...hold}>
        {begun.map((chat) => (
          <Row
            key={chat.key}
            name={nameOf(chat, phone.contacts)}
            about={lastLine(chat, words)}
            network={phone.contacts.find((one) => one.chat === chat.key)?.networkName[language]}
            presence={chat.presence?.state}
            unread={unreadOf(chat, seen[chat.key] ?? 0)}
            onClick={() => onOpen(chat.key)}
          />
        ))}
        {others.map(({ chat, name, networkName }) => (
          <Row
            key={chat}
            name={name}
            about=""
            network={networkName[language]}
            presence={chats.find(({ key }) => key === chat)?.presence?.state}
            unread={0}
            onClick={() => onOpen(chat)}
          />
        ))}
      </div>
    </>
  );
}

/** Keeps the order while a row is pressed: a browser sends no click to a row that moves before the pointer is released. */
function useOrder(chats: readonly Chat[]): { order: readonly Chat[]; hold: DOMAttributes<HTMLElement> } {
  const [held, setHeld] = useState<readonly ChatKey[]>();
  const hold = { onPointerDown: () => setHeld(chats.map(({ key }) => key)) };
  if (!held) return { order: chats, hold };
  // The click follows in the task of the pointer's event.
  const release = () => setTimeout(() => setHeld(undefined));
  const known = held.flatMap((key) => chats.find((chat) => chat.key === key) ?? []);
  return {
    order: [...known, ...chats.filter(({ key }) => !held.includes(key))],
    hold: { ...hold, onPointerUp: release, onPointerCancel: release, onPointerLeave: release },
  };
}

function Row({
  name,
  about,
  network,
  presence,
  unread,
  onClick,
}: {
  name: string;
  about: string;
  network: string | undefined;
  presence: string | undefined;
  unread: number;
  onClick: () => void;
}) {
  return (
    <button type="button" className="row" onClick={onClick}>
      <span className="with-presence">
        <Avatar name={name} {...(network === undefined ? {} : { network })} />
        {presence && <span className={`presence presence-${presence}`} />}
      </span>
      <span className="row-text">
        <span className="row-name">{name}</span>
        <span className="row-about">{about}</span>
      </span>
      {network && <span className="tag">{network}</span>}
      {unread > 0 && <span className="unread">{unread}</span>}
    </button>
  );
}

export function nameOf(chat: Chat, contacts: readonly ContactView[]): string {
  return contacts.find((one) => one.chat === chat.key)?.name ?? chat.name ?? chat.key.replace(/^native:/, '');
}

function unreadOf({ messages }: Chat, seen: number): number {
  return messages.slice(seen).filter(({ mine }) => !mine).length;
}

function lastLine({ messages, asked }: Chat, words: Words): string {
  const last = messages.at(-1);
  if (!last) return asked ? words.askedYou : '';
  return last.recalled ? words.recalled : inOneLine(last.body, words);
}

export function inOneLine(body: Body, words: Words): string {
  switch (body.kind) {
    case 'text':
    case 'notice':
      return body.text;
    case 'place':
      return `[${words.place}] ${body.text}`;
    case 'card':
      return `[${words.card}] ${body.text}`;
    case 'sticker':
      return `[${words.sticker}] ${body.text}`;
    case 'media':
      return body.what === 'image' ? `[${words.picture}]` : `[${body.name}]`;
  }
}
