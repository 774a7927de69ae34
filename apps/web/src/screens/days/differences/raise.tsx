import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../../api/client';
import { ProblemAlert } from '../../../parts/problem-alert';
import { useText } from '../../../text/use-text';
import { differenceTexts } from './text';

export const SIGNED_AMOUNT = /^-?(?=.*[1-9])(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$/;

interface Fields {
  amount: string;
  text: string;
}

/** Button and dialog of a member who counts something else. */
export function RaiseDifference({ date }: { date: string }) {
  const say = useText(differenceTexts);
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const [open, setOpen] = useState(false);
  const raise = useMutation({
    mutationFn: (body: Fields) =>
      answer(api.POST('/v1/business-days/{date}/differences', { params: { path: { date } }, body })),
    onSuccess: async () => {
      setOpen(false);
      await queries.invalidateQueries();
    },
  });
  return (
    <>
      <Button onClick={() => setOpen(true)}>{say('raise')}</Button>
      <Modal
        open={open}
        title={say('raise')}
        okText={say('raise')}
        cancelText={say('cancel')}
        okButtonProps={{ loading: raise.isPending }}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p>{say('raiseEffect')}</p>
        <Form form={form} layout="vertical" preserve={false} onFinish={(fields) => raise.mutate(fields)}>
          <Form.Item
            name="amount"
            label={say('amount')}
            rules={[{ required: true, pattern: SIGNED_AMOUNT, message: say('amountRule') }]}
          >
            <Input inputMode="decimal" maxLength={20} />
          </Form.Item>
          <Form.Item
            name="text"
            label={say('text')}
            rules={[{ required: true, whitespace: true, message: say('missing') }]}
          >
            <Input.TextArea rows={4} maxLength={4000} showCount />
          </Form.Item>
        </Form>
        {raise.error && <ProblemAlert error={raise.error} />}
      </Modal>
    </>
  );
}
