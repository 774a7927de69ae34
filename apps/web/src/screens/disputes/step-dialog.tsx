import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Form, Input, Modal, Radio } from 'antd';
import { ProblemAlert } from '../../parts/problem-alert';
import { useText } from '../../text/use-text';
import { needsHash, type Action, type DisputeDetail } from './lifecycle';
import { HASH } from './open-dispute';
import { takeStep, type StepFields } from './take-step';
import { actionTexts, disputeTexts } from './text';

interface StepDialogProps {
  dispute: DisputeDetail;
  action: Action;
  close: (isDone: boolean) => void;
}

/** One step of a side, with the text that the other side reads. */
export function StepDialog({ dispute, action, close }: StepDialogProps) {
  const say = useText(disputeTexts);
  const act = useText(actionTexts);
  const queries = useQueryClient();
  const [form] = Form.useForm<StepFields>();
  const step = useMutation({
    mutationFn: (fields: StepFields) => takeStep(dispute, action, fields),
    onSuccess: async () => {
      close(true);
      await queries.invalidateQueries({ queryKey: ['disputes'] });
    },
  });
  const sides = (['claimant', 'respondent'] as const).map((side) => ({
    value: side,
    label: `${say(side)} (${dispute[side]})`,
  }));
  return (
    <Modal
      open
      title={act(action)}
      okText={act(action)}
      cancelText={say('cancel')}
      okButtonProps={{ loading: step.isPending, danger: action === 'accept' || action === 'withdraw' }}
      onOk={() => form.submit()}
      onCancel={() => close(false)}
    >
      <Form form={form} layout="vertical" onFinish={(fields) => step.mutate(fields)}>
        {action === 'arbitrate' && (
          <Form.Item name="for" label={say('ruleFor')} rules={[{ required: true, message: say('missing') }]}>
            <Radio.Group options={sides} />
          </Form.Item>
        )}
        <Form.Item
          name="text"
          label={say('text')}
          extra={say('textHelp')}
          rules={[{ required: true, whitespace: true, message: say('missing') }]}
        >
          <Input.TextArea rows={4} maxLength={4000} showCount />
        </Form.Item>
        {needsHash(action) && (
          <Form.Item
            name="envelopeHash"
            label={say('envelopeHash')}
            rules={[{ required: true, pattern: HASH, message: say('hashRule') }]}
          >
            <Input maxLength={64} />
          </Form.Item>
        )}
      </Form>
      {step.error && <ProblemAlert error={step.error} />}
    </Modal>
  );
}
