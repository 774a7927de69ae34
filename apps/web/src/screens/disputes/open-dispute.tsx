import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { AMOUNT } from '../../format/amount';
import { yuan } from '../../format/money';
import { FormDialog } from '../../parts/form-dialog';
import { useText } from '../../text/use-text';
import { EvidenceFields } from './evidence-fields';
import type { Dispute } from './lifecycle';
import { disputeTexts, kindTexts } from './text';

const route = getRouteApi('/disputes');

interface Fields {
  reference: string;
  toNetwork: string;
  kind: Dispute['kind'];
  amount: string;
  text: string;
  envelopeHash: string;
}

function useSchedule() {
  return useQuery({
    queryKey: ['disputes', 'schedule'],
    staleTime: Infinity,
    queryFn: () => answer(api.GET('/v1/disputes/schedule')),
  });
}

/** Button and form of a claimant. The address can name the record: a reconciliation leads here with it. */
export function OpenDispute() {
  const say = useText(disputeTexts);
  const { reference } = route.useSearch();
  const [isOpen, setOpen] = useState(reference !== undefined);
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {say('openOne')}
      </Button>
      {isOpen && <OpenDialog close={() => setOpen(false)} />}
    </>
  );
}

function OpenDialog({ close }: { close: () => void }) {
  const say = useText(disputeTexts);
  const kind = useText(kindTexts);
  const { reference, to } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: schedule } = useSchedule();
  const open = async ({ text, envelopeHash, ...claim }: Fields) => {
    const { id } = await answer(
      api.POST('/v1/disputes', { body: { ...claim, evidence: { text, envelopeHash } } }),
    );
    await navigate({ search: { dispute: id } });
  };
  const required = { required: true, whitespace: true, message: say('missing') };
  return (
    <FormDialog<Fields>
      title={say('openOne')}
      action={say('openOne')}
      initial={{ ...(reference && { reference }), ...(to && { toNetwork: to }) }}
      run={open}
      close={close}
    >
      <p>{say('openEffect')}</p>
      <Form.Item name="reference" label={say('reference')} rules={[required]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="toNetwork" label={say('toNetwork')} rules={[required]}>
        <Input maxLength={31} />
      </Form.Item>
      <Form.Item name="kind" label={say('kind')} rules={[{ required: true, message: say('missing') }]}>
        <Select
          options={(schedule?.kinds ?? []).map((one) => ({
            value: one.kind,
            label: `${kind(one.kind)} · ${say('fee', { fee: yuan(one.fee) })}`,
          }))}
        />
      </Form.Item>
      <Form.Item
        name="amount"
        label={say('amount')}
        rules={[{ required: true, pattern: AMOUNT, message: say('amountRule') }]}
      >
        <Input inputMode="decimal" maxLength={20} />
      </Form.Item>
      <EvidenceFields withHash />
    </FormDialog>
  );
}
