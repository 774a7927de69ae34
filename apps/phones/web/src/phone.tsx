/** One phone: its frame, and the list of chats or one conversation. */
import { useEffect, useRef, useState, type CSSProperties } from 'react';
import { byTime, type Chat } from '../../shared/chats.js';
import type { ChatKey, PhoneView } from '../../shared/events.js';
import { AddressCard } from './address-card.js';
import { ChatList } from './chat-list.js';
import { useDo, usePage } from './context.js';
import { Conversation } from './conversation.js';
import { IconButton } from './icons.js';

/** A phone that nobody touched for this long shows the chat in which something arrives. */
const UNTOUCHED_MS = 8000;

type Chats = Readonly<Record<ChatKey, Chat>>;

export function Phone({ phone, chats }: { phone: PhoneView; chats: Chats }) {
  const { words, api, language } = usePage();
  const run = useDo();
  const [shown, setShown] = useState<ChatKey>();
  const [seen, setSeen] = useState<Readonly<Record<ChatKey, number>>>({});
  const [address, setAddress] = useState(false);
  const touched = useRef(0);
  useFollow(phone, chats, touched, setShown);
  const count = shown === undefined ? 0 : (chats[shown]?.messages.length ?? 0);
  useEffect(() => {
    if (shown !== undefined) setSeen((before) => ({ ...before, [shown]: count }));
  }, [shown, count]);
  const open = (chat: ChatKey | undefined) => {
    touched.current = Date.now();
    setShown(chat);
  };
  return (
    <section
      className={`phone bubble-${phone.look.bubble}`}
      aria-label={`${phone.networkName[language]}, ${phone.name}`}
      data-phone={phone.id}
      style={variables(phone)}
      onPointerDown={() => (touched.current = Date.now())}
      onKeyDown={() => (touched.current = Date.now())}
    >
      <div className="speaker" />
      <div className="screen">
        <div className="status">
          <span className="network">{phone.networkName[language]}</span>
          <span className="owner">{phone.name}</span>
          <IconButton
            name="address"
            label={words.address}
            onClick={() => setAddress(!address)}
            on={address}
          />
          <IconButton name="close" label={words.close} onClick={() => run(() => api.hangUp(phone.id))} />
        </div>
        {address && <AddressCard phone={phone} onClose={() => setAddress(false)} />}
        {shown === undefined ? (
          <ChatList phone={phone} chats={byTime(chats)} seen={seen} onOpen={open} />
        ) : (
          <Conversation
            key={shown}
            phone={phone}
            chat={chats[shown] ?? { key: shown, messages: [] }}
            onBack={() => open(undefined)}
          />
        )}
      </div>
    </section>
  );
}

/** Shows the chat in which something happens, unless the owner is busy with another one. */
function useFollow(
  phone: PhoneView,
  chats: Chats,
  touched: { current: number },
  show: (chat: ChatKey) => void,
): void {
  // The account that stands for all remote people only gives hints.
  const [newest] = byTime(chats).filter(({ key }) => phone.contacts.some(({ chat }) => chat === key));
  const last = newest?.messages.at(-1)?.key;
  const key = newest?.key;
  useEffect(() => {
    if (key === undefined || last === undefined) return;
    if (Date.now() - touched.current > UNTOUCHED_MS) show(key);
  }, [key, last, show, touched]);
}

function variables({ look: { colours } }: PhoneView): CSSProperties {
  return Object.fromEntries(
    Object.entries(colours).map(([name, colour]) => [
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      colour,
    ]),
  );
}
