import { Button, Flex, Table } from 'antd';
import type { ReactNode } from 'react';
import { useText } from '../text/use-text';
import type { Column } from './data-table';
import { cellsOf, SCROLL } from './rows/rows';
import { partTexts } from './text';

interface ServerTableProps<Row extends object> {
  /** Name of the table for screen readers. */
  name: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  empty: ReactNode;
  /** Undefined on the first page. */
  first?: (() => void) | undefined;
  /** Undefined on the last page. */
  next?: (() => void) | undefined;
}

/** One page of a list that the server filters and sorts. */
export default function ServerTable<Row extends object>(props: ServerTableProps<Row>) {
  const say = useText(partTexts);
  const { name, columns, rows, rowKey, empty, first, next } = props;
  if (rows.length === 0 && !first) return <>{empty}</>;
  return (
    <Flex vertical gap="small">
      <Table<Row>
        className="rows"
        size="middle"
        aria-label={name}
        rowKey={rowKey}
        columns={columns.map(cellsOf)}
        dataSource={rows}
        scroll={SCROLL}
        pagination={false}
        locale={{ emptyText: say('noMatch') }}
      />
      {(first ?? next) && (
        <Flex gap="small" justify="end">
          <Button disabled={!first} onClick={first}>
            {say('firstPage')}
          </Button>
          <Button disabled={!next} onClick={next}>
            {say('nextPage')}
          </Button>
        </Flex>
      )}
    </Flex>
  );
}
