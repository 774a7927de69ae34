import { Form, Input } from 'antd';
import { useText } from '../../text/use-text';
import { disputeTexts } from './text';

const HASH = /^[0-9a-f]{64}$/;

/** What a side says: a text, and for evidence the hash of the event, which proves its content without quoting it. */
export function EvidenceFields({ withHash }: { withHash: boolean }) {
  const say = useText(disputeTexts);
  return (
    <>
      <Form.Item
        name="text"
        label={say('text')}
        extra={say('textHelp')}
        rules={[{ required: true, whitespace: true, message: say('missing') }]}
      >
        <Input.TextArea rows={4} maxLength={4000} showCount />
      </Form.Item>
      {withHash && (
        <Form.Item
          name="envelopeHash"
          label={say('envelopeHash')}
          rules={[{ required: true, pattern: HASH, message: say('hashRule') }]}
        >
          <Input maxLength={64} />
        </Form.Item>
      )}
    </>
  );
}
