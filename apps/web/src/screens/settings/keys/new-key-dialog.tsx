import { Form, Input, InputNumber, Select } from 'antd';
import { answer, api } from '../../../api/client';
import type { Role, Schemas } from '../../../api/contract';
import { FormDialog } from '../../../parts/form-dialog';
import { ReasonField } from '../../../parts/reason-field';
import { useText } from '../../../text/use-text';
import { keyTexts } from './text';

interface Fields {
  name: string;
  role?: Role;
  days: number;
  reason: string;
}

interface NewKeyDialogProps {
  /** An admin can also have a key that only reads. */
  isAdmin: boolean;
  close: () => void;
  /** Called with the key, which no later request shows. */
  made: (key: string) => Promise<void>;
}

export default function NewKeyDialog({ isAdmin, close, made }: NewKeyDialogProps) {
  const say = useText(keyTexts);
  const run = async (fields: Fields) => {
    // Without a SHA-256 the answer is the key, never a proposal.
    const issued = (await answer(api.POST('/v1/keys', { body: fields }))) as Schemas['KeyIssued'];
    await made(issued.key ?? '');
  };
  return (
    <FormDialog<Fields>
      title={say('newKey')}
      action={say('make')}
      initial={{ days: 90, ...(isAdmin && { role: 'admin' }) }}
      run={run}
      close={close}
    >
      <Form.Item
        name="name"
        label={say('name')}
        extra={say('nameHelp')}
        rules={[{ required: true, whitespace: true, message: say('needed') }]}
      >
        <Input maxLength={100} />
      </Form.Item>
      {isAdmin && (
        <Form.Item name="role" label={say('role')}>
          <Select
            options={(['admin', 'auditor'] as const).map((role) => ({ value: role, label: say(role) }))}
          />
        </Form.Item>
      )}
      <Form.Item name="days" label={say('days')} rules={[{ required: true, message: say('needed') }]}>
        <InputNumber min={1} max={365} precision={0} />
      </Form.Item>
      <ReasonField />
    </FormDialog>
  );
}
