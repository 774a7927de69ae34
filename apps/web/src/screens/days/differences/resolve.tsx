import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { AMOUNT } from '../../../format/amount';
import { FormDialog } from '../../../parts/form-dialog';
import { useText } from '../../../text/use-text';
import { differenceTexts } from './text';

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
  const [state, setState] = useState<'shown' | 'asked' | 'proposed'>('shown');
  const { date, id, version } = difference;
  const propose = async ({ reason, from, to, amount }: Fields) => {
    await answer(
      api.POST('/v1/business-days/{date}/differences/{id}/resolve', {
        params: { path: { date, id }, header: { 'If-Match': `"${version}"` } },
        body: { reason, ...(from && to && amount ? { adjustment: { from, to, amount } } : {}) },
      }),
    );
    setState('proposed');
    await queries.invalidateQueries();
    return 'keep-open';
  };
  if (state === 'proposed') return <Alert type="success" showIcon role="status" title={say('proposed')} />;
  return (
    <>
      <Button size="small" onClick={() => setState('asked')}>
        {say('resolve')}
      </Button>
      {state === 'asked' && (
        <FormDialog<Fields>
          title={say('resolve')}
          action={say('resolve')}
          run={propose}
          close={() => setState('shown')}
        >
          <p>{say('resolveEffect')}</p>
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
          <Form.Item noStyle dependencies={['withEntry']}>
            {({ getFieldValue }) => getFieldValue('withEntry') === true && <EntryFields />}
          </Form.Item>
        </FormDialog>
      )}
    </>
  );
}
