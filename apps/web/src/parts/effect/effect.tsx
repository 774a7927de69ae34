import { Alert } from 'antd';
import type { Preview } from '../../api/exchange';
import { yuan } from '../../format/money';
import { useText, type Say } from '../../text/use-text';
import { useClassWord } from '../terms/traffic';
import { headlinesOf, wholeOf, type Headline } from './headline';
import { effectTexts } from './text';
import './effect.css';

type SayHere = Say<typeof effectTexts>;
type Affected = Pick<Preview['repriced'][number], 'from' | 'to' | 'class' | 'messages'>;

/** Rows that are shown; the others are counted. */
const SHOWN = 8;

function sentenceOf(headline: Headline, say: SayHere): string {
  switch (headline.kind) {
    case 'stopped':
      return say('stopped', { messages: headline.messages, fees: yuan(headline.fees) });
    case 'rerouted': {
      const { messages, before, after } = headline;
      return say('rerouted', { messages, before: yuan(before), after: yuan(after) });
    }
    case 'repriced':
      return say('repriced', { before: yuan(headline.before), after: yuan(headline.after) });
    case 'nothing':
      return say('nothing', { counted: headline.counted });
    case 'noTraffic':
    case 'unknown':
      return say(headline.kind);
  }
}

function rowsOf(
  { stopped, rerouted, repriced }: Preview,
  say: SayHere,
  classWord: (name: string) => string,
): string[] {
  const wordsOf = ({ from, to, class: kind, messages }: Affected) => ({
    from,
    to,
    class: classWord(kind),
    messages,
  });
  const stops = stopped.map((row) =>
    [
      say('row', wordsOf(row)),
      say('senders', { senders: row.senders }),
      yuan(wholeOf(row.fees)),
      row.why,
    ].join(' · '),
  );
  const prices = repriced.map(
    (row) => `${say('row', wordsOf(row))} · ${yuan(wholeOf(row.before))} → ${yuan(wholeOf(row.after))}`,
  );
  const moves = rerouted.map(
    (row) =>
      `${say('row', wordsOf(row))} ⇒ ${row.newTo} · ${classWord(row.newClass)} · ${yuan(wholeOf(row.before))} → ${yuan(wholeOf(row.after))}`,
  );
  return [...stops, ...moves, ...prices];
}

const SEVERITY = {
  stopped: 'warning',
  rerouted: 'info',
  repriced: 'info',
  nothing: 'success',
  noTraffic: 'info',
  unknown: 'warning',
} as const satisfies Record<Headline['kind'], string>;

/** What a change would have done to the traffic of the last day. */
export function Effect({ preview }: { preview: Preview }) {
  const say = useText(effectTexts);
  const headlines = headlinesOf(preview);
  const rows = rowsOf(preview, say, useClassWord());
  const notes = preview.notes.flatMap((note) => (note === 'not-counted' ? [] : [note]));
  return (
    <section className="effect" aria-label={say('title')} role="status">
      {headlines.map((headline) => (
        <Alert
          key={headline.kind}
          showIcon
          type={SEVERITY[headline.kind]}
          title={sentenceOf(headline, say)}
        />
      ))}
      {rows.length > 0 && (
        <ul className="effect-rows hostile">
          {rows.slice(0, SHOWN).map((row) => (
            <li key={row}>{row}</li>
          ))}
          {rows.length > SHOWN && <li>{say('more', { count: rows.length - SHOWN })}</li>}
        </ul>
      )}
      {notes.map((note) => (
        <p key={note} className="quiet">
          {say(note)}
        </p>
      ))}
    </section>
  );
}
