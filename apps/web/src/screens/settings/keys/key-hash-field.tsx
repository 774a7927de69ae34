import { Form, Input } from 'antd';
import { useText } from '../../../text/use-text';
import { keyTexts } from './text';

/** Makes a key, shows it, and its hash. */
const COMMAND = 'key=hk_$(openssl rand -hex 32); echo $key; printf %s $key | sha256sum';

interface KeyHashFieldProps {
  label: string;
  required?: boolean;
}

/** Field `sha256` of a form: the hash of a key that its owner made. */
export function KeyHashField({ label, required = false }: KeyHashFieldProps) {
  const say = useText(keyTexts);
  return (
    <Form.Item
      name="sha256"
      label={label}
      extra={
        <>
          {say('sha256Help')} <code>{COMMAND}</code>
        </>
      }
      rules={[{ required, pattern: /^[0-9a-f]{64}$/, message: say('sha256Rule') }]}
    >
      <Input maxLength={64} autoComplete="off" spellCheck={false} />
    </Form.Item>
  );
}
