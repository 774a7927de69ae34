import { yuan } from '../../format/money';
import { Moment } from '../../parts/moment';
import { inOrder, TermValue, useField } from '../../parts/terms/terms';
import { useClassWord } from '../../parts/terms/traffic';
import type { Schemas } from '../../api/contract';
import { termsOf, type Change } from './steps';

/** What a change would set. */
export function Terms({ change: { change } }: { change: Change }) {
  if (change.kind === 'tariff.pair') return <PairTerms terms={change.terms} />;
  const { kind: _kind, ...terms } = change;
  const fields = termsOf(terms).map(([name, value]) => ({ field: name.replace(/^terms\./, ''), value }));
  return <Fields fields={inOrder(fields, ({ field }) => field)} />;
}

function Fields({ fields }: { fields: { field: string; value: string }[] }) {
  const fieldOf = useField();
  return (
    <dl className="terms">
      {fields.map(({ field, value }) => (
        <div key={field}>
          <dt className="quiet">{fieldOf(field)}</dt>
          <dd className="hostile">
            <TermValue field={field} value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** One line for each direction and class. */
function PairTerms({ terms: { from, to, validFrom, fees } }: { terms: Schemas['PairTariffTerms'] }) {
  const fieldOf = useField();
  const classWord = useClassWord();
  return (
    <>
      <p>
        <span className="quiet">{fieldOf('validFrom')}</span> <Moment at={validFrom} only="absolute" />
      </p>
      <table className="pair-terms">
        <thead>
          <tr>
            <th scope="col">{fieldOf('direction')}</th>
            <th scope="col">{fieldOf('class')}</th>
            <th scope="col">{fieldOf('terminationFee')}</th>
            <th scope="col">{fieldOf('switchFee')}</th>
            <th scope="col">{fieldOf('billAndKeepPermille')}</th>
          </tr>
        </thead>
        <tbody>
          {fees.map(({ direction, class: kind, terminationFee, switchFee, billAndKeepPermille }) => (
            <tr key={`${direction} ${kind}`}>
              <td>{direction === 'there' ? `${from} → ${to}` : `${to} → ${from}`}</td>
              <td>{classWord(kind)}</td>
              <td>{yuan(terminationFee)}</td>
              <td>{yuan(switchFee)}</td>
              <td>{billAndKeepPermille ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
