import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Descriptions, Tag } from 'antd';
import { allRows, answer, api } from '../../api/client';
import type { Schemas } from '../../api/contract';
import { pageOf } from '../../api/lists';
import { useMay } from '../../api/me';
import { yuan } from '../../format/money';
import { amountColumn } from '../../parts/columns';
import type { Column } from '../../parts/data-table';
import { Moment, useMoments } from '../../parts/moment';
import { QueryTable } from '../../parts/query-table';
import { Loaded, Panel, Screen } from '../../parts/screen';
import { useText, type Say } from '../../text/use-text';
import { DifferencesPanel } from './differences/differences';
import { Downloads } from './downloads';
import { Netting } from './netting/netting';
import { PaymentsPanel } from './payments/payments';
import { RecordPayment } from './payments/record-payment';
import { dayTexts } from './text';
import { VerifyPanel } from './verify-panel';

type Manifest = Schemas['BusinessDayManifest'];
type Confirmation = Schemas['Confirmation'];

interface Row {
  party: string;
  amount: string;
  paid: string;
  isMember: boolean;
  confirmedAt: string | undefined;
}

function Summary({ day }: { day: Manifest }) {
  const say = useText(dayTexts);
  const { absolute } = useMoments();
  const { state, closedAt, startsAt, endsAt, dueOn, records, netSum, position } = day;
  const amount = position ?? netSum;
  return (
    <Panel title={say('summary')}>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2, xl: 3 }}
        items={[
          { key: 'state', label: say('state'), children: <Tag>{say(state)}</Tag> },
          { key: 'closedAt', label: say('closedAt'), children: <Moment at={closedAt} only="absolute" /> },
          {
            key: 'period',
            label: say('period'),
            children: startsAt && endsAt ? `${absolute(startsAt)} – ${absolute(endsAt)}` : '–',
          },
          { key: 'dueOn', label: say('dueOn'), children: dueOn ?? '–' },
          { key: 'records', label: say('records'), children: records ?? '–' },
          {
            key: 'amount',
            label: say(position === null ? 'netSum' : 'position'),
            children: amount === null ? '–' : yuan(amount),
          },
        ]}
      />
    </Panel>
  );
}

function rowsOf(
  day: Manifest,
  { positions }: Pick<Schemas['DayPositions'], 'positions'>,
  confirmations: Confirmation[],
): Row[] {
  const of = new Map(positions.map((one) => [one.party, one]));
  const confirmed = new Map(confirmations.map(({ network, at }) => [network, at]));
  const parties = new Set([...of.keys(), ...Object.keys(day.members)]);
  return [...parties].map((party) => ({
    party,
    amount: of.get(party)?.amount ?? '0',
    paid: of.get(party)?.paid ?? '0',
    isMember: party in day.members,
    confirmedAt: confirmed.get(party),
  }));
}

function columnsOf(say: Say<typeof dayTexts>, date: string, mayRecord: boolean): Column<Row>[] {
  return [
    {
      key: 'party',
      title: say('party'),
      value: ({ party }) => party,
      show: ({ party }) => (
        <Link to="/days" search={{ date, party }} aria-label={say('read', { party })}>
          {party}
        </Link>
      ),
    },
    amountColumn('amount', say('position')),
    {
      key: 'paid',
      title: say('paid'),
      value: ({ paid }) => paid,
      show: ({ paid }) => yuan(paid),
      align: 'right',
    },
    {
      key: 'confirmed',
      title: say('confirmed'),
      value: ({ confirmedAt, isMember }) => (isMember ? (confirmedAt ?? say('notConfirmed')) : ''),
      show: ({ confirmedAt, isMember }) =>
        isMember ? confirmedAt ? <Moment at={confirmedAt} only="absolute" /> : say('notConfirmed') : '–',
    },
    {
      key: 'files',
      title: say('files'),
      value: () => '',
      buttons: true,
      show: ({ party }) => <Downloads date={date} party={party} of="statements" />,
      wide: true,
    },
    ...(mayRecord
      ? [
          {
            key: 'record',
            title: say('payment'),
            value: () => '',
            buttons: true,
            show: (row: Row) => (row.amount === '0' ? null : <RecordPayment date={date} position={row} />),
          },
        ]
      : []),
  ];
}

/** A closed day: its picture, and the statement of each party to read or to save. */
function ClosedDay({ day }: { day: Manifest }) {
  const say = useText(dayTexts);
  const { date } = day;
  const may = useMay();
  const mayConfirmations = may('settlement:read');
  const positions = useQuery({
    queryKey: ['positions', date],
    queryFn: () => answer(api.GET('/v1/business-days/{date}/positions', { params: { path: { date } } })),
  });
  const statements = useQuery({
    queryKey: ['statements', date, positions.dataUpdatedAt],
    enabled: positions.data !== undefined,
    queryFn: async () => {
      const read = (cursor: string | undefined) =>
        answer(
          api.GET('/v1/business-days/{date}/confirmations', {
            params: { path: { date }, query: pageOf(cursor) },
          }),
        );
      const { rows } = mayConfirmations ? await allRows<Confirmation>(read) : { rows: [] };
      return { rows: rowsOf(day, positions.data ?? { positions: [] }, rows), more: false };
    },
  });
  return (
    <>
      <Panel title={say('netting')}>
        <Loaded query={positions}>
          {(data) => (
            <>
              <Netting positions={data.positions} payments={data.payments} />
              {data.more && <Alert type="info" showIcon title={say('morePayments')} />}
            </>
          )}
        </Loaded>
      </Panel>
      <Panel title={say('statements')}>
        <p className="quiet">{say('positionHelp')}</p>
        {may('clearing:verify') && <VerifyPanel date={date} />}
        <QueryTable
          name={say('statements')}
          query={statements}
          columns={columnsOf(say, date, may('payments:write'))}
          rowKey={({ party }) => party}
          empty={<p className="quiet">{say('nothingPaid')}</p>}
        />
      </Panel>
      {may('payments:read') && <PaymentsPanel date={date} />}
      {mayConfirmations && <DifferencesPanel date={date} />}
    </>
  );
}

export function DayPage({ date }: { date: string }) {
  const say = useText(dayTexts);
  const query = useQuery({
    queryKey: ['business-day', date],
    queryFn: () => answer(api.GET('/v1/business-days/{date}', { params: { path: { date } } })),
  });
  return (
    <Screen title={date} lead={say('dayLead')} actions={<Link to="/days">{say('back')}</Link>}>
      <Loaded query={query}>
        {(day) => (
          <>
            <Summary day={day} />
            {day.state === 'closed' ? (
              <ClosedDay day={day} />
            ) : (
              <Panel title={say('statements')}>
                <p className="quiet">{say('notYet')}</p>
              </Panel>
            )}
          </>
        )}
      </Loaded>
    </Screen>
  );
}
