import { Alert, Button, Flex, Input, Table, type TableColumnType } from 'antd';
import type { Key, ReactNode } from 'react';
import type { CsvValue } from '../format/csv';
import { useText } from '../text/use-text';
import { downloadCsv } from './download';
import { partTexts } from './text';

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
}

interface DataTableProps<Row extends object> {
  /** Name of the exported file, and of the table for screen readers. */
  name: string;
  columns: Column<Row>[];
  rows: Row[];
  more?: boolean;
  rowKey: (row: Row) => string;
  empty: ReactNode;
  /** Text that rows must contain; kept in the address by the screen. */
  filter: string | undefined;
  onFilter: (filter: string | undefined) => void;
  selected?: Key[];
  onSelect?: (keys: Key[]) => void;
  toolbar?: ReactNode;
}

function compare(a: CsvValue, b: CsvValue): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a ?? '').localeCompare(String(b ?? ''));
}

export function matches<Row>(row: Row, columns: Pick<Column<Row>, 'value'>[], filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const text = columns.map(({ value }) => String(value(row) ?? '').toLowerCase()).join('\n');
  return words.every((word) => text.includes(word));
}

function tableColumn<Row extends object>(column: Column<Row>, rows: Row[]): TableColumnType<Row> {
  const { key, title, value, show, choose, wide, align } = column;
  const choices = choose ? [...new Set(rows.map((row) => String(value(row) ?? '')))].sort().slice(0, 100) : [];
  return {
    key,
    title,
    ...(align && { align }),
    ...(wide && { responsive: ['md'] as const }),
    sorter: (a, b) => compare(value(a), value(b)),
    render: (_, row) => (show ? show(row) : String(value(row) ?? '')),
    ...(choices.length > 1 && {
      filters: choices.map((choice) => ({ text: choice || '–', value: choice })),
      onFilter: (choice: Key | boolean, row: Row) => String(value(row) ?? '') === choice,
    }),
  };
}

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const say = useText(partTexts);
  const { name, columns, rows, filter = '' } = props;
  if (rows.length === 0) return <>{props.empty}</>;
  const shown = filter ? rows.filter((row) => matches(row, columns, filter)) : rows;
  const save = () =>
    downloadCsv(
      name,
      columns.map(({ title }) => title),
      shown.map((row) => columns.map(({ value }) => value(row))),
    );
  return (
    <Flex vertical gap="small">
      <Flex gap="small" wrap align="center">
        <Input.Search
          className="table-filter"
          allowClear
          placeholder={say('search')}
          aria-label={say('search')}
          value={filter}
          onChange={(event) => props.onFilter(event.target.value || undefined)}
        />
        {props.toolbar}
        <span className="quiet grow">
          {shown.length === rows.length
            ? say('rows', { count: rows.length })
            : say('rowsOf', { count: shown.length, all: rows.length })}
        </span>
        <Button onClick={save}>{say('export')}</Button>
      </Flex>
      {props.more && <Alert type="info" showIcon title={say('more', { count: rows.length })} />}
      <Table<Row>
        size="middle"
        aria-label={name}
        rowKey={props.rowKey}
        columns={columns.map((column) => tableColumn(column, rows))}
        dataSource={shown}
        scroll={{ x: 'max-content' }}
        pagination={{ defaultPageSize: 20, hideOnSinglePage: true, showSizeChanger: true }}
        locale={{ emptyText: say('noMatch') }}
        {...(props.onSelect && {
          rowSelection: { selectedRowKeys: props.selected ?? [], onChange: props.onSelect },
        })}
      />
    </Flex>
  );
}
