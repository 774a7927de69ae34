import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Descriptions } from 'antd';
import { useMay } from '../../../api/me';
import { meQuery } from '../../../api/session';
import { readStatement, type Company, type Statement, type StatementLine } from '../../../api/statement';
import { yuan } from '../../../format/money';
import { amountColumn, textColumn } from '../../../parts/columns';
import { DataTable, type Column } from '../../../parts/data-table';
import { written } from '../../../parts/moment';
import { useAddressFilter } from '../../../parts/query-table';
import { Loaded, Panel, Screen } from '../../../parts/screen';
import { useText, type Say } from '../../../text/use-text';
import { Downloads } from '../downloads';
import { ReconcilePanel } from '../reconcile/reconcile';
import { Confirm } from './confirm';
import { statementTexts } from './text';
import { useClassWord } from '../../../parts/terms/traffic';

type Words = Say<typeof statementTexts>;

function nameOf({ legalName: { zh, en } }: Company): string {
  return [zh, en].filter(Boolean).join(' · ') || '–';
}

/** Both times in the zone of the exchange, as on the PDF. */
function periodOf({ period }: Statement): string {
  if (!period) return '–';
  const at = (time: string) => written(time, period.zone, { dateStyle: 'short', timeStyle: 'medium' });
  return `${at(period.from)} – ${at(period.to)} (${period.zone})`;
}

function Facts({ statement }: { statement: Statement }) {
  const say = useText(statementTexts);
  const { party, account, issuer, dueDate } = statement;
  const facts: [keyof typeof statementTexts, string][] = [
    ['party', `${party} · ${nameOf(statement)}`],
    ['account', account ?? '–'],
    ['issuer', nameOf(issuer)],
    ['issuerAccount', issuer.account ?? '–'],
    ['period', periodOf(statement)],
    ['dueDate', dueDate ?? '–'],
  ];
  return (
    <Panel title={say('facts')}>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        items={facts.map(([key, value]) => ({
          key,
          label: say(key),
          children: <span className="hostile">{value}</span>,
        }))}
      />
    </Panel>
  );
}

function Balance({ statement }: { statement: Statement }) {
  const say = useText(statementTexts);
  const rows = [
    ['opening', statement.opening],
    ['paid', negated(statement.paid)],
    ['position', statement.position],
    ['closing', statement.closing],
  ] as const;
  return (
    <Panel title={say('balance')}>
      {!isZero(statement.overdue) && (
        <Alert type="warning" showIcon title={say('overdue', { amount: yuan(statement.overdue) })} />
      )}
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2, xl: 4 }}
        items={rows.map(([key, amount]) => ({ key, label: say(key), children: yuan(amount) }))}
      />
    </Panel>
  );
}

function isZero(amount: string): boolean {
  return /^-?[0.]+$/.test(amount);
}

function negated(amount: string): string {
  if (isZero(amount)) return '0';
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}

function columnsOf(say: Words, classWord: (name: string) => string): Column<StatementLine>[] {
  return [
    {
      key: 'counterparty',
      title: say('counterparty'),
      value: ({ counterparty }) => counterparty,
      choose: true,
    },
    { key: 'kind', title: say('kind'), value: ({ kind }) => say(kind), choose: true },
    { key: 'class', title: say('class'), value: (line) => line.class && classWord(line.class), choose: true },
    { key: 'direction', title: say('direction'), value: ({ direction }) => say(direction), choose: true },
    { key: 'records', title: say('records'), value: ({ records }) => records, align: 'right', wide: true },
    { key: 'units', title: say('units'), value: ({ units }) => units, align: 'right', wide: true },
    amountColumn('amount', say('amount')),
    textColumn('text', say('text')),
  ];
}

function Lines({ lines }: { lines: StatementLine[] }) {
  const say = useText(statementTexts);
  const filter = useAddressFilter();
  return (
    <Panel title={say('lines')}>
      <DataTable<StatementLine>
        name={say('lines')}
        columns={columnsOf(say, useClassWord())}
        rows={lines}
        rowKey={({ line }) => String(line)}
        empty={<p className="quiet">{say('noLines')}</p>}
        {...filter}
      />
    </Panel>
  );
}

/** One statement: to read, to save, to confirm, and to compare with own records. */
export function StatementPage({ date, party }: { date: string; party: string }) {
  const say = useText(statementTexts);
  const { data: me } = useQuery(meQuery);
  const may = useMay();
  const query = useQuery({
    queryKey: ['statement', date, party],
    queryFn: () => readStatement(date, party),
  });
  const isOwn = me?.network === party && may('settlement:confirm');
  return (
    <Screen
      title={say('title', { number: query.data?.number ?? `${date} ${party}` })}
      lead={say('lead')}
      actions={
        <>
          <Link to="/days" search={{ date }}>
            {say('back')}
          </Link>
          <Downloads date={date} party={party} of="statements" />
          {isOwn && query.data && <Confirm date={date} network={party} position={query.data.position} />}
        </>
      }
    >
      <Loaded query={query}>
        {(statement) => (
          <>
            <Facts statement={statement} />
            <Balance statement={statement} />
            <Lines lines={statement.lines} />
          </>
        )}
      </Loaded>
      {isOwn && (
        <Panel title={say('clearingFile')}>
          <Downloads date={date} party={party} of="files" />
        </Panel>
      )}
      {isOwn && <ReconcilePanel date={date} />}
    </Screen>
  );
}
