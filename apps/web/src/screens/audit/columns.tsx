import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/contract';
import type { Column } from '../../parts/data-table';
import { Moment } from '../../parts/moment';
import type { Say } from '../../text/use-text';
import { nameOf } from './filters';
import type { auditTexts } from './text';

export type Entry = Schemas['AuditEntry'];

export function columnsOf(say: Say<typeof auditTexts>): Column<Entry>[] {
  return [
    { key: 'seq', title: say('seq'), value: ({ seq }) => seq },
    { key: 'at', title: say('at'), value: ({ at }) => at, show: ({ at }) => <Moment at={at} /> },
    {
      key: 'actor',
      title: say('actor'),
      value: ({ actor }) => actor,
      show: ({ actor }) => (
        <Link to="/audit" search={{ who: nameOf(actor) }} className="hostile" title={actor}>
          {nameOf(actor)}
        </Link>
      ),
    },
    {
      key: 'action',
      title: say('action'),
      value: ({ action }) => action,
      show: ({ action }) => (
        <Link to="/audit" search={{ action }} title={say('actionFilter')}>
          {action}
        </Link>
      ),
    },
    {
      key: 'subject',
      title: say('subject'),
      value: ({ subject }) => subject,
      show: ({ subject }) => (
        <Link to="/audit" search={{ subject }} className="hostile audit-words" title={say('subjectFilter')}>
          {subject}
        </Link>
      ),
    },
    {
      key: 'reason',
      title: say('reason'),
      value: ({ reason }) => reason,
      show: ({ reason }) => <span className="hostile audit-words">{reason}</span>,
    },
    {
      key: 'change',
      title: say('change'),
      value: ({ change }) => JSON.stringify(change),
      show: ({ change }) => <Change text={JSON.stringify(change)} />,
      wide: true,
    },
  ];
}

const MOST_SHOWN = 60;

/** A long change is shown when it is asked for: otherwise one entry fills the page. */
function Change({ text }: { text: string }) {
  if (text.length <= MOST_SHOWN) return <code>{text}</code>;
  return (
    <details className="change">
      <summary>
        <code>{text.slice(0, MOST_SHOWN)}…</code>
      </summary>
      <code>{text}</code>
    </details>
  );
}
