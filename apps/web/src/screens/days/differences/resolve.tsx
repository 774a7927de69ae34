import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { ProblemAlert } from '../../../parts/problem-alert';
import { useText } from '../../../text/use-text';
import { differenceTexts } from './text';

const AMOUNT = /^(?=.*[1-9])(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$/;

interface Fields {
  reason: string;
  withEntry?: boolean;
  from?: string;
  to?: string;
  amount?: string;
}

function EntryFields() {
  const say = useText(differenceTexts);
  const required = { required: true, whitespace: true, message: say('missing') };
  return (
    <>
      <Form.Item name="from" label={say('from')} rules={[required]}>
        <Input maxLength={31} />
      </Form.Item>
      <Form.Item name="to" label={say('to')} rules={[required]}>
        <Input maxLength={31} />
      </Form.Item>
      <Form.Item
        name="amount"
        label={say('entryAmount')}
        rules={[{ required: true, pattern: AMOUNT, message: say('entryRule') }]}
      >
        <Input inputMode="decimal" maxLength={20} />
      </Form.Item>
    </>
  );
}

/** An admin proposes how a difference ends, with or without an adjusting entry. */
export function ResolveDifference({ difference }: { difference: Schemas['Difference'] }) {
  const say = useText(differenceTexts);
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const [open, setOpen] = useState(false);
  const withEntry = Form.useWatch('withEntry', form);
  const { date, id, version } = difference;
  const propose = useMutation({
    mutationFn: ({ reason, from, to, amount }: Fields) =>
      answer(
        api.POST('/v1/business-days/{date}/differences/{id}/resolve', {
          params: { path: { date, id }, header: { 'If-Match': `"${version}"` } },
          body: { reason, ...(from && to && amount ? { adjustment: { from, to, amount } } : {}) },
        }),
      ),
    onSuccess: async () => {
      setOpen(false);
      await queries.invalidateQueries();
    },
  });
  if (propose.isSuccess) return <Alert type="success" showIcon role="status" title={say('proposed')} />;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {say('resolve')}
      </Button>
      <Modal
        open={open}
        title={say('resolve')}
        okText={say('resolve')}
        cancelText={say('cancel')}
        okButtonProps={{ loading: propose.isPending }}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p>{say('resolveEffect')}</p>
        <Form form={form} layout="vertical" preserve={false} onFinish={(fields) => propose.mutate(fields)}>
          <Form.Item
            name="reason"
            label={say('text')}
            rules={[{ required: true, whitespace: true, message: say('missing') }]}
          >
            <Input.TextArea rows={3} maxLength={4000} showCount />
          </Form.Item>
          <Form.Item name="withEntry" valuePropName="checked">
            <Checkbox>{say('withEntry')}</Checkbox>
          </Form.Item>
          {withEntry && <EntryFields />}
        </Form>
        {propose.error && <ProblemAlert error={propose.error} />}
      </Modal>
    </>
  );
}
