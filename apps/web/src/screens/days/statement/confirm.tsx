import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Tag } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../../api/client';
import { useMay } from '../../../api/me';
import { yuan } from '../../../format/money';
import { FormDialog } from '../../../parts/form-dialog';
import { useMoments } from '../../../parts/moment';
import { useText } from '../../../text/use-text';
import { RaiseDifference } from '../differences/raise';
import { statementTexts } from './text';

interface ConfirmProps {
  date: string;
  network: string;
  position: string;
}

/** Whether the network has confirmed its statement. Until then its operator confirms it, once, or raises a difference. */
export function Confirm({ date, network, position }: ConfirmProps) {
  const say = useText(statementTexts);
  const { absolute } = useMoments();
  const may = useMay();
  const queries = useQueryClient();
  const [asked, setAsked] = useState(false);
  const params = { path: { date } };
  const { data } = useQuery({
    queryKey: ['confirmations', date],
    enabled: may('settlement:read'),
    queryFn: () => answer(api.GET('/v1/business-days/{date}/confirmations', { params })),
  });
  const confirm = async () => {
    await answer(api.POST('/v1/business-days/{date}/confirmations', { params }));
    await queries.invalidateQueries();
  };
  // An operator sees its own confirmation only.
  const confirmed = data?.items.find((one) => one.network === network);
  if (confirmed) return <Tag color="success">{say('confirmedAt', { at: absolute(confirmed.at) })}</Tag>;
  if (!data || !may('settlement:confirm')) return null;
  return (
    <>
      <RaiseDifference date={date} />
      <Button type="primary" onClick={() => setAsked(true)}>
        {say('confirm')}
      </Button>
      {asked && (
        <FormDialog
          title={say('confirm')}
          action={say('confirm')}
          run={confirm}
          close={() => setAsked(false)}
        >
          <p>{say('confirmEffect', { amount: yuan(position) })}</p>
        </FormDialog>
      )}
    </>
  );
}
