import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Modal, Tag } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../../api/client';
import { useMay } from '../../../api/me';
import { yuan } from '../../../format/money';
import { useMoments } from '../../../parts/moment';
import { ProblemAlert } from '../../../parts/problem-alert';
import { useText } from '../../../text/use-text';
import { statementTexts } from './text';

interface ConfirmProps {
  date: string;
  network: string;
  position: string;
}

/** Whether the network has confirmed its statement; its operator can do so, once. */
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
    queryFn: () =>
      answer(api.GET('/v1/business-days/{date}/confirmations', { params: { ...params, query: { limit: 200 } } })),
  });
  const confirm = useMutation({
    mutationFn: () => answer(api.POST('/v1/business-days/{date}/confirmations', { params })),
    onSuccess: async () => {
      setAsked(false);
      await queries.invalidateQueries();
    },
  });
  const confirmed = data?.items.find((one) => one.network === network);
  if (confirmed) return <Tag color="success">{say('confirmedAt', { at: absolute(confirmed.at) })}</Tag>;
  if (!data || !may('settlement:confirm')) return null;
  return (
    <>
      <Button type="primary" onClick={() => setAsked(true)}>
        {say('confirm')}
      </Button>
      <Modal
        open={asked}
        title={say('confirm')}
        okText={say('confirm')}
        cancelText={say('cancel')}
        okButtonProps={{ loading: confirm.isPending }}
        onOk={() => confirm.mutate()}
        onCancel={() => setAsked(false)}
      >
        <p>{say('confirmEffect', { amount: yuan(position) })}</p>
        {confirm.error && <ProblemAlert error={confirm.error} />}
      </Modal>
    </>
  );
}
