/** A call of a phone that rings: how it stands, and what its owner can do. */
import type { Chat } from '../../shared/chats.js';
import type { PhoneView } from '../../shared/events.js';
import { useDo, usePage } from './context.js';
import { IconButton } from './icons.js';

type Step = 'begin' | 'accept' | 'decline' | 'end';

/** Who hears a spoken message presses it. */
const HEARD = '1';

export function CallButton({ phone, chat }: { phone: PhoneView; chat: Chat }) {
  const { words } = usePage();
  const { call } = useCall(phone, chat);
  if (!phone.abilities.includes('call') || isOpen(chat)) return null;
  return <IconButton name="call" label={words.call} onClick={() => call('begin')} />;
}

export function CallLine({ phone, chat, name }: { phone: PhoneView; chat: Chat; name: string }) {
  const { words } = usePage();
  const { call, press } = useCall(phone, chat);
  if (!chat.call) return null;
  const { state, why } = chat.call;
  const said = words.calls[state];
  return (
    <p className={`asked call call-${state}`} role="status">
      {state === 'incoming' ? `${name} ${said}` : said}
      {why !== '' && why !== 'ended' && ` (${words.callEnds[why] ?? why})`}
      {state === 'incoming' && (
        <button type="button" onClick={() => call('accept')}>
          {words.answerCall}
        </button>
      )}
      {state === 'talking' && phone.abilities.includes('only-calls') && (
        <button type="button" onClick={() => press(HEARD)}>
          {words.press(HEARD)}
        </button>
      )}
      {isOpen(chat) && (
        <button type="button" onClick={() => call(state === 'incoming' ? 'decline' : 'end')}>
          {state === 'incoming' ? words.declineCall : words.endCall}
        </button>
      )}
    </p>
  );
}

function isOpen({ call }: Chat): boolean {
  return call !== undefined && call.state !== 'over';
}

function useCall(phone: PhoneView, chat: Chat): { call: (how: Step) => void; press: (key: string) => void } {
  const { api } = usePage();
  const run = useDo();
  const act = (what: object) => run(() => api.act(phone.id, { chat: chat.key, ...what }));
  return { call: (how) => act({ do: 'call', how }), press: (key) => act({ do: 'press', key }) };
}
