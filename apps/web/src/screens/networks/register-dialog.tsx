import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Checkbox, Form, Input } from 'antd';
import { useId } from 'react';
import { answer, api } from '../../api/client';
import { operatorsQuery } from '../../api/lists';
import { FormDialog } from '../../parts/form-dialog';
import { ReasonField } from '../../parts/reason-field';
import { useText } from '../../text/use-text';
import { networkTexts } from './text';

interface Fields {
  network: string;
  name: string;
  operator?: string;
  test?: boolean;
  reason: string;
}

interface RegisterDialogProps {
  registered: (network: string) => void;
  close: () => void;
}

/** The first step of an admission: the network is recorded as applied, and an admin approves it afterwards. */
export default function RegisterDialog({ registered, close }: RegisterDialogProps) {
  const say = useText(networkTexts);
  const queries = useQueryClient();
  const operators = useQuery(operatorsQuery).data?.rows ?? [];
  const list = useId();
  const run = async ({ network, name, operator, test = false, reason }: Fields) => {
    const body = {
      network: network.trim(),
      name: name.trim(),
      state: 'applied' as const,
      test,
      reason,
      ...(operator?.trim() && { operator: operator.trim() }),
    };
    await answer(api.POST('/v1/networks', { body }));
    await queries.invalidateQueries({ queryKey: ['networks'] });
    registered(body.network);
  };
  const required = [{ required: true, whitespace: true, message: say('missing') }];
  return (
    <FormDialog<Fields> title={say('register')} action={say('register')} run={run} close={close}>
      <p>{say('registerEffect')}</p>
      <Form.Item name="network" label={say('slug')} extra={say('slugHelp')} rules={required}>
        <Input maxLength={40} />
      </Form.Item>
      <Form.Item name="name" label={say('displayName')} rules={required}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="operator" label={say('operatorId')}>
        <Input list={list} maxLength={40} />
      </Form.Item>
      <datalist id={list}>
        {operators.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </datalist>
      <Form.Item name="test" valuePropName="checked">
        <Checkbox>{say('isTest')}</Checkbox>
      </Form.Item>
      <ReasonField />
    </FormDialog>
  );
}
