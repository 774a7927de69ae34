import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../../api/client';
import { SIGNED_AMOUNT } from '../../../format/amount';
import { FormDialog } from '../../../parts/form-dialog';
import { useText } from '../../../text/use-text';
import { differenceTexts } from './text';

interface Fields {
  amount: string;
  text: string;
}

/** Button and dialog of a member who counts something else. */
export function RaiseDifference({ date }: { date: string }) {
  const say = useText(differenceTexts);
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const raise = async (body: Fields) => {
    await answer(api.POST('/v1/business-days/{date}/differences', { params: { path: { date } }, body }));
    await queries.invalidateQueries();
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{say('raise')}</Button>
      {isOpen && (
        <FormDialog<Fields>
          title={say('raise')}
          action={say('raise')}
          run={raise}
          close={() => setOpen(false)}
        >
          <p>{say('raiseEffect')}</p>
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
        </FormDialog>
      )}
    </>
  );
}
