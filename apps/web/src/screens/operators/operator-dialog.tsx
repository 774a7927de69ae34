import { useQueryClient } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { answer, api } from '../../api/client';
import type { Operator } from '../../api/lists';
import { FormDialog } from '../../parts/form-dialog';
import { ReasonField } from '../../parts/reason-field';
import { useText } from '../../text/use-text';
import { operatorTexts } from './text';

interface Fields {
  id: string;
  name: string;
  contact: string;
  reason: string;
}

/** Registers an operator, or changes name and contact of one. */
export default function OperatorDialog({
  operator,
  close,
}: {
  operator?: Operator | undefined;
  close: () => void;
}) {
  const say = useText(operatorTexts);
  const queries = useQueryClient();
  const run = async ({ id, name, contact, reason }: Fields) => {
    const facts = { name: name.trim(), contact: contact.trim(), reason };
    if (operator) {
      // The version of the row that is shown: nobody overwrites a change that they have not seen.
      const params = { path: { id: operator.id }, header: { 'If-Match': `"${operator.version}"` } };
      await answer(api.PUT('/v1/operators/{id}', { params, body: facts }));
    } else await answer(api.POST('/v1/operators', { body: { id: id.trim(), ...facts } }));
    await queries.invalidateQueries({ queryKey: ['operators'] });
  };
  const required = [{ required: true, whitespace: true, message: say('missing') }];
  return (
    <FormDialog<Fields>
      title={operator ? say('edit', { id: operator.id }) : say('register')}
      action={say(operator ? 'save' : 'register')}
      {...(operator && { initial: { name: operator.name, contact: operator.contact } })}
      run={run}
      close={close}
    >
      <p>{say(operator ? 'editEffect' : 'registerEffect')}</p>
      {!operator && (
        <Form.Item name="id" label={say('id')} extra={say('idHelp')} rules={required}>
          <Input maxLength={31} />
        </Form.Item>
      )}
      <Form.Item name="name" label={say('name')} rules={required}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="contact" label={say('contact')} extra={say('contactHelp')} rules={required}>
        <Input maxLength={500} />
      </Form.Item>
      <ReasonField />
    </FormDialog>
  );
}
