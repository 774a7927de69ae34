import { Form, Input } from 'antd';
import { useText } from '../../text/use-text';
import { peopleTexts } from './text';

/** The field `number` of a form. */
export function NumberItem() {
  const say = useText(peopleTexts);
  return (
    <Form.Item
      name="number"
      label={say('number')}
      extra={say('numberForm')}
      rules={[{ required: true, whitespace: true, message: say('numberForm') }]}
    >
      <Input inputMode="tel" maxLength={40} />
    </Form.Item>
  );
}
