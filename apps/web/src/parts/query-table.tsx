import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Rows } from '../api/client';
import { DataTable, type DataTableProps } from './data-table';
import { inBackground } from './in-background';
import { Loaded, type Loadable } from './screen';

type QueryTableProps<Row extends object> = Omit<
  DataTableProps<Row>,
  'rows' | 'more' | 'filter' | 'onFilter'
> & {
  query: Loadable<Rows<Row>>;
};

/** The text that the rows of a screen must contain. It stands in the address as `filter`, beside the other filters. */
export function useAddressFilter(): Pick<DataTableProps<object>, 'filter' | 'onFilter'> {
  const { filter } = useSearch({ strict: false });
  const navigate = useNavigate();
  return {
    filter,
    onFilter: (next) =>
      inBackground(navigate({ to: '.', search: (now) => ({ ...now, filter: next }), replace: true })),
  };
}

/** The table of a list that one request brings. */
export function QueryTable<Row extends object>({ query, ...table }: QueryTableProps<Row>) {
  const filter = useAddressFilter();
  return <Loaded query={query}>{(data) => <DataTable<Row> {...table} {...data} {...filter} />}</Loaded>;
}
