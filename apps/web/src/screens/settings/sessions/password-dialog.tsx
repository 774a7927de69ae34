import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { answer, api } from '../../../api/client';
import { meQuery } from '../../../api/session';
import { FormDialog } from '../../../parts/form-dialog';
import { useText } from '../../../text/use-text';
import { sessionTexts } from './text';

interface Fields {
  current: string;
  password: string;
  code?: string;
}

export default function PasswordDialog({ close }: { close: () => void }) {
  const say = useText(sessionTexts);
  const queries = useQueryClient();
  const me = useQuery(meQuery).data;
  const run = async ({ current, password, code }: Fields) => {
    await answer(api.PUT('/v1/me/password', { body: { current, password, ...(code && { code }) } }));
    await queries.invalidateQueries({ queryKey: ['sessions'] });
  };
  const needed = [{ required: true, message: say('needed') }];
  return (
    <FormDialog<Fields> title={say('changePassword')} action={say('changePassword')} run={run} close={close}>
      <p>{say('changeEffect')}</p>
      <Form.Item name="current" label={say('currentPassword')} rules={needed}>
        <Input.Password autoComplete="current-password" maxLength={200} />
      </Form.Item>
      <Form.Item
        name="password"
        label={say('newPassword')}
        extra={say('passwordRule')}
        rules={[...needed, { min: 12, message: say('passwordRule') }]}
      >
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
      {me?.hasSecondFactor && (
        <Form.Item name="code" label={say('code')} rules={needed}>
          <Input autoComplete="one-time-code" maxLength={40} />
        </Form.Item>
      )}
    </FormDialog>
  );
}
