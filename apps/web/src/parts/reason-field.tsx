import { Form, Input } from 'antd';
import { useText } from '../text/use-text';
import { partTexts } from './text';

/** The reason of a change, for the audit log: field `reason` of a form. */
export function ReasonField() {
  const say = useText(partTexts);
  return (
    <Form.Item
      name="reason"
      label={say('reason')}
      extra={say('reasonHelp')}
      rules={[{ required: true, whitespace: true, message: say('reasonMissing') }]}
    >
      <Input.TextArea rows={3} maxLength={500} showCount />
    </Form.Item>
  );
}
