import { useQuery } from '@tanstack/react-query';
import { Form, Input, InputNumber, Select } from 'antd';
import { answer, api } from '../../../api/client';
import type { Role, Schemas } from '../../../api/contract';
import { peopleQuery, type Person } from '../../../api/lists';
import { proposalIn } from '../../../api/proposal';
import { FormDialog } from '../../../parts/form-dialog';
import { ReasonField } from '../../../parts/reason-field';
import { useText } from '../../../text/use-text';
import { KeyHashField } from './key-hash-field';
import { keyTexts } from './text';

interface Fields {
  name: string;
  /** Id of the owner; absent: oneself. */
  person?: string;
  role?: Role;
  days: number;
  sha256?: string;
  reason: string;
}

interface NewKeyDialogProps {
  me: Person;
  /** Whether they may have keys issued to others, too. */
  forOthers: boolean;
  close: () => void;
  /** Called with the key, which no later request shows; undefined: its owner made it. */
  made: (key: string | undefined) => Promise<void>;
  /** Called with the id of the change. */
  proposed: (change: string) => void;
}

export default function NewKeyDialog({ me, forOthers, close, made, proposed }: NewKeyDialogProps) {
  const say = useText(keyTexts);
  const run = async (fields: Fields) => {
    const outcome = await answer(api.POST('/v1/keys', { body: fields }));
    const change = proposalIn(outcome);
    if (change !== undefined) proposed(change);
    else await made((outcome as Schemas['KeyIssued']).key ?? undefined);
  };
  return (
    <FormDialog<Fields>
      title={say('newKey')}
      action={say('make')}
      initial={{ days: 90, person: me.id, ...firstRole(me) }}
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
      {forOthers ? <OwnerFields me={me} /> : null}
      <Form.Item name="days" label={say('days')} rules={[{ required: true, message: say('needed') }]}>
        <InputNumber min={1} max={365} precision={0} />
      </Form.Item>
      <ReasonField />
    </FormDialog>
  );
}

/** Who owns the key, and with which of their roles. Somebody else makes the key themselves, so that nobody else has it. */
function OwnerFields({ me }: { me: Person }) {
  const say = useText(keyTexts);
  const form = Form.useFormInstance<Fields>();
  const people = useQuery(peopleQuery).data?.rows.filter(({ disabledAt }) => disabledAt === null) ?? [me];
  const chosen = Form.useWatch('person', form) ?? me.id;
  const owner = people.find(({ id }) => id === chosen) ?? me;
  const roles = rolesOf(owner);
  const choose = (id: string) => {
    const person = people.find((one) => one.id === id);
    if (person) form.setFieldsValue({ role: undefined, ...firstRole(person) });
  };
  return (
    <>
      <Form.Item name="person" label={say('owner')}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          onChange={choose}
          options={people.map(({ id, name, mail }) => ({ value: id, label: `${name} (${mail})` }))}
        />
      </Form.Item>
      <Form.Item name="role" label={say('role')} hidden={roles.length === 1}>
        <Select options={roles.map((role) => ({ value: role, label: say(role) }))} />
      </Form.Item>
      {owner.id !== me.id && (
        <>
          <p>{say('ofColleague')}</p>
          <KeyHashField label={say('sha256')} required />
        </>
      )}
    </>
  );
}

/** An admin can also have a key that only reads. */
function rolesOf({ roles }: Person): Role[] {
  return roles.includes('admin') ? [...new Set<Role>([...roles, 'auditor'])] : roles;
}

function firstRole({ roles: [role] }: Person): { role?: Role } {
  return role === undefined ? {} : { role };
}
