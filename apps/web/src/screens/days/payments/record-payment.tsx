import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../../api/client';
import { SIGNED_AMOUNT } from '../../../format/amount';
import { sumOf, yuan } from '../../../format/money';
import { FormDialog } from '../../../parts/form-dialog';
import { Proposed } from '../../../parts/proposed';
import { ReasonField } from '../../../parts/reason-field';
import { useText } from '../../../text/use-text';
import { paymentTexts } from './text';

interface Fields {
  amount: string;
  paidOn: string;
  reference: string;
  reason: string;
}

export interface Position {
  party: string;
  amount: string;
  paid: string;
}

/** What is not paid yet, in the shortest form. */
export function outstandingOf({ amount, paid }: Omit<Position, 'party'>): string {
  const negated = paid.startsWith('-') ? paid.slice(1) : `-${paid}`;
  return sumOf([amount, negated]).replace(/\.?0+$/, '');
}

/** Button and dialog with which an admin proposes to record a payment of a position. */
export function RecordPayment({ date, position }: { date: string; position: Position }) {
  const say = useText(paymentTexts);
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [change, setChange] = useState<string>();
  const { party, amount } = position;
  const outstanding = outstandingOf(position);
  const propose = async ({ reason, ...terms }: Fields) => {
    const { id } = await answer(
      api.POST('/v1/business-days/{date}/payments', {
        params: { path: { date } },
        body: { terms: { party, ...terms }, reason },
      }),
    );
    setChange(id);
    await queries.invalidateQueries({ queryKey: ['changes'] });
  };
  const required = { required: true, whitespace: true, message: say('missing') };
  return (
    <>
      <Button size="small" aria-label={say('recordOf', { party })} onClick={() => setOpen(true)}>
        {say('record')}
      </Button>
      <Proposed change={change} />
      {isOpen && (
        <FormDialog<Fields>
          title={say('recordOf', { party })}
          action={say('propose')}
          initial={{ amount: outstanding }}
          run={propose}
          close={() => setOpen(false)}
        >
          <p>{say('effect', { position: yuan(amount), outstanding: yuan(outstanding) })}</p>
          <Form.Item
            name="amount"
            label={say('amount')}
            rules={[{ required: true, pattern: SIGNED_AMOUNT, message: say('amountRule') }]}
          >
            <Input inputMode="decimal" maxLength={21} />
          </Form.Item>
          <Form.Item name="paidOn" label={say('paidOn')} rules={[required]}>
            <Input type="date" />
          </Form.Item>
          <Form.Item name="reference" label={say('reference')} rules={[required]}>
            <Input maxLength={140} />
          </Form.Item>
          <ReasonField />
        </FormDialog>
      )}
    </>
  );
}
