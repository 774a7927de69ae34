import { Form, Input, InputNumber } from 'antd';
import { useEffect } from 'react';
import type { Tariff } from '../../../api/lists';
import { useText } from '../../../text/use-text';
import {
  applicableTariff,
  CLASSES,
  directionsOf,
  fieldsOf,
  type Direction,
  type PairFields,
  type PairOf,
  type TrafficClass,
} from './pair-fees';
import { proposeTexts } from './text';
import { useClassWord } from '../../../parts/terms/traffic';

interface FeeTableProps {
  pair: PairOf;
  tariffs: readonly Tariff[];
  now: Date;
  /** Sets the fields to the tariffs that the pair has. */
  fill: (fields: PairFields) => void;
}

function wordsOfShares({ shares }: Tariff): string {
  return shares.map(({ party, part, of, from }) => `${party} ${part}/${of} (${from})`).join(', ');
}

/** Fees of each class, one group of columns for each direction. */
export function FeeTable({ pair, tariffs, now, fill }: FeeTableProps) {
  const say = useText(proposeTexts);
  // Another pair begins with its own tariffs: the table is made anew for each pair.
  useEffect(() => fill(fieldsOf(tariffs, pair, now)), []);
  const directions = directionsOf(pair);
  const nameOf = (direction: Direction) =>
    direction === 'there' ? `${pair.from} → ${pair.to}` : `${pair.to} → ${pair.from}`;
  return (
    <>
      <p className="quiet">{say('feesHelp')}</p>
      {directions.map((direction) => (
        <div key={direction} className="fee-scroll" tabIndex={0} role="group" aria-label={nameOf(direction)}>
          <table className="fees">
            <caption>{nameOf(direction)}</caption>
            <thead>
              <tr>
                <th scope="col">{say('class')}</th>
                <th scope="col">{say('terminationFee')}</th>
                <th scope="col">{say('switchFee')}</th>
                <th scope="col">{say('billAndKeepPermille')}</th>
              </tr>
            </thead>
            <tbody>
              {CLASSES.map((kind) => (
                <FeeRow
                  key={kind}
                  kind={kind}
                  direction={direction}
                  label={nameOf(direction)}
                  ends={direction === 'there' ? pair : { from: pair.to, to: pair.from }}
                  applies={applicableTariff(tariffs, pair, direction, kind, now)}
                />
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </>
  );
}

interface FeeRowProps {
  kind: TrafficClass;
  direction: Direction;
  label: string;
  ends: PairOf;
  applies: Tariff | undefined;
}

function FeeRow({ kind, direction, label, ends, applies }: FeeRowProps) {
  const say = useText(proposeTexts);
  const classWord = useClassWord();
  // Shares of a wider tariff are not those of the pair.
  const isOwn = applies?.from === ends.from && applies.to === ends.to;
  const named = (field: 'terminationFee' | 'switchFee' | 'billAndKeepPermille') =>
    `${label} ${classWord(kind)} ${say(field)}`;
  return (
    <tr>
      <th scope="row">
        {classWord(kind)}
        {applies && applies.shares.length > 0 && isOwn && (
          <div className="quiet hostile">{say('kept', { shares: wordsOfShares(applies) })}</div>
        )}
      </th>
      {(['terminationFee', 'switchFee'] as const).map((field) => (
        <td key={field}>
          <Form.Item name={['fees', kind, direction, field]} className="fee">
            <Input
              aria-label={named(field)}
              inputMode="decimal"
              maxLength={12}
              placeholder={applies?.[field] ?? '–'}
            />
          </Form.Item>
        </td>
      ))}
      <td>
        <Form.Item name={['fees', kind, direction, 'billAndKeepPermille']} className="fee">
          <InputNumber aria-label={named('billAndKeepPermille')} min={0} max={1000} precision={0} />
        </Form.Item>
      </td>
    </tr>
  );
}
