import { Alert, Button, Flex, Modal } from 'antd';
import { useState } from 'react';
import { useText } from '../text/use-text';
import { inBackground } from './in-background';
import { partTexts } from './text';

/** A secret that no later request shows. */
export default function ShownOnce({ title, secret, close }: { title: string; secret: string; close: () => void }) {
  const say = useText(partTexts);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    setCopied(true);
  };
  return (
    <Modal
      open
      title={title}
      onCancel={close}
      maskClosable={false}
      footer={<Button onClick={close}>{say('kept')}</Button>}
    >
      <Flex vertical gap="middle">
        <Alert type="warning" showIcon title={say('shownOnce')} />
        <code className="secret">{secret}</code>
        <Flex gap="small" align="center">
          <Button onClick={() => inBackground(copy())}>{say('copy')}</Button>
          <span role="status" className="quiet">
            {copied && say('copied')}
          </span>
        </Flex>
      </Flex>
    </Modal>
  );
}
