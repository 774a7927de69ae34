/** One conversation: who it is with, the messages, and what the owner writes. */
import { useEffect, useRef, useState } from 'react';
import type { Chat, Message } from '../../shared/chats.js';
import type { PhoneView } from '../../shared/events.js';
import { Avatar } from './avatar.js';
import { nameOf } from './chat-list.js';
import { CallButton, CallLine } from './call.js';
import { Composer, type About } from './composer.js';
import { useDo, usePage } from './context.js';
import { IconButton } from './icons.js';
import { MessageLine } from './message-line.js';

/** "Typing" is shown this long after it was last told. */
const TYPING_MS = 8000;

export function Conversation({ phone, chat, onBack }: { phone: PhoneView; chat: Chat; onBack: () => void }) {
  const { words, language } = usePage();
  const [about, setAbout] = useState<About>();
  const name = nameOf(chat, phone.contacts);
  const network = phone.contacts.find((one) => one.chat === chat.key)?.networkName[language];
  const types = useTyping(chat);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' });
  }, [chat.messages.length, types]);
  useReading(phone, chat);
  return (
    <>
      <div className="bar">
        <IconButton name="back" label={words.back} onClick={onBack} />
        <Avatar name={name} {...(network === undefined ? {} : { network })} />
        <div className="peer">
          <h2>
            {name} {network && <span className="tag">{network}</span>}
          </h2>
          <p>{types ? words.typing : presenceOf(chat, words)}</p>
        </div>
        <CallButton phone={phone} chat={chat} />
      </div>
      <Asked phone={phone} chat={chat} name={name} />
      <CallLine phone={phone} chat={chat} name={name} />
      <div className="messages" role="log" aria-label={name} tabIndex={0}>
        {chat.messages.map((message) => (
          <MessageLine
            key={message.key}
            phone={phone}
            chat={chat}
            message={message}
            onReply={() => setAbout({ what: 'reply', message })}
            onEdit={() => setAbout({ what: 'edit', message })}
          />
        ))}
        {types && (
          <div className="line theirs">
            <span className="bubble types">
              <i />
              <i />
              <i />
            </span>
          </div>
        )}
        <div ref={end} />
      </div>
      {!phone.abilities.includes('only-calls') && (
        <Composer phone={phone} chat={chat} about={about} onDone={() => setAbout(undefined)} />
      )}
    </>
  );
}

/** Somebody asks to be a contact. */
function Asked({ phone, chat, name }: { phone: PhoneView; chat: Chat; name: string }) {
  const { words, api } = usePage();
  const run = useDo();
  if (!chat.asked) return null;
  return (
    <p className="asked">
      {name} {words.askedYou}
      <button type="button" onClick={() => run(() => api.act(phone.id, { do: 'accept', chat: chat.key }))}>
        {words.accept}
      </button>
    </p>
  );
}

function presenceOf({ presence }: Chat, words: { online: string; away: string; offline: string }): string {
  if (!presence) return '';
  const state = { available: words.online, away: words.away, offline: words.offline }[presence.state];
  return presence.mood === '' ? state : `${state} · ${presence.mood}`;
}

function useTyping({ typingSince }: Chat): boolean {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (typingSince === undefined) return;
    const timer = setTimeout(() => setNow(Date.now()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typingSince]);
  return typingSince !== undefined && now - typingSince < TYPING_MS;
}

/** What is on the screen is read, where the network tells that. */
function useReading(phone: PhoneView, chat: Chat): void {
  const { api } = usePage();
  const reads = phone.abilities.includes('markRead');
  const last: Message | undefined = chat.messages.findLast(
    ({ mine, body }) => !mine && body.kind !== 'notice',
  );
  const id = reads ? last?.id : undefined;
  useEffect(() => {
    if (id === undefined || id === '') return;
    // A receipt that is refused is no matter: the next message sends another one.
    api.act(phone.id, { do: 'read', chat: chat.key, target: id }).catch(() => undefined);
  }, [api, phone.id, chat.key, id]);
}
