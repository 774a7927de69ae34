/** Reads receipts, markers and chat states, which clients send automatically. */
import type { Element } from '@xmpp/component';
import { NS } from './namespaces.js';

export type Mark = { act: 'delivered'; target: string } | { act: 'read'; target: string };
export type State = { act: 'typing'; state: 'composing' | 'paused' | 'stopped' };
export type Signal = Mark | State;

/** Maximum number of receipts and markers that are read from a stanza. Most clients send one. */
const MOST_MARKS = 16;

/** Reads XEP-0184, XEP-0333, XEP-0022 and XEP-0085. Marks without a message id are left out. */
export function readSignals(stanza: Element): { marks: Mark[]; state: State | undefined } {
  const marks = stanza.getChildElements().flatMap((child): Mark[] => {
    const act = markOf(child);
    const target = child.attrs['id'];
    return act && target ? [{ act, target }] : [];
  });
  const old = readOldEvent(stanza);
  return { marks: [...marks, ...old.marks].slice(0, MOST_MARKS), state: stateOf(stanza) ?? old.state };
}

function markOf(child: Element): Mark['act'] | undefined {
  if (child.is('received', NS.receipts) || child.is('received', NS.markers)) return 'delivered';
  if (child.is('displayed', NS.markers) || child.is('acknowledged', NS.markers)) return 'read';
  return undefined;
}

function stateOf(stanza: Element): State | undefined {
  const state = stanza.getChildElements().find((child) => child.getNS() === NS.states)?.name;
  switch (state) {
    case undefined:
      return undefined;
    case 'composing':
    case 'paused':
      return { act: 'typing', state };
    // active, inactive and gone; also unknown states, which at least mean that the user is not typing.
    default:
      return { act: 'typing', state: 'stopped' };
  }
}

/** XEP-0022 §2: without a body, `x` reports an event of the message in `<id/>`. With a body, it requests events. */
function readOldEvent(stanza: Element): { marks: Mark[]; state: State | undefined } {
  const event = stanza.getChild('x', NS.event);
  if (!event || stanza.getChild('body')) return { marks: [], state: undefined };
  const target = event.getChildText('id');
  const marks: Mark[] = [];
  if (target && event.getChild('delivered')) marks.push({ act: 'delivered', target });
  if (target && event.getChild('displayed')) marks.push({ act: 'read', target });
  if (event.getChild('composing')) return { marks, state: { act: 'typing', state: 'composing' } };
  return { marks, state: marks.length === 0 ? { act: 'typing', state: 'stopped' } : undefined };
}
