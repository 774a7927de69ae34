/** What the tables of all screens have in common: cells that wrap to the width of the page, and one card for each row on a phone. */
import type { TableColumnType } from 'antd';
import type { Column } from '../data-table';
import './rows.css';

/** As wide as the page, where the words of the cells can wrap so far; otherwise the table scrolls and not the page. */
export const SCROLL = { x: true } as const;

export function cellsOf<Row extends object>(column: Column<Row>): TableColumnType<Row> {
  const { key, title, value, show, wide, align, buttons } = column;
  return {
    key,
    title,
    ...(align && { align }),
    ...(wide && { responsive: ['md'] as const }),
    // On a phone, the title stands beside the value.
    onCell: () => ({ 'data-title': buttons ? '' : title }) as object,
    render: (_, row) => (show ? show(row) : String(value(row) ?? '')),
  };
}
