import { Form, Input } from 'antd';
import { answer, api } from '../../../api/client';
import { FormDialog } from '../../../parts/form-dialog';
import { useText } from '../../../text/use-text';
import type { Offer } from './set-up';
import { secondFactorTexts } from './text';

export type Step = 'offer' | 'codes' | 'remove';

interface ProofDialogProps {
  step: Step;
  close: () => void;
  offered: (offer: Offer) => void;
  /** Called with new recovery codes. */
  made: (codes: string[]) => void;
  removed: () => Promise<void>;
}

interface Fields {
  password: string;
  code?: string;
}

const EFFECTS = { offer: undefined, codes: 'codesEffect', remove: 'removeEffect' } as const;

/** The password again: somebody else can sit at a browser that was left open. */
export default function ProofDialog({ step, close, offered, made, removed }: ProofDialogProps) {
  const say = useText(secondFactorTexts);
  const run = async (body: Fields) => {
    switch (step) {
      case 'offer':
        return offered(await answer(api.POST('/v1/me/second-factor', { body })));
      case 'codes':
        return made((await answer(api.POST('/v1/me/second-factor/recovery-codes', { body }))).recoveryCodes);
      case 'remove':
        await answer(api.POST('/v1/me/second-factor/remove', { body }));
        return removed();
    }
  };
  const needed = [{ required: true, message: say('needed') }];
  const title = say(step);
  const effect = EFFECTS[step];
  return (
    <FormDialog<Fields> title={title} action={title} dangerous={step === 'remove'} run={run} close={close}>
      {effect && <p>{say(effect)}</p>}
      <Form.Item name="password" label={say('password')} rules={needed}>
        <Input.Password autoComplete="current-password" maxLength={200} />
      </Form.Item>
      {step !== 'offer' && (
        <Form.Item name="code" label={say('anyCode')} rules={needed}>
          <Input autoComplete="one-time-code" maxLength={40} />
        </Form.Item>
      )}
    </FormDialog>
  );
}
