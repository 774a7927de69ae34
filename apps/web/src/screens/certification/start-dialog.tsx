import { useQueryClient } from '@tanstack/react-query';
import { Checkbox, Form, Input } from 'antd';
import { answer, api } from '../../api/client';
import { FormDialog } from '../../parts/form-dialog';
import { useText } from '../../text/use-text';
import { certificationTexts } from './text';

interface Fields {
  loopback: string;
  stranger?: string;
  offers?: ('restart' | 'second-instance')[];
}

interface StartDialogProps {
  network: string;
  started: (id: string) => void;
  close: () => void;
}

export default function StartDialog({ network, started, close }: StartDialogProps) {
  const say = useText(certificationTexts);
  const queries = useQueryClient();
  const run = async ({ loopback, stranger, offers }: Fields) => {
    const { id } = await answer(
      api.POST('/v1/networks/{network}/certifications', {
        params: { path: { network } },
        body: {
          loopback: loopback.trim(),
          ...(stranger?.trim() && { stranger: stranger.trim() }),
          ...(offers && offers.length > 0 && { offers }),
        },
      }),
    );
    await queries.invalidateQueries({ queryKey: ['certifications', network] });
    started(id);
  };
  return (
    <FormDialog<Fields> title={say('start')} action={say('start')} run={run} close={close}>
      <p>{say('startEffect', { network })}</p>
      <Form.Item
        name="loopback"
        label={say('loopback')}
        extra={say('loopbackHelp')}
        rules={[{ required: true, whitespace: true, message: say('loopbackMissing') }]}
      >
        <Input maxLength={4000} />
      </Form.Item>
      <Form.Item name="stranger" label={say('stranger')} extra={say('strangerHelp')}>
        <Input maxLength={4000} />
      </Form.Item>
      <Form.Item name="offers" label={say('offers')}>
        <Checkbox.Group
          options={[
            { value: 'restart', label: say('offerRestart') },
            { value: 'second-instance', label: say('offerSecond') },
          ]}
        />
      </Form.Item>
    </FormDialog>
  );
}
