/** One message as its network draws it, with what can be done to it. */
import { useState } from 'react';
import type { Chat, Message } from '../../shared/chats.js';
import type { PhoneView } from '../../shared/events.js';
import { Attachment } from './attachment.js';
import { inOneLine } from './chat-list.js';
import { useDo, usePage } from './context.js';
import { IconButton } from './icons.js';
import { LinkedText } from './linked-text.js';

const EMOJI = ['👍', '❤️', '😂', '🎉', '😮', '🙏'];

interface Props {
  phone: PhoneView;
  chat: Chat;
  message: Message;
  onReply: () => void;
  onEdit: () => void;
}

export function MessageLine(props: Props) {
  const { phone, chat, message } = props;
  const { words } = usePage();
  const { mine, body, recalled, edited, at } = message;
  if (body.kind === 'notice') return <p className="notice">{body.text}</p>;
  const quoted = quoteOf(chat, message);
  return (
    <div className={`line ${mine ? 'mine' : 'theirs'}`}>
      <div className="bubble-with-tools">
        <div className={`bubble ${body.kind === 'media' && !recalled ? `media-${body.what}` : ''}`}>
          {quoted && <blockquote>{quoted.body ? inOneLine(quoted.body, words) : quoted.text}</blockquote>}
          {recalled ? (
            <em className="recalled">{words.recalled}</em>
          ) : (
            <Content phone={phone} message={message} />
          )}
          <span className="foot">
            {edited && !recalled && <span>{words.edited}</span>}
            <time>{clock(at)}</time>
            {mine && <Ticks message={message} />}
          </span>
        </div>
        {!recalled && <Tools {...props} />}
      </div>
      <Reactions {...props} />
      {message.state === 'failed' && (
        <p className="why">
          {words.notSent}: {message.why}
        </p>
      )}
    </div>
  );
}

function quoteOf(
  chat: Chat,
  { reply, quote }: Message,
): { body: Message['body'] | undefined; text: string } | undefined {
  if (reply === undefined) return undefined;
  const target = chat.messages.find(({ id }) => id !== '' && id === reply);
  if (target) return { body: target.body, text: '' };
  return quote === undefined ? undefined : { body: undefined, text: quote };
}

function Content({ phone, message: { body } }: { phone: PhoneView; message: Message }) {
  const { words } = usePage();
  switch (body.kind) {
    case 'media':
      return <Attachment phone={phone.id} body={body} />;
    case 'place':
      return (
        <span className="place">
          <span className="map" aria-hidden="true" />
          <LinkedText text={body.text} />
        </span>
      );
    case 'card':
      return <span className="card-body">👤 {body.text}</span>;
    case 'sticker':
      return <span className="sticker">{`[${words.sticker}: ${body.text}]`}</span>;
    case 'text':
    case 'notice':
      return <LinkedText text={body.text} />;
  }
}

function Ticks({ message: { state = 'sending' } }: { message: Message }) {
  const { words } = usePage();
  const told = {
    sending: words.sendingNow,
    sent: words.sent,
    delivered: words.delivered,
    read: words.read,
    failed: words.failed,
  }[state];
  const mark = { sending: '◷', sent: '✓', delivered: '✓✓', read: '✓✓', failed: '!' }[state];
  return (
    <span className={`ticks ticks-${state}`} title={told} aria-label={told} role="img">
      {mark}
    </span>
  );
}

function Tools({ phone, chat, message, onReply, onEdit }: Props) {
  const { words, api } = usePage();
  const run = useDo();
  const [picking, setPicking] = useState(false);
  const can = (ability: string) => phone.abilities.includes(ability);
  if (message.id === '' || message.state === 'failed') return null;
  const about = { chat: chat.key, target: message.id };
  const react = (emoji: string) => {
    setPicking(false);
    const mine = message.reactions.filter((one) => one.mine).map((one) => one.emoji);
    const next = can('react-once') ? [emoji] : mine.includes(emoji) ? [] : [emoji];
    run(() => api.act(phone.id, { do: 'react', ...about, emoji: next }));
  };
  return (
    <span className="tools" onKeyDown={({ key }) => key === 'Escape' && setPicking(false)}>
      {can('reply') && !message.mine && <IconButton name="reply" label={words.reply} onClick={onReply} />}
      {can('react') && !message.mine && (
        <IconButton name="react" label={words.react} on={picking} onClick={() => setPicking(!picking)} />
      )}
      {can('edit') && message.mine && message.body.kind === 'text' && (
        <IconButton name="edit" label={words.edit} onClick={onEdit} />
      )}
      {can('recall') && message.mine && (
        <IconButton
          name="recall"
          label={words.recall}
          onClick={() => run(() => api.act(phone.id, { do: 'recall', ...about }))}
        />
      )}
      {picking && (
        <span className="emoji">
          {EMOJI.map((emoji) => (
            <button key={emoji} type="button" onClick={() => react(emoji)}>
              {emoji}
            </button>
          ))}
        </span>
      )}
    </span>
  );
}

function Reactions({ message: { reactions } }: Props) {
  const shown = [...new Set(reactions.map(({ emoji }) => emoji))];
  if (shown.length === 0) return null;
  return (
    <span className="reactions">
      {shown.map((emoji) => (
        <span key={emoji}>{emoji}</span>
      ))}
    </span>
  );
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
