import { Form, Input, Select } from 'antd';
import { answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { FormDialog } from '../../../parts/form-dialog';
import { useText } from '../../../text/use-text';
import { complaintTexts } from './text';

type Answer = Schemas['AbuseAnswer'];
const ACTIONS = [
  'none',
  'warned',
  'restricted',
  'suspended',
  'removed',
] as const satisfies Answer['action'][];

interface AnswerDialogProps {
  report: Schemas['AbuseReport'];
  close: () => void;
  done: () => Promise<unknown>;
}

export default function AnswerDialog({ report, close, done }: AnswerDialogProps) {
  const say = useText(complaintTexts);
  const run = async (body: Answer) => {
    await answer(api.POST('/v1/abuse-reports/{id}/answer', { params: { path: { id: report.id } }, body }));
    await done();
  };
  return (
    <FormDialog<Answer> title={say('answerIt')} action={say('answerIt')} run={run} close={close}>
      <p className="hostile">{report.accused}</p>
      {report.disclosedContent !== null && (
        <blockquote className="hostile">{report.disclosedContent}</blockquote>
      )}
      <Form.Item name="action" label={say('action')} rules={[{ required: true, message: say('needed') }]}>
        <Select options={ACTIONS.map((value) => ({ value, label: say(value) }))} />
      </Form.Item>
      <Form.Item
        name="note"
        label={say('note')}
        rules={[{ required: true, whitespace: true, message: say('needed') }]}
      >
        <Input.TextArea rows={3} maxLength={2000} showCount />
      </Form.Item>
    </FormDialog>
  );
}
