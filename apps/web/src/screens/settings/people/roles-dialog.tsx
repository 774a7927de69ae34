import { Checkbox, Form } from 'antd';
import { answer, api } from '../../../api/client';
import type { Role, Schemas } from '../../../api/contract';
import { FormDialog } from '../../../parts/form-dialog';
import { ReasonField } from '../../../parts/reason-field';
import { useText } from '../../../text/use-text';
import { peopleTexts } from './text';

interface Fields {
  roles: Role[];
  reason: string;
}

interface RolesDialogProps {
  person: Schemas['Person'];
  close: () => void;
  /** Called with the id of the change. */
  proposed: (change: string) => void;
}

export default function RolesDialog({
  person: { id, name, roles, version },
  close,
  proposed,
}: RolesDialogProps) {
  const say = useText(peopleTexts);
  const run = async (body: Fields) => {
    // The version that the person saw: somebody else can have changed the roles since.
    const params = { path: { id }, header: { 'If-Match': `"${version}"` } };
    proposed((await answer(api.PUT('/v1/people/{id}/roles', { params, body }))).id);
  };
  return (
    <FormDialog<Fields>
      title={`${say('roles')}: ${name}`}
      action={say('propose')}
      initial={{ roles }}
      run={run}
      close={close}
    >
      <p>{say('rolesEffect')}</p>
      <Form.Item
        name="roles"
        label={say('roles')}
        rules={[{ type: 'array', min: 1, message: say('needed') }]}
      >
        <Checkbox.Group
          options={(['admin', 'auditor'] as const).map((value) => ({ value, label: say(value) }))}
        />
      </Form.Item>
      <ReasonField />
    </FormDialog>
  );
}
