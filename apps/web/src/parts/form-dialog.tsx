import { Form, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useText } from '../text/use-text';
import { inBackground } from './in-background';
import { ProblemAlert } from './problem-alert';
import { partTexts } from './text';

interface FormDialogProps<Fields extends object> {
  title: string;
  /** Text of the button that does it. */
  action: string;
  dangerous?: boolean;
  initial?: Partial<Fields>;
  /** Closes the dialog when it has succeeded, unless it returns `keep-open`. */
  run: (fields: Fields) => Promise<unknown>;
  close: () => void;
  /** Fields of the form, and words about the effect. */
  children: ReactNode;
}

/** A form in a dialog: the button waits for the answer, and a problem stays beside the fields. */
export function FormDialog<Fields extends object>(props: FormDialogProps<Fields>) {
  const { title, action, dangerous = false, initial, run, close, children } = props;
  const say = useText(partTexts);
  const [form] = Form.useForm<Fields>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (fields: Fields) => {
    setBusy(true);
    setError(undefined);
    try {
      if ((await run(fields)) !== 'keep-open') close();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={title}
      okText={action}
      cancelText={say('cancel')}
      okButtonProps={{ danger: dangerous, loading: busy }}
      onOk={() => form.submit()}
      onCancel={close}
      destroyOnHidden
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        preserve={false}
        requiredMark={false}
        {...(initial && { initialValues: initial })}
        onFinish={(fields) => inBackground(submit(fields))}
      >
        {children}
      </Form>
      {error !== undefined && <ProblemAlert error={error} />}
    </Modal>
  );
}
