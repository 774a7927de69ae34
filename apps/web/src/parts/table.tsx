import { Alert, Button, Flex, Input, Table, type TableColumnType } from 'antd';
import type { Key } from 'react';
import { useText } from '../text/use-text';
import { compare } from './compare';
import type { Column, DataTableProps } from './data-table';
import { downloadCsv } from './download';
import { matches } from './matches';
import { cellsOf, SCROLL } from './rows/rows';
import { SavedViews } from './saved-views/saved-views';
import { partTexts } from './text';

function tableColumn<Row extends object>(column: Column<Row>, rows: Row[]): TableColumnType<Row> {
  const { value, choose, buttons } = column;
  const choices = choose
    ? [...new Set(rows.map((row) => String(value(row) ?? '')))].sort().slice(0, 100)
    : [];
  return {
    ...(!buttons && { sorter: (a: Row, b: Row) => compare(value(a), value(b)) }),
    ...cellsOf(column),
    ...(choices.length > 1 && {
      filters: choices.map((choice) => ({ text: choice || '–', value: choice })),
      onFilter: (choice: Key | boolean, row: Row) => String(value(row) ?? '') === choice,
    }),
  };
}

export default function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const say = useText(partTexts);
  const { name, columns, rows, rowKey, filter = '' } = props;
  const shown = filter ? rows.filter((row) => rowKey(row) === filter || matches(row, columns, filter)) : rows;
  const exported = columns.filter(({ buttons }) => !buttons);
  const save = () =>
    downloadCsv(
      name,
      exported.map(({ title }) => title),
      shown.map((row) => exported.map(({ value }) => value(row))),
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
        {!props.hasOwnViews && <SavedViews />}
        <Button onClick={save}>{say('export')}</Button>
      </Flex>
      {props.more && <Alert type="info" showIcon title={say('more', { count: rows.length })} />}
      <Table<Row>
        className="rows"
        size="middle"
        aria-label={name}
        rowKey={rowKey}
        columns={columns.map((column) => tableColumn(column, rows))}
        dataSource={shown}
        scroll={SCROLL}
        pagination={{ defaultPageSize: 20, hideOnSinglePage: true, showSizeChanger: true }}
        locale={{ emptyText: say('noMatch') }}
        {...(props.onSelect && {
          rowSelection: { selectedRowKeys: props.selected ?? [], onChange: props.onSelect },
        })}
      />
    </Flex>
  );
}
