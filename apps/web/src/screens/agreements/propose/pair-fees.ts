/** The tariff of a pair of networks as a form. Pure functions. */
import type { Tariff } from '../../../api/lists';
import type { Schemas } from '../../../api/contract';
import { sameAmount } from '../../../format/money';

export const CLASSES = ['message', 'media', 'sms', 'contact', 'group', 'call'] as const;
export const DIRECTIONS = ['there', 'back'] as const;
export type TrafficClass = (typeof CLASSES)[number];
export type Direction = (typeof DIRECTIONS)[number];
export type Fee = Schemas['PairTariffTerms']['fees'][number];

export interface FeeFields {
  terminationFee?: string;
  switchFee?: string;
  billAndKeepPermille?: number | null;
}
/** As the form has it; the address of a field is class, direction, name. */
export type PairFields = Partial<Record<TrafficClass, Partial<Record<Direction, FeeFields>>>>;

export interface PairOf {
  from: string;
  to: string;
}

const ANY = '*';

/** The directions of a pair: of all networks with all there is one. */
export function directionsOf({ from, to }: PairOf): readonly Direction[] {
  return from === to ? ['there'] : DIRECTIONS;
}

function endsOf({ from, to }: PairOf, direction: Direction): PairOf {
  return direction === 'there' ? { from, to } : { from: to, to: from };
}

/** The version in force of the tariff of exactly these ends. */
function ownTariff(tariffs: readonly Tariff[], { from, to }: PairOf, kind: TrafficClass, now: Date) {
  return tariffs
    .filter((one) => one.from === from && one.to === to && one.class === kind)
    .filter(({ validFrom }) => Date.parse(validFrom) <= now.getTime())
    .toSorted((one, other) => Date.parse(other.validFrom) - Date.parse(one.validFrom))[0];
}

/** The tariff that applies to a pair: its own, or a wider one, the sender's before the receiver's. */
export function applicableTariff(
  tariffs: readonly Tariff[],
  pair: PairOf,
  direction: Direction,
  kind: TrafficClass,
  now: Date,
): Tariff | undefined {
  const { from, to } = endsOf(pair, direction);
  const ends = [
    { from, to },
    { from, to: ANY },
    { from: ANY, to },
    { from: ANY, to: ANY },
  ];
  return ends.map((one) => ownTariff(tariffs, one, kind, now)).find((found) => found !== undefined);
}

/** The fields with the tariffs that the pair has of its own. */
export function fieldsOf(tariffs: readonly Tariff[], pair: PairOf, now: Date): PairFields {
  const fields: PairFields = {};
  for (const kind of CLASSES)
    for (const direction of DIRECTIONS) {
      const own = ownTariff(tariffs, endsOf(pair, direction), kind, now);
      const { terminationFee = '', switchFee = '', billAndKeepPermille = null } = own ?? {};
      fields[kind] = { ...fields[kind], [direction]: { terminationFee, switchFee, billAndKeepPermille } };
    }
  return fields;
}

/** The fees that differ from those in force. Shares are not edited here; the new versions keep them. */
export function feesToPropose(
  fields: PairFields,
  tariffs: readonly Tariff[],
  pair: PairOf,
  now: Date,
): Fee[] {
  return CLASSES.flatMap((kind) =>
    directionsOf(pair).flatMap((direction): Fee[] => {
      const own = ownTariff(tariffs, endsOf(pair, direction), kind, now);
      const { terminationFee = '', switchFee = '', billAndKeepPermille } = fields[kind]?.[direction] ?? {};
      const isEmpty = terminationFee.trim() === '' && switchFee.trim() === '';
      const isSame =
        own !== undefined &&
        sameAmount(own.terminationFee, terminationFee.trim()) &&
        sameAmount(own.switchFee, switchFee.trim()) &&
        own.billAndKeepPermille === (billAndKeepPermille ?? null);
      if (isEmpty || isSame) return [];
      const permille = billAndKeepPermille ?? undefined;
      return [
        {
          direction,
          class: kind,
          terminationFee: terminationFee.trim(),
          switchFee: switchFee.trim(),
          ...(permille !== undefined && { billAndKeepPermille: permille }),
          shares: own?.shares ?? [],
        },
      ];
    }),
  );
}

/** The form field of a field in the proposal, `fees.3.switchFee`. */
export function placeOfFee(field: string, fees: readonly Fee[]): (string | number)[] | undefined {
  const [, index, name] = /^fees\.(\d+)\.(\w+)/.exec(field) ?? [];
  const fee = fees[Number(index)];
  return fee && name !== undefined ? ['fees', fee.class, fee.direction, name] : undefined;
}
