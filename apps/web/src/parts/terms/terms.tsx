/** Words and values of the terms of changes. */
import { yuan } from '../../format/money';
import { useText } from '../../text/use-text';
import { useMoments } from '../moment';
import { fieldTexts, kindTexts } from './text';
import { useClassWord, useRouteWord } from './traffic';

/** The kind of a change in words. */
export function useKind(): (kind: string) => string {
  const say = useText(kindTexts);
  return (kind) => (kind in kindTexts ? say(kind as keyof typeof kindTexts) : kind);
}

/** The name of a field in words; of an entry of a list with its place: "Fee 1 · To the hub". */
export function useField(): (field: string) => string {
  const say = useText(fieldTexts);
  const word = (name: string) => (name in fieldTexts ? say(name as keyof typeof fieldTexts) : name);
  const wordsOf = (field: string): string => {
    const [, list, place, inner] = /^(\w+)\.(\d+)\.(.+)$/.exec(field) ?? [];
    if (list === undefined || inner === undefined) return word(field);
    return `${word(list)} ${Number(place) + 1} · ${wordsOf(inner)}`;
  };
  return wordsOf;
}

const ORDER = Object.keys(fieldTexts);

/** Fields in the order in which people read them: the API gives them in the order of its database. */
export function inOrder<Row>(rows: readonly Row[], fieldOf: (row: Row) => string): Row[] {
  const place = (row: Row) => {
    const index = ORDER.indexOf(fieldOf(row));
    return index < 0 ? ORDER.length : index;
  };
  return rows.toSorted((one, other) => place(one) - place(other));
}

const TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/;

/** A value as text: times in the zone of the person, fees in yuan. */
export function TermValue({ field, value }: { field: string; value: string }) {
  const { absolute } = useMoments();
  const classWord = useClassWord();
  const routeWord = useRouteWord();
  if (TIME.test(value) && !Number.isNaN(Date.parse(value)))
    return <time dateTime={value}>{absolute(value)}</time>;
  if (field.endsWith('Fee')) return <span>{yuan(value)}</span>;
  if (field === 'class') return <span className="hostile">{classWord(value)}</span>;
  if (field === 'classes') return <span className="hostile">{value.replace(/\w+/g, classWord)}</span>;
  return <span className="hostile">{field === 'kind' ? routeWord(value) : value}</span>;
}
