import { Tag } from 'antd';
import { duration } from '../../format/time';
import { DataTable, type Column } from '../../parts/data-table';
import { useAddressFilter } from '../../parts/query-table';
import { useMoments } from '../../parts/moment';
import { Panel } from '../../parts/screen';
import { useText, type Say } from '../../text/use-text';
import type { Case } from './compare';
import { certificationTexts } from './text';
import { useCaseWords, VERDICT_COLOURS } from './words';

/** What the certifier saw on the bus, folded. */
function Evidence({ evidence }: Pick<Case, 'evidence'>) {
  const say = useText(certificationTexts);
  const { precise } = useMoments();
  if (evidence.length === 0) return null;
  return (
    <details>
      <summary>{say('observations', { count: evidence.length })}</summary>
      <ol className="evidence">
        {evidence.map(({ at, what, code, event }, index) => (
          <li key={index}>
            <time dateTime={at}>{precise(at)}</time> <span className="hostile">{what}</span> {code}{' '}
            {event && <code>{event}</code>}
          </li>
        ))}
      </ol>
    </details>
  );
}

function columnsOf(
  say: Say<typeof certificationTexts>,
  { title: titleOf, reason: reasonOf }: ReturnType<typeof useCaseWords>,
): Column<Case>[] {
  return [
    { key: 'level', title: say('level'), value: ({ level }) => level, choose: true },
    {
      key: 'case',
      title: say('case'),
      value: (one) => `${titleOf(one)} ${one.id}`,
      show: (one) => (
        <>
          {titleOf(one)}
          <br />
          <code className="quiet">{one.id}</code>
        </>
      ),
    },
    {
      key: 'verdict',
      title: say('verdict'),
      value: ({ verdict }) => say(verdict),
      choose: true,
      show: ({ verdict, reason }) => (
        <>
          <Tag color={VERDICT_COLOURS[verdict]}>{say(verdict)}</Tag>
          {reason && <div className="quiet hostile letter-detail">{reasonOf(reason)}</div>}
        </>
      ),
    },
    {
      key: 'ms',
      title: say('ms'),
      value: ({ ms }) => ms,
      show: ({ ms }) => (ms === undefined ? '' : duration(ms)),
      align: 'right',
      wide: true,
    },
    {
      key: 'evidence',
      title: say('evidence'),
      value: ({ evidence }) => evidence.length,
      show: ({ evidence }) => <Evidence evidence={evidence} />,
      wide: true,
    },
  ];
}

export function CaseTable({ cases }: { cases: Case[] }) {
  const say = useText(certificationTexts);
  const words = useCaseWords();
  return (
    <Panel title={say('cases')}>
      <DataTable<Case>
        name={say('cases')}
        columns={columnsOf(say, words)}
        rows={cases}
        rowKey={({ id }) => id}
        empty={null}
        {...useAddressFilter()}
      />
    </Panel>
  );
}
