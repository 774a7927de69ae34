import { Suspense, type Key, type ReactNode } from 'react';
import type { CsvValue } from '../format/csv';
import { lazyComponent } from './lazy-component';
import { Loading } from './screen';

export interface Column<Row> {
  key: string;
  title: string;
  /** What is sorted, searched and exported. */
  value: (row: Row) => CsvValue;
  /** What is shown, if it is more than the value. */
  show?: (row: Row) => ReactNode;
  /** Shows a list of the values that occur, to choose from. */
  choose?: boolean;
  /** Not on narrow screens. */
  wide?: boolean;
  align?: 'right';
  /** Has buttons only: neither sorted nor exported. */
  buttons?: boolean;
}

export interface DataTableProps<Row extends object> {
  /** Name of the exported file, and of the table for screen readers. */
  name: string;
  columns: Column<Row>[];
  rows: Row[];
  more?: boolean;
  rowKey: (row: Row) => string;
  empty: ReactNode;
  /** Text that rows must contain, or the key of one row; kept in the address by the screen. */
  filter: string | undefined;
  onFilter: (filter: string | undefined) => void;
  selected?: Key[];
  onSelect?: (keys: Key[]) => void;
  toolbar?: ReactNode;
  /** The screen shows the saved views itself, also where there are no rows. */
  hasOwnViews?: boolean;
}

/** Tables are a third of the code; it loads while the rows are on their way. */
const Table = lazyComponent(() => import('./table'));

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  if (props.rows.length === 0) return <>{props.empty}</>;
  return (
    <Suspense fallback={<Loading />}>
      <Table {...props} />
    </Suspense>
  );
}
