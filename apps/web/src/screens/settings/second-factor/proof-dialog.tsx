import { Form, Input } from 'antd';
import { answer, api } from '../../../api/client';
import { FormDialog } from '../../../parts/form-dialog';
import { useText } from '../../../text/use-text';
import type { Offer } from './set-up';
import { secondFactorTexts } from './text';

interface ProofDialogProps {
  step: 'offer' | 'remove';
  close: () => void;
  offered: (offer: Offer) => void;
  removed: () => Promise<void>;
}

interface Fields {
  password: string;
  code?: string;
}

/** The password again: somebody else can sit at a browser that was left open. */
export default function ProofDialog({ step, close, offered, removed }: ProofDialogProps) {
  const say = useText(secondFactorTexts);
  const run = async (proof: Fields) => {
    if (step === 'offer') {
      offered(await answer(api.POST('/v1/me/second-factor', { body: proof })));
      return;
    }
    await answer(api.POST('/v1/me/second-factor/remove', { body: proof }));
    await removed();
  };
  const needed = [{ required: true, message: say('needed') }];
  const title = say(step === 'offer' ? 'setUp' : 'remove');
  return (
    <FormDialog<Fields> title={title} action={title} dangerous={step === 'remove'} run={run} close={close}>
      {step === 'remove' && <p>{say('removeEffect')}</p>}
      <Form.Item name="password" label={say('password')} rules={needed}>
        <Input.Password autoComplete="current-password" maxLength={200} />
      </Form.Item>
      {step === 'remove' && (
        <Form.Item name="code" label={say('code')} rules={needed}>
          <Input autoComplete="one-time-code" inputMode="numeric" maxLength={6} />
        </Form.Item>
      )}
    </FormDialog>
  );
}
