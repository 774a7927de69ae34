import { useQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
import { answer, api } from '../../../api/client';
import type { Role } from '../../../api/contract';
import { networksQuery } from '../../../api/lists';
import { FormDialog } from '../../../parts/form-dialog';
import { ReasonField } from '../../../parts/reason-field';
import { useText } from '../../../text/use-text';
import { peopleTexts } from './text';

interface Fields {
  name: string;
  mail: string;
  role: Role;
  network?: string;
  sha256?: string;
  reason: string;
}

interface NewPersonDialogProps {
  /** Network of an operator, who proposes colleagues only; null: any. */
  network: string | null;
  close: () => void;
  /** Called with the id of the change. */
  proposed: (change: string) => void;
}

export default function NewPersonDialog({ network: own, close, proposed }: NewPersonDialogProps) {
  const say = useText(peopleTexts);
  const networks = useQuery(networksQuery).data?.rows ?? [];
  const run = async ({ name, mail, role, network, sha256, reason }: Fields) => {
    const terms = {
      name,
      mail,
      roles: [role],
      ...(role === 'operator' && { network: own ?? network ?? '' }),
      ...(sha256 && { key: { name: say('firstKey'), sha256, days: 90 } }),
    };
    proposed((await answer(api.POST('/v1/people', { body: { terms, reason } }))).id);
  };
  const needed = [{ required: true, whitespace: true, message: say('needed') }];
  return (
    <FormDialog<Fields>
      title={say('add')}
      action={say('propose')}
      initial={{ role: own === null ? 'auditor' : 'operator' }}
      run={run}
      close={close}
    >
      <p>{say('addEffect')}</p>
      <Form.Item name="name" label={say('name')} rules={needed}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="mail"
        label={say('mail')}
        rules={[{ required: true, type: 'email', message: say('mailRule') }]}
      >
        <Input maxLength={200} autoComplete="off" inputMode="email" />
      </Form.Item>
      <Form.Item name="role" label={say('role')} hidden={own !== null}>
        <Select
          options={(['admin', 'auditor', 'operator'] as const).map((value) => ({ value, label: say(value) }))}
        />
      </Form.Item>
      {own === null && (
        <Form.Item noStyle shouldUpdate={(before: Fields, after: Fields) => before.role !== after.role}>
          {({ getFieldValue }) =>
            getFieldValue('role') === 'operator' && (
              <Form.Item name="network" label={say('network')} rules={needed}>
                <Select
                  showSearch
                  options={networks.map(({ network }) => ({ value: network, label: network }))}
                />
              </Form.Item>
            )
          }
        </Form.Item>
      )}
      <Form.Item
        name="sha256"
        label={say('sha256')}
        extra={
          <>
            {say('sha256Help')} <code>{COMMAND}</code>
          </>
        }
        rules={[{ pattern: /^[0-9a-f]{64}$/, message: say('sha256Rule') }]}
      >
        <Input maxLength={64} autoComplete="off" spellCheck={false} />
      </Form.Item>
      <ReasonField />
    </FormDialog>
  );
}

/** Makes a key, shows it, and its hash. */
const COMMAND = 'key=hk_$(openssl rand -hex 32); echo $key; printf %s $key | sha256sum';
