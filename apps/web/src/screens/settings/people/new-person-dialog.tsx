import { useQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
import { answer, api } from '../../../api/client';
import type { Role } from '../../../api/contract';
import { networksQuery } from '../../../api/lists';
import { FormDialog } from '../../../parts/form-dialog';
import { ReasonField } from '../../../parts/reason-field';
import { useText } from '../../../text/use-text';
import { KeyHashField } from '../keys/key-hash-field';
import { peopleTexts } from './text';

interface Fields {
  name: string;
  mail: string;
  role: Role;
  network?: string;
  /** Of an integrator, as tariffs name it. */
  party?: string;
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
  const run = async ({ name, mail, role, network, party = '', sha256, reason }: Fields) => {
    const terms = {
      name,
      mail,
      roles: [role],
      ...(role === 'operator' && { network: own ?? network ?? '' }),
      ...(role === 'integrator' && { network: `integrator:${party}` }),
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
          showSearch={{ optionFilterProp: 'label' }}
          options={ROLES.map((value) => ({ value, label: say(value) }))}
        />
      </Form.Item>
      {own === null && <PartyField />}
      <KeyHashField label={say('sha256')} />
      <ReasonField />
    </FormDialog>
  );
}

const ROLES = ['admin', 'auditor', 'operator', 'integrator'] as const satisfies Role[];

/** For whom the person acts, when the role is one that acts for somebody. */
function PartyField() {
  const say = useText(peopleTexts);
  const networks = useQuery(networksQuery).data?.rows ?? [];
  const role = Form.useWatch<Role | undefined>('role');
  if (role === 'operator')
    return (
      <Form.Item name="network" label={say('network')} rules={[{ required: true, message: say('needed') }]}>
        <Select showSearch options={networks.map(({ network }) => ({ value: network, label: network }))} />
      </Form.Item>
    );
  if (role === 'integrator')
    return (
      <Form.Item
        name="party"
        label={say('party')}
        extra={say('partyHelp')}
        rules={[{ required: true, pattern: PARTY, message: say('partyRule') }]}
      >
        <Input maxLength={31} autoComplete="off" spellCheck={false} prefix="integrator:" />
      </Form.Item>
    );
  return null;
}

/** As the API has it, without `integrator:`. */
const PARTY = /^[a-z][a-z0-9-]{0,30}$/;
