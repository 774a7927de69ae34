import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, Input } from 'antd';
import { useId } from 'react';
import { operatorsQuery } from '../../api/lists';
import { useText } from '../../text/use-text';
import { networkTexts } from './text';

/** What an admin records about a network, as the form has it. */
export interface NetworkFacts {
  name: string;
  operator?: string;
  test?: boolean;
}

/** The same as the API takes it. */
export function bodyOf({ name, operator = '', test = false }: NetworkFacts) {
  return { name: name.trim(), operator: operator.trim() || null, test };
}

/** Fields of `NetworkFacts` in a form. */
export function NetworkFields() {
  const say = useText(networkTexts);
  const operators = useQuery(operatorsQuery).data?.rows ?? [];
  const list = useId();
  return (
    <>
      <Form.Item
        name="name"
        label={say('displayName')}
        rules={[{ required: true, whitespace: true, message: say('missing') }]}
      >
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
    </>
  );
}
