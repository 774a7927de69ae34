import { useQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import { readHistory, type HistoryOf, type Version } from '../../../api/exchange';
import { EmptyState } from '../../../parts/empty-state';
import { Moment } from '../../../parts/moment';
import { Loaded } from '../../../parts/screen';
import { inOrder, TermValue, useField, useKind } from '../../../parts/terms/terms';
import { useText } from '../../../text/use-text';
import { historyTexts } from './text';

/** All versions of an agreement, tariff or route. */
export default function History({ one, close }: { one: HistoryOf; close: () => void }) {
  const say = useText(historyTexts);
  const query = useQuery({ queryKey: ['history', one], queryFn: () => readHistory(one) });
  return (
    <Drawer open onClose={close} title={say('title', { title: one.title })} size={620}>
      <Loaded query={query}>
        {({ items, next }) => {
          if (items.length === 0) return <EmptyState title={say('none')} teach={say('noneTeach')} />;
          return (
            <>
              <p className="quiet">{say('lead')}</p>
              <ol className="versions">
                {items.map((version) => (
                  <li key={version.change}>
                    <VersionPanel version={version} />
                  </li>
                ))}
              </ol>
              {next !== null && <p className="quiet">{say('older', { count: items.length })}</p>}
            </>
          );
        }}
      </Loaded>
    </Drawer>
  );
}

function VersionPanel({ version }: { version: Version }) {
  const say = useText(historyTexts);
  const kindOf = useKind();
  const { proposer, approver, confirmedBy } = version;
  const people = [
    say('proposed', { who: proposer ?? say('somebody') }),
    say('approved', { who: approver ?? say('somebody') }),
    ...(confirmedBy.length > 0 ? [say('confirmed', { networks: confirmedBy.join(', ') })] : []),
  ];
  return (
    <>
      <h2>
        {kindOf(version.kind)} <Moment at={version.at} />
      </h2>
      <p className="quiet hostile">{people.join(' · ')}</p>
      <p className="hostile">{version.reason}</p>
      <Differences rows={version.differences} />
    </>
  );
}

function Differences({ rows }: { rows: Version['differences'] }) {
  const say = useText(historyTexts);
  const fieldOf = useField();
  if (rows.length === 0) return <p className="quiet">{say('same')}</p>;
  return (
    <table className="differences">
      <thead>
        <tr>
          <th scope="col">{say('field')}</th>
          <th scope="col">{say('before')}</th>
          <th scope="col">{say('after')}</th>
        </tr>
      </thead>
      <tbody>
        {inOrder(rows, ({ field }) => field).map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row" className="hostile">
              {fieldOf(field)}
            </th>
            <td>{before === null ? '–' : <TermValue field={field} value={before} />}</td>
            <td>{after === null ? '–' : <TermValue field={field} value={after} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
