import { useQuery } from '@tanstack/react-query';
import { Form } from 'antd';
import type { Proposal } from '../../../api/exchange';
import type { Rows } from '../../../api/client';
import { tariffsQuery, type Tariff } from '../../../api/lists';
import { instantOf, localTime } from '../../../format/zoned';
import { useNow } from '../../../parts/moment';
import { Loaded } from '../../../parts/screen';
import { usePreferences } from '../../../text/preferences';
import { useText } from '../../../text/use-text';
import { FeeTable } from './fee-table';
import { sameNames, type FieldPath } from './faults';
import { NetworkInput, TimeInput } from './inputs';
import { feesToPropose, placeOfFee, type PairFields, type PairOf } from './pair-fees';
import { ProposalDialog } from './proposal-dialog';
import { proposeTexts } from './text';

interface TariffFields extends PairOf {
  validFrom: string;
  fees: PairFields;
}

const DAY_MS = 24 * 3600_000;
const placeOf = sameNames(['from', 'to', 'validFrom']);

/** Midnight after tomorrow: the members need time to confirm. */
function laterMidnight(now: Date, zone: string): string {
  return `${localTime(new Date(now.getTime() + 2 * DAY_MS).toISOString(), zone).slice(0, 10)}T00:00`;
}

function placeOfFault(field: string, proposal: Proposal): FieldPath | undefined {
  const fees = proposal.kind === 'tariff.pair' ? proposal.terms.fees : [];
  return placeOfFee(field, fees) ?? placeOf(field);
}

interface PairFormProps {
  tariffs: readonly Tariff[];
  pair: Partial<PairOf>;
  close: () => void;
}

function PairForm({ tariffs, pair, close }: PairFormProps) {
  const say = useText(proposeTexts);
  const { timeZone } = usePreferences();
  const now = useNow();
  const toProposal = (fields: TariffFields): Proposal | { fault: string } => {
    const ends = { from: fields.from, to: fields.to };
    const fees = feesToPropose(fields.fees, tariffs, ends, now);
    if (fees.length === 0) return { fault: say('unchanged') };
    return {
      kind: 'tariff.pair',
      terms: { ...ends, validFrom: instantOf(fields.validFrom, timeZone), fees },
    };
  };
  return (
    <ProposalDialog<TariffFields>
      title={say('pair')}
      initial={{ ...pair, validFrom: laterMidnight(now, timeZone) }}
      toProposal={toProposal}
      placeOf={placeOfFault}
      close={close}
    >
      <div className="form-columns">
        <NetworkInput name="from" label={say('from')} any />
        <NetworkInput name="to" label={say('to')} any />
        <TimeInput name="validFrom" label={say('validFrom')} required />
      </div>
      <Form.Item noStyle dependencies={['from', 'to']}>
        {({ getFieldsValue, setFieldValue }) => {
          const { from: one, to: other } = getFieldsValue(['from', 'to']) as Partial<PairOf>;
          if (one === undefined || other === undefined) return null;
          return (
            <FeeTable
              key={`${one}>${other}`}
              pair={{ from: one, to: other }}
              tariffs={tariffs}
              now={now}
              fill={(fields) => setFieldValue('fees', fields)}
            />
          );
        }}
      </Form.Item>
    </ProposalDialog>
  );
}

/** The whole tariff of a pair: both directions and all classes. */
export default function TariffForm({ pair, close }: { pair: Partial<PairOf>; close: () => void }) {
  return (
    <Loaded<Rows<Tariff>> query={useQuery(tariffsQuery)}>
      {({ rows }) => <PairForm tariffs={rows} pair={pair} close={close} />}
    </Loaded>
  );
}
