import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../../api/client';
import { useMay } from '../../../api/me';
import { EmptyState } from '../../../parts/empty-state';
import { inBackground } from '../../../parts/in-background';
import { ProblemAlert } from '../../../parts/problem-alert';
import { DataTable } from '../../../parts/data-table';
import { Loaded, Panel } from '../../../parts/screen';
import { useText } from '../../../text/use-text';
import { deliveryColumns } from './columns';
import { deliveriesQuery, type Delivery } from './queries';
import { webhookTexts } from './text';

export default function DeliveryLog({ webhook: id }: { webhook: string }) {
  const say = useText(webhookTexts);
  const queries = useQueryClient();
  const mayWrite = useMay()('webhooks:write');
  const options = deliveriesQuery(id);
  const query = useQuery(options);
  const [problem, setProblem] = useState<unknown>();
  // Not in the address: the filter there is that of the webhooks.
  const [filter, setFilter] = useState<string>();
  const redeliver = async ({ id: delivery }: Delivery) => {
    setProblem(undefined);
    try {
      const params = { path: { id, delivery } };
      await answer(api.POST('/v1/webhooks/{id}/deliveries/{delivery}/redeliver', { params }));
    } catch (error) {
      setProblem(error);
    }
    await queries.invalidateQueries({ queryKey: options.queryKey });
  };
  return (
    <Panel title={say('deliveries')}>
      {problem !== undefined && <ProblemAlert error={problem} />}
      <Loaded query={query}>
        {({ rows, more }) => (
          <DataTable
            name={say('deliveries')}
            columns={deliveryColumns(say, mayWrite ? (row) => inBackground(redeliver(row)) : undefined)}
            rows={rows}
            more={more}
            rowKey={(row) => row.id}
            filter={filter}
            onFilter={setFilter}
            empty={<EmptyState title={say('noDeliveries')} teach={say('noDeliveriesTeach')} />}
          />
        )}
      </Loaded>
    </Panel>
  );
}
