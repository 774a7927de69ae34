import { Form, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useText } from '../text/use-text';
import { inBackground } from './in-background';
import { ProblemAlert } from './problem-alert';
import { partTexts } from './text';

interface FormDialogProps<Fields extends object> {
  open?: boolean;
  title: string;
  /** What will happen. */
  effect?: ReactNode;
  /** Text of the button that sends the form. */
  action: string;
  dangerous?: boolean | undefined;
  initial?: Partial<Fields> | undefined;
  /** The dialog shows the problem when this rejects. */
  run: (fields: Fields) => Promise<unknown>;
  /** Called after `run`. Absent: the dialog closes. */
  done?: () => void;
  close: () => void;
  /** `Form.Item`s, named like the fields. */
  children?: ReactNode;
}

/** A dialog with fields. Load it lazily: forms are a fifth of the code. */
export function FormDialog<Fields extends object>({
  open = true,
  title,
  effect,
  action,
  dangerous = false,
  initial,
  run,
  close,
  done = close,
  children,
}: FormDialogProps<Fields>) {
  const say = useText(partTexts);
  const [form] = Form.useForm<Fields>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (fields: Fields) => {
    setBusy(true);
    setError(undefined);
    try {
      await run(fields);
      done();
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
      {effect && <p>{effect}</p>}
      <Form<Fields>
        form={form}
        layout="vertical"
        preserve={false}
        {...(initial && { initialValues: initial })}
        onFinish={(fields) => inBackground(submit(fields))}
      >
        {children}
      </Form>
      {error !== undefined && <ProblemAlert error={error} />}
    </Modal>
  );
}

/** The field `reason`, for what others must be able to understand later. */
export function ReasonItem() {
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
