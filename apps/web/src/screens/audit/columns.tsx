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
        <Link to="/audit" search={{ subject }} className="hostile" title={say('subjectFilter')}>
          {subject}
        </Link>
      ),
    },
    {
      key: 'reason',
      title: say('reason'),
      value: ({ reason }) => reason,
      show: ({ reason }) => <span className="hostile">{reason}</span>,
    },
    {
      key: 'change',
      title: say('change'),
      value: ({ change }) => JSON.stringify(change),
      show: ({ change }) => <code className="change">{JSON.stringify(change)}</code>,
      wide: true,
    },
  ];
}
