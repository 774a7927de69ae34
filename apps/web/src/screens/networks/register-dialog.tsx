import { useQueryClient } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { answer, api } from '../../api/client';
import { networksQuery } from '../../api/lists';
import { FormDialog } from '../../parts/form-dialog';
import { ReasonField } from '../../parts/reason-field';
import { useText } from '../../text/use-text';
import { bodyOf, NetworkFields, type NetworkFacts } from './network-fields';
import { networkTexts } from './text';

interface Fields extends NetworkFacts {
  network: string;
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
  const run = async ({ network, reason, ...facts }: Fields) => {
    const { operator, ...others } = bodyOf(facts);
    const slug = network.trim();
    const body = {
      ...others,
      ...(operator !== null && { operator }),
      network: slug,
      state: 'applied' as const,
      reason,
    };
    await answer(api.POST('/v1/networks', { body }));
    await queries.invalidateQueries(networksQuery);
    registered(slug);
  };
  return (
    <FormDialog<Fields> title={say('register')} action={say('register')} run={run} close={close}>
      <p>{say('registerEffect')}</p>
      <Form.Item
        name="network"
        label={say('slug')}
        extra={say('slugHelp')}
        rules={[{ required: true, whitespace: true, message: say('missing') }]}
      >
        <Input maxLength={40} />
      </Form.Item>
      <NetworkFields />
      <ReasonField />
    </FormDialog>
  );
}
