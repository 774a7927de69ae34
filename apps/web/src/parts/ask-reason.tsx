import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useText } from '../text/use-text';
import { inBackground } from './in-background';
import { ProblemAlert } from './problem-alert';
import { partTexts } from './text';

interface AskReasonProps {
  open: boolean;
  title: string;
  /** What will happen. */
  effect: string;
  action: string;
  dangerous?: boolean;
  run: (reason: string) => Promise<unknown>;
  close: () => void;
}

/** Confirmation of something that others must be able to understand later: it needs a reason. */
export default function AskReason({
  open,
  title,
  effect,
  action,
  dangerous = false,
  run,
  close,
}: AskReasonProps) {
  const say = useText(partTexts);
  const [form] = Form.useForm<{ reason: string }>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async ({ reason }: { reason: string }) => {
    setBusy(true);
    setError(undefined);
    try {
      await run(reason.trim());
      close();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open={open}
      title={title}
      okText={action}
      cancelText={say('cancel')}
      okButtonProps={{ danger: dangerous, loading: busy }}
      onOk={() => form.submit()}
      onCancel={close}
      destroyOnHidden
    >
      <p>{effect}</p>
      <Form
        form={form}
        layout="vertical"
        preserve={false}
        onFinish={(fields) => inBackground(submit(fields))}
      >
        <Form.Item
          name="reason"
          label={say('reason')}
          extra={say('reasonHelp')}
          rules={[{ required: true, whitespace: true, message: say('reasonMissing') }]}
        >
          <Input.TextArea rows={3} maxLength={500} showCount />
        </Form.Item>
      </Form>
      {error !== undefined && <ProblemAlert error={error} />}
    </Modal>
  );
}
