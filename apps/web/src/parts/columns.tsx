/** Columns that tables of several screens have. Keys are names of fields of the row. */
import { Link } from '@tanstack/react-router';
import { Tag } from 'antd';
import { yuan } from '../format/money';
import type { Column } from './data-table';
import { Moment } from './moment';

type Text = string | null | undefined;
/** The fields of a row that have such a value. */
type FieldOf<Row, Value> = { [Key in keyof Row]: Row[Key] extends Value ? Key : never }[keyof Row] & string;

/** An amount in yuan, as the API writes it: `-12.5`. */
export function amountColumn<Row, Key extends FieldOf<Row, string>>(key: Key, title: string): Column<Row> {
  const value = (row: Row) => row[key] as string;
  return { key, title, value, show: (row) => yuan(value(row)), align: 'right' };
}

/** Text of people. */
export function textColumn<Row, Key extends FieldOf<Row, Text>>(
  key: Key,
  title: string,
  more: Pick<Column<Row>, 'wide'> = {},
): Column<Row> {
  const value = (row: Row) => row[key] as Text;
  return {
    key,
    title,
    value,
    show: (row) => <span className="hostile">{value(row)}</span>,
    ...more,
  };
}

/** A time; not on narrow screens. */
export function momentColumn<Row, Key extends FieldOf<Row, Text>>(
  key: Key,
  title: string,
  only: 'relative' | 'absolute' = 'absolute',
): Column<Row> {
  const value = (row: Row) => row[key] as Text;
  return { key, title, value, show: (row) => <Moment at={value(row)} only={only} />, wide: true };
}

interface TagColumn<Row> {
  key: string;
  title: string;
  /** The word of the tag, by which people filter. */
  value: (row: Row) => string;
  colour: (row: Row) => string;
  wide?: boolean;
}

/** One of few words, in a colour. */
export function tagColumn<Row>({ colour, ...column }: TagColumn<Row>): Column<Row> {
  return { ...column, choose: true, show: (row) => <Tag color={colour(row)}>{column.value(row)}</Tag> };
}

/** The network of a row, which leads to what the screen says of it. */
export function networkColumn<Row extends { network: string }>(
  title: string,
  to: '/networks' | '/certification' | '/risk',
  more: Record<string, string> = {},
): Column<Row> {
  return {
    key: 'network',
    title,
    value: ({ network }) => network,
    show: ({ network }) => (
      <Link to={to} search={{ ...more, network }}>
        {network}
      </Link>
    ),
  };
}
