import { useQuery } from '@tanstack/react-query';
import { Form, Select } from 'antd';
import { answer, api } from '../../../api/client';
import { networksQuery } from '../../../api/lists';
import { FormDialog } from '../../../parts/form-dialog';
import { ReasonField } from '../../../parts/reason-field';
import { useText } from '../../../text/use-text';
import { networkRiskTexts } from './text';

interface DismissDialogProps {
  network: string;
  close: () => void;
  /** Called with the id of the change. */
  proposed: (change: string) => void;
}

interface Fields {
  reporter: string;
  reason: string;
}

export default function DismissDialog({ network, close, proposed }: DismissDialogProps) {
  const say = useText(networkRiskTexts);
  const others = (useQuery(networksQuery).data?.rows ?? []).filter((one) => one.network !== network);
  const run = async (body: Fields) => {
    const request = api.POST('/v1/networks/{network}/risk/dismiss', { params: { path: { network } }, body });
    proposed((await answer(request)).id);
  };
  return (
    <FormDialog<Fields> title={say('dismiss')} action={say('propose')} run={run} close={close}>
      <p>{say('dismissEffect')}</p>
      <Form.Item name="reporter" label={say('reporter')} rules={[{ required: true, message: say('needed') }]}>
        <Select showSearch options={others.map((one) => ({ value: one.network, label: one.network }))} />
      </Form.Item>
      <ReasonField />
    </FormDialog>
  );
}
