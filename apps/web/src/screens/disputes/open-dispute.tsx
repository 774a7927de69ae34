import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { yuan } from '../../format/money';
import { ProblemAlert } from '../../parts/problem-alert';
import { useText } from '../../text/use-text';
import type { Dispute } from './lifecycle';
import { disputeTexts, kindTexts } from './text';

const route = getRouteApi('/disputes');
const AMOUNT = /^(?=.*[1-9])(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$/;
export const HASH = /^[0-9a-f]{64}$/;

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
  const kind = useText(kindTexts);
  const { reference, to } = route.useSearch();
  const navigate = route.useNavigate();
  const [form] = Form.useForm<Fields>();
  const [isOpen, setOpen] = useState(reference !== undefined);
  const { data: schedule } = useSchedule();
  const open = useMutation({
    mutationFn: ({ text, envelopeHash, ...claim }: Fields) =>
      answer(api.POST('/v1/disputes', { body: { ...claim, evidence: { text, envelopeHash } } })),
    onSuccess: ({ id }) => navigate({ search: { dispute: id } }),
  });
  const required = { required: true, whitespace: true, message: say('missing') };
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {say('openOne')}
      </Button>
      <Modal
        open={isOpen}
        title={say('openOne')}
        okText={say('openOne')}
        cancelText={say('cancel')}
        okButtonProps={{ loading: open.isPending }}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p>{say('openEffect')}</p>
        <Form
          form={form}
          layout="vertical"
          preserve={false}
          initialValues={{ reference, toNetwork: to }}
          onFinish={(fields) => open.mutate(fields)}
        >
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
          <Form.Item name="text" label={say('text')} extra={say('textHelp')} rules={[required]}>
            <Input.TextArea rows={3} maxLength={4000} showCount />
          </Form.Item>
          <Form.Item
            name="envelopeHash"
            label={say('envelopeHash')}
            rules={[{ required: true, pattern: HASH, message: say('hashRule') }]}
          >
            <Input maxLength={64} />
          </Form.Item>
        </Form>
        {open.error && <ProblemAlert error={open.error} />}
      </Modal>
    </>
  );
}
