import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../../api/client';
import type { Operator } from '../../../api/lists';
import { FormDialog } from '../../../parts/form-dialog';
import { ReasonField } from '../../../parts/reason-field';
import { useText } from '../../../text/use-text';
import { billingTexts } from './text';

interface Fields {
  zh?: string;
  en?: string;
  account?: string;
  reason: string;
}

function given(text: string | undefined): string | null {
  return text?.trim() || null;
}

/** Button and dialog for what the statements of an operator say of it. */
export function Billing({ operator }: { operator: Operator }) {
  const say = useText(billingTexts);
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const { id, version, legalName, account } = operator;
  const propose = async (fields: Fields) => {
    const terms = {
      legalName: { zh: given(fields.zh), en: given(fields.en) },
      account: given(fields.account),
    };
    await answer(
      api.PUT('/v1/operators/{id}/billing', {
        params: { path: { id }, header: { 'If-Match': `"${version}"` } },
        body: { terms, reason: fields.reason },
      }),
    );
    await queries.invalidateQueries({ queryKey: ['changes'] });
  };
  return (
    <>
      <Button size="small" aria-label={say('change', { id })} onClick={() => setOpen(true)}>
        {say('column')}
      </Button>
      {isOpen && (
        <FormDialog<Fields>
          title={say('change', { id })}
          action={say('propose')}
          initial={{ zh: legalName.zh ?? '', en: legalName.en ?? '', account: account ?? '' }}
          run={propose}
          close={() => setOpen(false)}
        >
          <p>{say('effect')}</p>
          <Form.Item name="zh" label={say('zh')}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="en" label={say('en')}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="account" label={say('account')}>
            <Input maxLength={200} />
          </Form.Item>
          <ReasonField />
        </FormDialog>
      )}
    </>
  );
}
