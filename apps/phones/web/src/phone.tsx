/** One phone: its frame, and the list of chats or one conversation. */
import { useEffect, useRef, useState, type CSSProperties } from 'react';
import { byTime, type Chat } from '../../shared/chats.js';
import type { ChatKey, PhoneId, PhoneView } from '../../shared/events.js';
import { AddressCard } from './address-card.js';
import { ChatList } from './chat-list.js';
import { usePage } from './context.js';
import { Conversation } from './conversation.js';
import { IconButton } from './icons.js';
import { draggedPhone } from './moving.js';

/** A phone that nobody touched for this long, and that is not under the pointer, shows the chat in which something arrives. */
const UNTOUCHED_MS = 8000;

type Chats = Readonly<Record<ChatKey, Chat>>;

/** Somebody chose a chat of this phone somewhere else on the page. Another choice is another object. */
export interface WantedChat {
  phone: PhoneId;
  chat: ChatKey;
}

interface Props {
  phone: PhoneView;
  chats: Chats;
  wanted: WantedChat | undefined;
}

export function Phone({ phone, chats, wanted }: Props) {
  const { words, language, hangUp } = usePage();
  const [shown, setShown] = useState<ChatKey>();
  const [seen, setSeen] = useState<Readonly<Record<ChatKey, number>>>({});
  const [address, setAddress] = useState(false);
  const busyUntil = useRef(0);
  const touch = () => (busyUntil.current = Math.max(busyUntil.current, Date.now() + UNTOUCHED_MS));
  useFollow(phone, chats, busyUntil, setShown);
  const count = shown === undefined ? 0 : (chats[shown]?.messages.length ?? 0);
  useEffect(() => {
    if (shown !== undefined) setSeen((before) => ({ ...before, [shown]: count }));
  }, [shown, count]);
  const open = (chat: ChatKey | undefined) => {
    touch();
    setShown(chat);
  };
  useEffect(() => {
    if (!wanted) return;
    busyUntil.current = Date.now() + UNTOUCHED_MS;
    setShown(wanted.chat);
  }, [wanted]);
  return (
    <section
      className={`phone bubble-${phone.look.bubble}`}
      aria-label={`${phone.networkName[language]}, ${phone.name}`}
      data-phone={phone.id}
      tabIndex={-1}
      style={variables(phone)}
      onPointerEnter={() => (busyUntil.current = Infinity)}
      onPointerLeave={() => (busyUntil.current = Date.now() + UNTOUCHED_MS)}
      onKeyDown={({ key }) => {
        touch();
        if (key === 'Escape') setAddress(false);
      }}
    >
      <div className="speaker" />
      <div className="screen">
        <div className="status" {...draggedPhone(phone.id)}>
          <span className="network">{phone.networkName[language]}</span>
          <span className="owner">{phone.name}</span>
          <IconButton
            name="address"
            label={words.address}
            onClick={() => setAddress(!address)}
            on={address}
          />
          <IconButton name="close" label={words.close} onClick={() => hangUp(phone.id)} />
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
  busyUntil: { current: number },
  show: (chat: ChatKey) => void,
): void {
  // The account that stands for all remote people only gives hints.
  const [newest] = byTime(chats).filter(({ key }) => phone.contacts.some(({ chat }) => chat === key));
  const last = newest && `${newest.messages.at(-1)?.key ?? ''} ${newest.call?.at ?? ''}`.trim();
  const key = newest?.key;
  useEffect(() => {
    if (key === undefined || !last) return;
    if (Date.now() > busyUntil.current) show(key);
  }, [key, last, show, busyUntil]);
}

function variables({ look: { colours } }: PhoneView): CSSProperties {
  return Object.fromEntries(
    Object.entries(colours).map(([name, colour]) => [
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      colour,
    ]),
  );
}
