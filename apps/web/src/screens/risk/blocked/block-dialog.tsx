import { useQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
import { answer, api } from '../../../api/client';
import { networksQuery } from '../../../api/lists';
import { FormDialog } from '../../../parts/form-dialog';
import { ReasonField } from '../../../parts/reason-field';
import { useText } from '../../../text/use-text';
import { blockedTexts } from './text';

interface Fields {
  address: string;
  network?: string;
  reason: string;
}

interface BlockDialogProps {
  /** Network of an operator, who blocks for it alone; null: an admin chooses. */
  network: string | null;
  close: () => void;
  /** Called with the answer: a block, or a proposal. */
  done: (answered: unknown) => Promise<void>;
}

/** No slug has this name. */
const ALL = '*';

export default function BlockDialog({ network: own, close, done }: BlockDialogProps) {
  const say = useText(blockedTexts);
  const networks = useQuery(networksQuery).data?.rows ?? [];
  const run = async ({ address, network = ALL, reason }: Fields) => {
    const body = { address, reason, ...(own === null && { network: network === ALL ? null : network }) };
    await done(await answer<unknown>(api.POST('/v1/blocked', { body })));
  };
  return (
    <FormDialog<Fields>
      title={say('block')}
      action={say('block')}
      initial={{ network: ALL }}
      run={run}
      close={close}
    >
      <p>{say(own === null ? 'blockProposal' : 'blockEffect')}</p>
      <Form.Item
        name="address"
        label={say('address')}
        rules={[{ required: true, whitespace: true, message: say('needed') }]}
      >
        <Input maxLength={1000} autoComplete="off" placeholder="im:eve@xmpp" />
      </Form.Item>
      {own === null && (
        <Form.Item name="network" label={say('network')}>
          <Select
            showSearch
            options={[
              { value: ALL, label: say('all') },
              ...networks.map(({ network }) => ({ value: network, label: network })),
            ]}
          />
        </Form.Item>
      )}
      <ReasonField />
    </FormDialog>
  );
}
