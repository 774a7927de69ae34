/** What the owner of a phone writes and sends. Buttons exist only for what the clients of this network can do. */
import { useEffect, useRef, useState, type ChangeEvent } from 'react';
import type { Chat, Message } from '../../shared/chats.js';
import type { PhoneView } from '../../shared/events.js';
import { inOneLine } from './chat-list.js';
import { useDo, usePage } from './context.js';
import { IconButton } from './icons.js';
import { startRecording, type Recording } from './recorder.js';

/** The message that is answered or changed. */
export interface About {
  what: 'reply' | 'edit';
  message: Message;
}

const TYPES_AGAIN_MS = 4000;
const PLACE = { latitude: 39.9407, longitude: 116.4033, label: '南锣鼓巷 Nanluogu Xiang, Beijing' };
const STICKER = 'hello';

interface Props {
  phone: PhoneView;
  chat: Chat;
  about: About | undefined;
  onDone: () => void;
}

export function Composer({ phone, chat, about, onDone }: Props) {
  const { words, api } = usePage();
  const run = useDo();
  const [text, setText] = useState('');
  const types = useTypes(phone, chat.key);
  const act = (what: object) => run(() => api.act(phone.id, { chat: chat.key, ...what }));
  useEffect(() => {
    if (about?.what === 'edit' && about.message.body.kind === 'text') setText(about.message.body.text);
  }, [about]);
  const send = () => {
    if (text.trim() === '') return;
    types(false);
    if (about?.what === 'edit') act({ do: 'edit', target: about.message.id, text });
    else act({ do: 'write', text, ...(about ? { reply: about.message.id } : {}) });
    setText('');
    onDone();
  };
  return (
    <div className="composer">
      {about && (
        <p className="about">
          {about.what === 'reply' ? words.reply : words.edit}: {inOneLine(about.message.body, words)}
          <IconButton
            name="close"
            label={words.cancel}
            onClick={() => {
              setText('');
              onDone();
            }}
          />
        </p>
      )}
      <Buttons phone={phone} chat={chat} act={act} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <input
          value={text}
          maxLength={5000}
          placeholder={words.message}
          aria-label={words.message}
          onChange={(event) => {
            setText(event.target.value);
            types(event.target.value !== '');
          }}
        />
        <button type="submit" className="send" aria-label={words.send} disabled={text.trim() === ''}>
          ➤
        </button>
      </form>
    </div>
  );
}

function Buttons({ phone, chat, act }: { phone: PhoneView; chat: Chat; act: (what: object) => void }) {
  const { words, api } = usePage();
  const run = useDo();
  const picker = useRef<HTMLInputElement>(null);
  const can = (what: string) => phone.sends.includes(what);
  if (phone.sends.length === 0) return null;
  const picked = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    target.value = '';
    if (!file) return;
    const query = { chat: chat.key, what: 'image', name: file.name, type: file.type };
    run(() => api.sendFile(phone.id, query, file));
  };
  return (
    <div className="buttons">
      {can('image') && (
        <>
          <IconButton name="picture" label={words.picture} onClick={() => picker.current?.click()} />
          <input ref={picker} type="file" accept="image/*" hidden onChange={picked} />
        </>
      )}
      {can('voice') && <VoiceButton phone={phone} chat={chat} />}
      {can('place') && (
        <IconButton name="place" label={words.place} onClick={() => act({ do: 'place', ...PLACE })} />
      )}
      {can('card') && (
        <IconButton
          name="card"
          label={words.card}
          onClick={() => act({ do: 'card', name: phone.name, phone: phone.native })}
        />
      )}
      {can('sticker') && (
        <IconButton
          name="sticker"
          label={words.sticker}
          onClick={() => act({ do: 'sticker', meaning: STICKER })}
        />
      )}
    </div>
  );
}

function VoiceButton({ phone, chat }: { phone: PhoneView; chat: Chat }) {
  const { words, api, complain } = usePage();
  const run = useDo();
  const [recording, setRecording] = useState<Recording>();
  useEffect(() => () => recording?.cancel(), [recording]);
  const toggle = () =>
    run(async () => {
      if (recording) {
        const blob = await recording.finish();
        setRecording(undefined);
        await api.sendFile(
          phone.id,
          { chat: chat.key, what: 'voice', name: 'voice.webm', type: 'audio/webm' },
          blob,
        );
        return;
      }
      try {
        setRecording(await startRecording());
      } catch {
        complain(words.noMicrophone);
      }
    });
  return (
    <span className={recording ? 'recording' : ''}>
      <IconButton
        name={recording ? 'stop' : 'microphone'}
        label={recording ? words.stopRecording : words.record}
        on={recording !== undefined}
        onClick={toggle}
      />
    </span>
  );
}

/** Tells that the owner types, now and then while they do, and that they stopped. */
function useTypes(phone: PhoneView, chat: string): (on: boolean) => void {
  const { api } = usePage();
  const told = useRef(0);
  return (on) => {
    if (!phone.abilities.includes('type')) return;
    const now = Date.now();
    if (on ? now - told.current < TYPES_AGAIN_MS : told.current === 0) return;
    told.current = on ? now : 0;
    // Nobody misses it.
    api.act(phone.id, { do: 'type', chat, on }).catch(() => undefined);
  };
}
