import { useQueryClient } from '@tanstack/react-query';
import { Form, Radio } from 'antd';
import { FormDialog } from '../../parts/form-dialog';
import { useText } from '../../text/use-text';
import { EvidenceFields } from './evidence-fields';
import { needsHash, type Action, type DisputeDetail } from './lifecycle';
import { takeStep, type StepFields } from './take-step';
import { actionTexts, disputeTexts } from './text';

interface StepDialogProps {
  dispute: DisputeDetail;
  action: Action;
  done: () => void;
  close: () => void;
}

/** One step of a side, with the text that the other side reads. */
export function StepDialog({ dispute, action, done, close }: StepDialogProps) {
  const say = useText(disputeTexts);
  const act = useText(actionTexts);
  const queries = useQueryClient();
  const step = async (fields: StepFields) => {
    await takeStep(dispute, action, fields);
    done();
    await queries.invalidateQueries({ queryKey: ['disputes'] });
  };
  const sides = (['claimant', 'respondent'] as const).map((side) => ({
    value: side,
    label: `${say(side)} (${dispute[side]})`,
  }));
  return (
    <FormDialog<StepFields>
      title={act(action)}
      action={act(action)}
      dangerous={action === 'accept' || action === 'withdraw'}
      run={step}
      close={close}
    >
      {action === 'arbitrate' && (
        <Form.Item name="for" label={say('ruleFor')} rules={[{ required: true, message: say('missing') }]}>
          <Radio.Group options={sides} />
        </Form.Item>
      )}
      <EvidenceFields withHash={needsHash(action)} />
    </FormDialog>
  );
}
